// The brand's looks while they are chosen: the customers' own stylesheets in two frames, and the contrast that results.
document.addEventListener("DOMContentLoaded", () => {
  const preview = document.querySelector("[data-brand-preview]");
  if (!preview) return;
  const words = document.querySelector("[data-words]").dataset;
  const input = (name) => document.querySelector(`[name="${name}"]`);
  const properties = {
    hue: ["--brand-hue", ""],
    chroma: ["--brand-chroma", ""],
    radius_px: ["--brand-radius", "px"],
    font_display: ["--brand-font-display", ""],
    font_text: ["--brand-font-text", ""],
  };
  const pairs = [["--ink", "--paper"], ["--ink-soft", "--paper"], ["--link", "--paper"], ["--on-accent", "--accent"]];
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
    willReadFrequently: true,
  });

  const luminance = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (page, [front, back]) => {
    const probe = page.body.appendChild(page.createElement("i"));
    const shades = [front, back].map((name) => {
      probe.style.color = `var(${name})`;
      return luminance(page.defaultView.getComputedStyle(probe).color);
    });
    probe.remove();
    return (Math.max(...shades) + 0.05) / (Math.min(...shades) + 0.05);
  };

  const show = (frame) => {
    const page = frame.contentDocument;
    if (!page || !page.body) return;
    for (const [name, [property, unit]] of Object.entries(properties)) {
      const value = input(name)?.value;
      if (value) page.documentElement.style.setProperty(property, value + unit);
    }
    const weakest = Math.min(...pairs.map((pair) => contrast(page, pair)));
    const line = frame.closest("figure").querySelector("[data-contrast]");
    const good = weakest >= 4.5;
    line.textContent = `${good ? words.good : words.bad} ${weakest.toFixed(1)}${good ? "." : `; ${words.needs}.`}`;
    line.classList.toggle("is-bad", !good);
    frame.style.height = `${page.body.scrollHeight + 2}px`;
  };
  // Whatever this screen prefers, one frame is light and one dark.
  const settle = (frame, sheets) => {
    for (const sheet of sheets) {
      for (const rule of sheet.cssRules) {
        if (rule.styleSheet) settle(frame, [rule.styleSheet]);
        else if (rule.media?.mediaText.includes("prefers-color-scheme")) {
          rule.media.mediaText = rule.media.mediaText.includes(frame.dataset.scheme) ? "all" : "not all";
        }
      }
    }
  };
  const start = (frame) => {
    const page = frame.contentDocument;
    if (!page || page.readyState !== "complete" || !page.styleSheets.length) return;
    page.documentElement.style.colorScheme = frame.dataset.scheme;
    settle(frame, page.styleSheets);
    show(frame);
  };
  const frames = [...preview.querySelectorAll("iframe")];
  for (const frame of frames) {
    frame.addEventListener("load", () => start(frame));
    start(frame);
  }

  // A slider beside each number; the number stays, for those who know it.
  for (const [name, most, step] of [["hue", 360, 1], ["chroma", 0.2, 0.005]]) {
    const number = input(name);
    if (!number) continue;
    const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: most, step });
    slider.className = `proffer-slider ${name}`;
    slider.setAttribute("aria-label", document.querySelector(`label[for="${number.id}"]`)?.textContent.trim() || name);
    slider.value = number.value;
    slider.addEventListener("input", () => {
      number.value = slider.value;
      number.dispatchEvent(new Event("input", { bubbles: true }));
    });
    number.addEventListener("input", () => (slider.value = number.value));
    number.after(slider);
  }
  document.addEventListener("input", (event) => {
    if (event.target.name in properties) frames.forEach(show);
  });
});
