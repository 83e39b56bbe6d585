/* Each text is a form that htmx saves; this keeps count of those that are not saved yet, so that no word is lost,
   and leads from one missing text to the next. */
(() => {
  "use strict";
  const said = () => document.getElementById("build-said");
  const lineOf = (element) => element?.closest?.(".texts-line");
  const all = (selector) => [...document.querySelectorAll(selector)];
  document.documentElement.classList.add("has-js");

  // What the page says is the worst that any of its texts has to say.
  const summarise = () => {
    const here = said();
    const has = (state) => document.querySelector(`.texts-line[data-state="${state}"]`);
    const show = (state, words) => {
      here.dataset.state = state;
      if (!words) return;
      const line = document.createElement("p");
      line.textContent = words;
      here.replaceChildren(line);
    };
    if (has("failed")) show("failed", here.dataset.failed);
    else if (has("saving")) show("saving", here.dataset.saving);
    else if (has("typing")) show("typing");
    else if (has("conflict") || has("refused")) {
      const isOfIt = ["conflict", "refused"].includes(here.dataset.state);
      show(has("conflict") ? "conflict" : "refused", isOfIt ? "" : here.dataset.waiting);
    }
  };
  const mark = (line, state) => {
    if (state) line.dataset.state = state;
    line.toggleAttribute("data-missing", !line.elements.text.value.trim());
    summarise();
  };

  document.addEventListener("input", (event) => {
    const line = lineOf(event.target);
    if (line) mark(line, "typing");
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const line = lineOf(event.detail.elt);
    if (!line) return;
    line.dataset.sent = line.elements.text.value;
    mark(line, "saving");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const line = lineOf(event.detail.elt);
    if (!line) return;
    const { xhr } = event.detail;
    const state = { 200: "kept", 409: "conflict", 422: "refused" }[xhr?.status] || "failed";
    const isOlder = state === "kept" && line.elements.text.value !== line.dataset.sent; // written on meanwhile
    mark(line, isOlder && line.isConnected ? "typing" : state);
  });
  document.addEventListener("htmx:afterSettle", summarise);

  // What could not be sent goes again when the net is back, or with whatever is saved next.
  const again = () => all('.texts-line[data-state="failed"]').forEach((line) => line.requestSubmit());
  window.addEventListener("online", again);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (lineOf(event.detail.elt) && event.detail.xhr?.status === 200) again();
  });

  const go = (from) => {
    const lines = all(".texts-line");
    const start = from ? lines.indexOf(from) + 1 : 0;
    const next = [...lines.slice(start), ...lines.slice(0, start)].find((line) => line !== from && line.hasAttribute("data-missing"));
    if (!next) return false;
    next.elements.text.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
    return true;
  };
  document.addEventListener("keydown", (event) => {
    const line = lineOf(event.target);
    if (event.key !== "Enter" || event.isComposing || !line || event.target.name !== "text") return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      if (!go(line)) line.requestSubmit();
    } else if (!("long" in event.target.dataset)) {
      event.preventDefault(); // a text of one line
      line.requestSubmit();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-next]") && go(lineOf(document.activeElement))) event.preventDefault();
  });
  document.addEventListener("change", (event) => event.target.closest(".texts-desk") && event.target.form.requestSubmit());

  // Where the browser does not let a text grow by itself.
  if (!CSS.supports("field-sizing", "content")) {
    const grow = (area) => {
      area.style.blockSize = "auto";
      area.style.blockSize = `${area.scrollHeight + 2}px`;
    };
    document.addEventListener("input", (event) => event.target.matches(".texts-words textarea") && grow(event.target));
    all(".texts-words textarea").forEach(grow);
  }
})();
