/* Pictures in the builder's forms: chosen, dropped, pasted, picked from the library, removed. The form itself is saved as
   always, because the hidden field changes. Everything is delegated, so swapped forms need nothing. */
(() => {
  "use strict";
  document.documentElement.classList.add("pictures-by-script");
  const MOST = 10_000_000;
  const boxOf = (event) => event.target.closest?.("[data-picture]");
  const part = (box, name) => box.querySelector(`[data-${name}]`);
  const pathOf = (box) => box.querySelector("input[type=hidden]");
  const wordsOf = (box) => {
    const name = CSS.escape(box.dataset.words);
    return [...(box.closest("form") ?? document).querySelectorAll(`[name^="${name}_"], [name="${name}"]`)];
  };

  const say = (box, words, isWrong = false) => {
    const said = part(box, "said");
    said.textContent = words;
    said.classList.toggle("is-wrong", isWrong);
  };

  const settle = (box) => {
    const isThere = Boolean(pathOf(box).value);
    const isWordless = isThere && wordsOf(box).every((field) => !field.value.trim());
    part(box, "wordless").hidden = !isWordless;
    part(box, "remove").hidden = !isThere;
    for (const field of wordsOf(box)) field.toggleAttribute("aria-required", isThere);
  };

  const show = (box, path, url) => {
    const field = pathOf(box);
    const image = part(box, "shown");
    if (url) image.src = url;
    image.hidden = !url;
    part(box, "none").hidden = Boolean(url);
    field.value = path;
    settle(box);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const here = (id) => document.getElementById(id)?.closest("[data-picture]");
  const send = (box, file) => {
    if (file.size > MOST) return say(box, box.dataset.large, true);
    const id = pathOf(box).id;
    const form = new FormData();
    form.append("picture", file, "picture");
    form.append("place", box.dataset.place);
    form.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const request = new XMLHttpRequest();
    request.open("POST", box.dataset.upload);
    request.responseType = "json";
    const progress = (value) => {
      const bar = here(id) && part(here(id), "progress");
      if (bar) [bar.hidden, bar.value] = [value === null, value ?? 0];
    };
    request.upload.onprogress = (event) => progress(event.lengthComputable ? (100 * event.loaded) / event.total : 0);
    request.onloadend = () => {
      const now = here(id); // the form may have been drawn anew meanwhile
      if (!now) return;
      progress(null);
      now.removeAttribute("aria-busy");
      if (request.status !== 201) return say(now, request.response?.error ?? now.dataset.failed, true);
      show(now, request.response.path, request.response.url);
      say(now, now.dataset.taken);
      if (!part(now, "wordless").hidden) wordsOf(now)[0]?.focus();
    };
    box.setAttribute("aria-busy", "true");
    say(box, box.dataset.sending);
    progress(0);
    request.send(form);
  };

  const shelve = async (box) => {
    const shelf = part(box, "shelf");
    const button = part(box, "open");
    shelf.hidden = !shelf.hidden;
    button.setAttribute("aria-expanded", String(!shelf.hidden));
    if (shelf.hidden) return;
    try {
      const answer = await fetch(box.dataset.library);
      if (!answer.ok) throw new Error(answer.status);
      shelf.innerHTML = await answer.text();
      shelf.querySelector("button")?.focus();
    } catch {
      shelf.hidden = true;
      say(box, box.dataset.failed, true);
    }
  };

  const picked = (box, button) => {
    const fields = wordsOf(box);
    if (fields.every((field) => !field.value.trim())) {
      for (const field of fields) field.value = button.dataset[`words${field.lang ? `-${field.lang}` : ""}`.replace(/-(.)/g, (_all, letter) => letter.toUpperCase())] ?? "";
    }
    part(box, "shelf").hidden = true;
    part(box, "open").setAttribute("aria-expanded", "false");
    show(box, button.dataset.path, button.dataset.url);
    say(box, box.dataset.taken);
    if (part(box, "wordless").hidden) part(box, "choose").focus();
    else fields[0]?.focus();
  };

  document.addEventListener("click", (event) => {
    const box = boxOf(event);
    const button = event.target.closest?.("button");
    if (!box || !button) return;
    if (button.matches("[data-choose]")) part(box, "file").click();
    else if (button.matches("[data-open]")) shelve(box);
    else if (button.matches("[data-path]")) picked(box, button);
    else if (button.matches("[data-remove]")) {
      show(box, "", "");
      say(box, box.dataset.removed);
      part(box, "choose").focus();
    }
  });

  // The file's own change is no change of the form: it is saved when the picture is there.
  const chosen = (event) => {
    if (!event.target.matches?.("[data-file]")) return;
    event.stopPropagation();
    const [file] = event.target.files;
    if (event.type === "change" && file) send(boxOf(event), file);
    if (event.type === "change") event.target.value = "";
  };
  document.addEventListener("change", chosen, true);
  document.addEventListener("input", chosen, true);

  const fileIn = (data) => [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"));
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    const box = boxOf(event);
    document.querySelectorAll(".picture.is-over").forEach((each) => each.classList.toggle("is-over", each === box));
    if (!box || !isFile(event)) return;
    event.preventDefault();
    box.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || document.querySelector(".picture.is-over")?.classList.remove("is-over"));
  document.addEventListener("drop", (event) => {
    const box = boxOf(event);
    if (!box || !isFile(event)) return;
    event.preventDefault();
    box.classList.remove("is-over");
    const [file] = event.dataTransfer.files;
    if (file) send(box, file);
  });
  document.addEventListener("paste", (event) => {
    const file = fileIn(event.clipboardData);
    const near = boxOf(event) ?? event.target.closest?.("li, fieldset")?.querySelector("[data-picture]");
    const all = document.querySelectorAll("[data-picture]");
    const box = near ?? (all.length === 1 ? all[0] : null);
    if (!file || !box) return;
    event.preventDefault();
    send(box, file);
  });

  const settleAll = () => document.querySelectorAll("[data-picture]").forEach(settle);
  document.addEventListener("input", (event) => event.target.closest?.("form")?.querySelectorAll("[data-picture]").forEach(settle));
  document.addEventListener("htmx:afterSettle", settleAll);
  document.addEventListener("DOMContentLoaded", settleAll);
  if (document.readyState !== "loading") settleAll();
})();
