// While an attribute is added: only what the chosen kind has a use for is shown.
(() => {
  const only = { bins: ["number", "date"], unit: ["number"], ranking_first: ["ranking"] };
  const show = (kind) => {
    for (const [field, kinds] of Object.entries(only)) {
      const row = document.querySelector(`.field-${field}`);
      if (row) row.hidden = Boolean(kind) && !kinds.includes(kind);
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    const kind = document.querySelector("select[name=kind]");
    if (!kind) return;
    kind.addEventListener("change", () => show(kind.value));
    show(kind.value);
  });
})();
