/* Makes the pages smoother; none of them needs it. Everything is delegated from the document, so swaps change nothing. */
(() => {
  "use strict";
  const doc = document;
  const root = doc.documentElement;
  const $ = (selector, from = doc) => from.querySelector(selector);
  const on = (type, act, options) => doc.addEventListener(type, act, options);
  const say = (text) => { $("#announce").textContent = text; };
  root.classList.add("js");

  /* Whoever leaves in the middle of a page's transition ends it: that is no fault of the page. */
  addEventListener("unhandledrejection", (event) => {
    if (/transition was skipped/i.test(event.reason?.message ?? "")) event.preventDefault();
  });

  /* A single choice made by a pointer moves on after a beat. Arrow keys and screen readers' clicks never do. */
  let pressed = null;
  let beat = 0;
  on("pointerdown", (event) => {
    const virtual = !event.width && !event.height;
    pressed = virtual || event.button ? null : event.target.closest("[data-one] .choice");
    clearTimeout(beat);
  });
  on("keydown", () => { pressed = null; clearTimeout(beat); });
  on("click", (event) => {
    const input = event.target;
    if (!pressed || !input.matches("input[type=radio]") || !pressed.contains(input)) return;
    pressed = null;
    const form = input.form;
    if ($("input[name=consent]:not(:checked)", form)) return;
    beat = setTimeout(() => input.checked && form.isConnected && form.requestSubmit($(".go", form)), 250);
  });

  /* How many may be chosen. */
  const count = (form) => {
    const hint = $("#count", form);
    if (!hint || !hint.dataset.max) return;
    const boxes = [...form.querySelectorAll("input[name=answer]")];
    const full = boxes.filter((box) => box.checked).length >= hint.dataset.max;
    hint.dataset.said ??= hint.textContent;
    if (full && !hint.classList.contains("is-full")) say(hint.dataset.full);
    hint.textContent = full ? hint.dataset.full : hint.dataset.said;
    hint.classList.toggle("is-full", full);
    for (const box of boxes) {
      box.disabled = full && !box.checked;
      box.closest(".choice").classList.toggle("is-full", box.disabled);
    }
  };
  on("change", (event) => event.target.form && count(event.target.form));

  /* Sliders say their value and fill up to it. */
  const slide = (range) => {
    const { min, max, value } = range;
    range.style.setProperty("--at", ((value - min) / (max - min)) * 100);
    $("[data-output]", range.parentNode).textContent = Number(value).toLocaleString(root.lang);
  };
  on("input", (event) => event.target.type === "range" && slide(event.target));

  /* Ranking: arrows reorder in place, the grip drags; the hidden fields travel with their items. */
  const tell = (item) => {
    const list = item.parentNode;
    const place = [...list.children].indexOf(item) + 1;
    say(list.dataset.moved.replace("%(label)s", $("span", item).textContent).replace("%(place)s", place));
  };
  on("click", (event) => {
    const button = event.target.closest("button[name=move]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li");
    const up = button.value.startsWith("up:");
    if (up && item.previousElementSibling) item.previousElementSibling.before(item);
    if (!up && item.nextElementSibling) item.nextElementSibling.after(item);
    if (getComputedStyle(button).visibility === "hidden") $(`button[value^=${up ? "down" : "up"}]`, item).focus();
    else button.focus();
    tell(item);
  });
  let held = null;
  on("pointerdown", (event) => {
    const item = event.target.closest(".ranking .grip") && event.target.closest("li");
    if (!item || event.button) return;
    event.preventDefault();
    held = { item, from: event.clientY };
    item.classList.add("is-held");
    item.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    if (!held) return;
    const { item } = held;
    const middle = (other) => other.offsetTop + other.offsetHeight / 2;
    const at = middle(item) + event.clientY - held.from;
    const top = item.offsetTop;
    const before = item.previousElementSibling;
    const after = item.nextElementSibling;
    if (before && at < middle(before)) before.before(item);
    else if (after && at > middle(after)) after.after(item);
    held.from += item.offsetTop - top;
    item.style.translate = `0 ${event.clientY - held.from}px`;
  });
  const drop = () => {
    if (!held) return;
    held.item.style.translate = "";
    held.item.classList.remove("is-held");
    tell(held.item);
    held = null;
  };
  on("pointerup", drop);
  on("pointercancel", drop);

  /* No form goes twice; it is free again when the answer is here, or the page is shown again. */
  on("submit", (event) => {
    const form = event.target;
    clearTimeout(beat);
    if (form.dataset.busy) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const here = $("[data-here]", form);
    if (here) here.value = location.pathname + location.search;
    const zone = $("[data-zone]", form); // where they are, at the moment when they choose mail
    if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    form.dataset.busy = "1";
    setTimeout(() => delete form.dataset.busy, 8000);
  }, true);
  on("htmx:afterRequest", (event) => delete event.detail.elt.dataset.busy);
  addEventListener("pageshow", () => doc.querySelectorAll("form[data-busy]").forEach((form) => delete form.dataset.busy));

  /* A refusal with words (404, 409, 413 …) is a page like any other. */
  on("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (xhr.status >= 400 && xhr.status < 500 && target.id === "main") {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  /* Offline or a failing server: say so, keep everything, try again the same way. */
  let last = null;
  const failed = (event) => {
    const { elt } = event.detail;
    if (elt.matches(".panel")) return;
    last = { elt, by: event.detail.requestConfig?.triggeringEvent?.submitter };
    const box = $("#offline");
    $("p", box).textContent = navigator.onLine && event.type !== "htmx:sendError" ? box.dataset.busy : box.dataset.offline;
    box.hidden = false;
  };
  const retry = () => {
    $("#offline").hidden = true;
    if (!last || !last.elt.isConnected) return;
    if (last.elt.matches("form")) last.elt.requestSubmit(last.by?.isConnected ? last.by : null);
    else last.elt.click();
  };
  for (const type of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) on(type, failed);
  on("click", (event) => event.target.closest("#offline button") && retry());
  addEventListener("online", () => $("#offline").hidden || retry());

  /* Undo, while it can be undone: next after what was pressed, for whoever goes by Tab, and gone when it is too late. */
  let running = 0;
  const undo = (notice) => {
    const form = doc.activeElement?.closest("#main form");
    if (form && form !== doc.body && !notice.contains(form)) form.after(notice);
    clearTimeout(running);
    running = setTimeout(() => {
      if (notice.contains(doc.activeElement)) ($("button", notice.previousElementSibling ?? doc) ?? $("h1")).focus();
      notice.remove();
    }, notice.dataset.seconds * 1000);
  };

  /* The picture of where everything goes: what one points at shows its ways. */
  const light = (event) => {
    const flow = event.target.closest?.(".flow");
    if (!flow) return;
    const node = event.target.closest("[data-node]")?.dataset.node;
    const from = event.type === "pointerout" || event.type === "focusout" ? null : node;
    flow.classList.toggle("is-lit", Boolean(from));
    for (const way of flow.querySelectorAll("[data-from]")) {
      way.classList.toggle("is-lit", Boolean(from) && (way.dataset.from === from || way.dataset.to === from));
    }
  };
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"]) on(type, light);

  /* After each swap: focus the problem or the heading, unless the focused control is still there; read out the title. */
  const arrive = () => {
    doc.querySelectorAll("input[type=range]").forEach(slide);
    doc.querySelectorAll("form.ask").forEach(count);
  };
  const settled = (swapped) => {
    $("#offline").hidden = true;
    if (swapped && swapped.id !== "main") {
      const news = $("[data-announce]");
      if (news) say(news.dataset.announce);
      return;
    }
    arrive();
    const notice = $("[data-flash]");
    const flash = notice && $("p", notice);
    if (flash) say(`${flash.textContent} ${notice.dataset.said ?? ""}`.trim());
    if (notice?.dataset.seconds) undo(notice);
    const main = $("#main");
    if (main.contains(doc.activeElement) && doc.activeElement !== main) return;
    const heading = $("#problem") || $("h1", main);
    if (heading) heading.focus({ preventScroll: heading.id !== "problem" });
    if (!flash) say(doc.title);
  };

  /* A quiz's own look comes and goes with its pages: a swap brings the name of the stylesheet it is to be seen in. */
  const dress = () => {
    const wanted = $("#main [data-look]")?.dataset.look;
    const worn = $("#look");
    if ((worn?.getAttribute("href") ?? undefined) === wanted) return;
    if (!wanted) { worn.remove(); return; }
    const link = Object.assign(doc.createElement("link"), { rel: "stylesheet", href: wanted, id: "look" });
    if (worn) worn.replaceWith(link);
    else doc.head.append(link);
  };
  for (const type of ["htmx:afterSwap", "htmx:historyRestore"]) on(type, dress);

  let settling = 0;
  on("htmx:afterSettle", (event) => {
    clearTimeout(settling); // one event per swapped-in element
    settling = setTimeout(settled, 0, event.detail.target);
  });
  arrive();
  const waiting = $("[data-flash][data-seconds]");
  if (waiting) undo(waiting);
})();
