// While an attribute is added: only what the chosen kind has a use for is shown.
document.addEventListener("DOMContentLoaded", () => {
  const only = { bins: ["number", "date"], unit: ["number"], ranking_first: ["ranking"] };
  const kind = document.querySelector("select[name=kind]");
  if (!kind) return;
  const show = () => {
    for (const [field, kinds] of Object.entries(only)) {
      const line = document.querySelector(`.field-line.field-${field}`);
      if (line) line.style.display = kinds.includes(kind.value) ? "" : "none";
    }
    for (const part of document.querySelectorAll("fieldset.module:has(> div .field-line)")) {
      const lines = [...part.querySelectorAll(".field-line")];
      part.style.display = lines.every((line) => line.style.display === "none") ? "none" : "";
    }
    const values = document.querySelector("#values-group");
    if (values) values.style.display = kind.value === "text" ? "none" : "";
  };
  kind.addEventListener("change", show);
  show();
});
