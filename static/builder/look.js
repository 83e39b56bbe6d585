/* The look while it is chosen: both phones wear it at once, saved or not, one by day and one by night. */
(() => {
  "use strict";
  const form = document.getElementById("build-form");
  const phones = [...document.querySelectorAll("iframe[data-scheme]")];
  const field = (name) => form.elements[name];
  const COLOUR = /^#?([0-9a-f]{6})$/i;

  const hexOf = (name) => COLOUR.exec(field(name).value.trim())?.[1].toLowerCase() ?? (field(name).value.trim() ? null : "0");
  const sheetUrl = () => {
    const parts = [hexOf("accent"), hexOf("ground"), field("corners").value || "0", field("letters").value || "0"];
    if (parts.includes(null)) return null;
    return form.dataset.sheet.replace("NAME", parts.join("-"));
  };

  // Whatever this screen prefers, one phone is light and one dark.
  const settle = (phone, sheets) => {
    for (const sheet of sheets) {
      for (const rule of sheet.cssRules) {
        if (rule.styleSheet) settle(phone, [rule.styleSheet]);
        else if (/prefers-color-scheme|^all$|^not all$/.test(rule.media?.mediaText ?? "")) {
          rule.media.mediaText = phone.dataset.scheme === "dark" ? "all" : "not all";
        }
      }
    }
  };
  const dress = (phone) => {
    const page = phone.contentDocument;
    const url = sheetUrl();
    if (!page?.head || !url) return;
    const worn = page.getElementById("look");
    if (worn?.getAttribute("href")?.split("?")[0] === url) return;
    const link = Object.assign(page.createElement("link"), { rel: "stylesheet", href: url, id: "look" });
    link.addEventListener("load", () => {
      settle(phone, [link.sheet]);
      worn?.remove();
    });
    worn?.removeAttribute("id");
    page.head.append(link);
  };
  const start = (phone) => {
    const page = phone.contentDocument;
    if (!page || page.readyState !== "complete" || !page.styleSheets.length) return;
    if (phone.dataset.scheme === "light") page.documentElement.style.colorScheme = "only light";
    else page.documentElement.style.colorScheme = "dark";
    settle(phone, page.styleSheets);
    dress(phone);
  };
  for (const phone of phones) {
    phone.addEventListener("load", () => start(phone));
    start(phone);
  }

  const choose = (values) => {
    for (const [name, value] of Object.entries(values)) {
      if (form.elements[name] instanceof RadioNodeList) {
        for (const radio of form.elements[name]) radio.checked = radio.value === value;
      } else form.elements[name].value = value;
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
    follow();
  };
  const follow = () => {
    for (const picker of form.querySelectorAll("[data-picks]")) {
      const hex = hexOf(picker.dataset.picks);
      if (hex && hex !== "0") picker.value = `#${hex}`;
    }
    phones.forEach(dress);
  };

  form.addEventListener("input", (event) => {
    const picks = event.target.dataset.picks;
    if (picks) field(picks).value = event.target.value;
    follow();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { field: name, colour, accent, ground, corners, letters } = button.dataset;
    if (name) choose({ [name]: colour });
    else if (accent !== undefined) choose({ accent, ground, corners, letters });
    else return;
    event.preventDefault();
    if (name) field(name).focus();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-show]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    for (const each of document.querySelectorAll("[data-show]")) each.toggleAttribute("aria-current", false);
    link.setAttribute("aria-current", "true");
    document.getElementById("look-show").value = link.dataset.show;
    for (const phone of phones) phone.src = link.dataset.url;
  });
})();
