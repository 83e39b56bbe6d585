/* Personas: finds answers by a few letters, and keeps what was not said out of the request. The rest is a form and htmx. */
(() => {
  "use strict";
  const filter = document.getElementById("persona-filter");
  const none = document.getElementById("persona-none");
  if (!filter) return;
  filter.closest("[hidden]").hidden = false;

  const sift = () => {
    const wanted = filter.value.trim().toLocaleLowerCase();
    let found = 0;
    for (const heading of document.querySelectorAll(".persona-heading")) {
      const isAll = heading.querySelector("h3").textContent.toLocaleLowerCase().includes(wanted);
      let here = 0;
      for (const asked of heading.querySelectorAll("fieldset")) {
        asked.hidden = !isAll && !asked.textContent.toLocaleLowerCase().includes(wanted);
        if (!asked.hidden) here += 1;
      }
      heading.hidden = !here;
      found += here;
    }
    none.textContent = found ? "" : none.dataset.words;
  };
  filter.addEventListener("input", sift);
  // It is no part of the persona: neither Enter nor a change of it asks for anything.
  filter.addEventListener("change", (event) => event.stopPropagation());
  filter.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Escape") { filter.value = ""; sift(); }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id !== "persona-form") return;
    const sent = event.detail.formData;
    for (const name of new Set(sent.keys())) {
      const kept = sent.getAll(name).filter((value) => value !== "");
      sent.delete(name);
      kept.forEach((value) => sent.append(name, value));
    }
  });
})();
