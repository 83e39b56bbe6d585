/* The builder: says whether the last change is saved, refreshes the preview, and lets questions be dragged.
   Everything else is forms and htmx; without this file, buttons save and arrows move. */
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  let leaving = false;
  // The admin would look for a text field beside a chosen file, to write its name into; ours shows it itself.
  for (const field of document.querySelectorAll("input[type=file]")) field.hasChangeListener = true;

  const say = (state, words) => {
    const said = byId("build-said");
    if (!said) return;
    said.dataset.state = state;
    if (words) {
      const line = document.createElement("p");
      line.textContent = words;
      said.replaceChildren(line);
    }
  };

  const isSaving = (event) => event.detail.elt?.id === "build-form";

  document.addEventListener("input", (event) => {
    if (event.target.closest("#build-form")) say("typing");
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isSaving(event)) return;
    // Leaving a field to choose between two texts is no third attempt to save: it would take the choice away.
    const isChoosing = byId("build-said").dataset.state === "conflict";
    if (isChoosing && event.detail.requestConfig.triggeringEvent?.type === "change") event.preventDefault();
    else say("saving", byId("build-said").dataset.saving);
  });

  // Refusals and conflicts are answers too: they say what is to be done.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (![409, 422].includes(event.detail.xhr.status)) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  const failed = (event) => {
    if (isSaving(event) && ![409, 422].includes(event.detail.xhr?.status)) say("failed", byId("build-said").dataset.failed);
  };
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);

  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll("#build-form [aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    document.querySelectorAll("#build-said [data-wrong]").forEach((link) => {
      const field = byId(link.dataset.wrong);
      field?.setAttribute("aria-invalid", "true");
      field?.closest("details")?.setAttribute("open", "");
    });
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const frame = byId("build-preview");
    if (isSaving(event) && event.detail.xhr.status === 200 && frame) frame.contentWindow.location.reload();
  });

  // The list stays where it is; the question being edited is in view, and moves with Alt and an arrow.
  const showSelected = () => document.querySelector(".build-line.is-selected")?.scrollIntoView({ block: "nearest" });
  showSelected();
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "build-work") showSelected();
  });
  document.addEventListener("keydown", (event) => {
    const line = event.target.closest?.(".build-line");
    if (!line || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const button = line.querySelector(`[name=to][value=${event.key === "ArrowUp" ? "up" : "down"}]`);
    if (button.disabled) return;
    const form = button.form;
    const values = { ...Object.fromEntries(new FormData(form)), to: button.value };
    window.htmx.ajax("POST", form.action, { source: form, values }).then(() => byId(`build-open-${line.dataset.question}`)?.focus());
  });

  // The phone shows the question or the whole quiz, in one language or another; the link that chose it is marked.
  document.addEventListener("click", (event) => {
    const way = event.target.closest(".build-tongues a");
    way?.parentElement.querySelectorAll("a").forEach((each) => each.toggleAttribute("aria-current", false));
    way?.setAttribute("aria-current", "true");
  });

  // What is pressed in the list while something is being saved waits for that, so until then its list stays.
  let pressed = null;
  const notePress = (event) => {
    pressed = event.target.closest?.("#build-list :is(a, button)") ?? null;
  };
  document.addEventListener("pointerdown", notePress, true);
  document.addEventListener("click", notePress, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt?.closest?.("#build-list")) pressed = null;
  });
  // A name made from a title is not written over one that is being typed.
  const isTyped = (part) => [...part.querySelectorAll("input")].some((field) => field.value !== field.defaultValue);
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const part = event.detail.target;
    if (part.matches("#build-list, #outcome-list") && pressed?.isConnected) event.detail.shouldSwap = false;
    if (part.matches(".build-named, #outcome-key") && isTyped(part)) event.detail.shouldSwap = false;
  });

  // What is typed while the form is being drawn anew stays, where the same field is there again.
  let typed = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "build-work") return;
    const { elt, parameters } = event.detail.requestConfig;
    const sent = elt.id === "build-form" ? parameters : null;
    const fields = sent ? [...byId("build-form").querySelectorAll("textarea[id], input[id]:is([type=text], [type=number])")] : [];
    typed = fields.map((field) => ({ id: field.id, sent: sent[field.name], value: field.value })).filter((each) => each.value !== each.sent);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "build-work") return;
    for (const { id, sent, value } of typed.splice(0)) {
      const field = byId(id);
      if (field?.value !== sent) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  // Whoever adds something goes on writing in it; Enter leads from choice to choice, and to a new one from the last.
  const ADDERS = ["build-add", "build-choice-add", "build-row-add", "outcome-step-add"];
  const writeIn = (part, lang) => part?.querySelector(lang ? `[lang="${lang}"]` : ":is(input, textarea)[lang]")?.focus();
  let adder = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("form")) adder = event.detail.requestConfig.triggeringEvent?.submitter?.id ?? "";
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "build-work" || !ADDERS.includes(adder)) return;
    const parts = byId(adder)?.closest("fieldset")?.querySelectorAll(".build-choice");
    writeIn(parts ? [...parts].at(-1) : byId("build-form"));
    adder = "";
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !field.matches?.(".build-choice-main input[lang]")) return;
    const choice = field.closest(".build-choice");
    const more = choice.closest("fieldset.build-choices").querySelector(".build-more > [value$=add]");
    if (choice.nextElementSibling) writeIn(choice.nextElementSibling, field.lang);
    else if (field.value && more) more.click();
    else return;
    event.preventDefault();
  });

  // What the check found is put away by a click elsewhere or by Escape.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#build-findings")) byId("build-findings")?.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    const found = event.key === "Escape" && byId("build-findings");
    if (!found || !found.open) return;
    found.open = false;
    byId("build-verdict").focus();
  });

  // Whoever leaves a change that could not be saved is told; nobody else is held up.
  const isUnsaved = () => ["failed", "refused", "conflict", "typing"].includes(byId("build-said")?.dataset.state);
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.target.closest("#build-list a") || !["failed", "refused", "conflict"].includes(byId("build-said")?.dataset.state)) return;
    event.preventDefault();
    if (window.confirm(byId("build-work").dataset.leaving)) event.detail.issueRequest(true);
  });
  document.addEventListener("click", (event) => {
    leaving = Boolean(event.target.closest("#build-said a[href*='?question'], #build-others a"));
  });
  window.addEventListener("beforeunload", (event) => {
    if (isUnsaved() && !leaving) event.preventDefault();
  });

  // Dragging asks the same form as the arrows, only with the question it is to stand before.
  let dragged = null;
  const lineOf = (event) => event.target.closest?.(".build-line");
  document.addEventListener("dragstart", (event) => {
    dragged = lineOf(event);
    if (dragged) {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.question);
      dragged.classList.add("is-dragged");
    }
  });
  document.addEventListener("dragover", (event) => {
    const over = lineOf(event);
    if (!dragged || !over) return;
    event.preventDefault();
    document.querySelectorAll(".build-line.is-over").forEach((line) => line.classList.remove("is-over", "is-after"));
    const box = over.getBoundingClientRect();
    over.classList.add("is-over");
    over.classList.toggle("is-after", event.clientY > box.top + box.height / 2);
  });
  document.addEventListener("drop", (event) => {
    const over = lineOf(event);
    if (!dragged || !over) return;
    event.preventDefault();
    const before = over.classList.contains("is-after") ? over.nextElementSibling : over;
    if (before === dragged || before === dragged.nextElementSibling) return;
    const form = dragged.querySelector("form");
    const values = Object.fromEntries(new FormData(form));
    values.to = before ? before.dataset.question : "end";
    window.htmx.ajax("POST", form.action, { source: form, values });
  });
  document.addEventListener("dragend", () => {
    document.querySelectorAll(".build-line").forEach((line) => line.classList.remove("is-dragged", "is-over", "is-after"));
    dragged = null;
  });
})();
