// The preview of a notice follows its words while they are written.
document.addEventListener("DOMContentLoaded", () => {
  const preview = document.querySelector("[data-notice-preview]");
  if (!preview) return;
  const parts = ["title", "sentence", "benefit", "details"];

  const fill = (frame) => {
    const page = frame.contentDocument;
    for (const part of parts) {
      const input = document.querySelector(`[name="notice_${part}_${frame.dataset.language}"]`);
      const place = page && page.querySelector(`[data-from="${part}"]`);
      if (!input || !place) continue;
      place.textContent = input.value;
      const whole = part === "details" ? place.closest("details") : place;
      whole.hidden = input.value.trim() === "";
    }
    if (page && page.body) frame.style.height = `${page.body.scrollHeight + 2}px`;
  };

  for (const frame of preview.querySelectorAll("iframe")) {
    frame.addEventListener("load", () => fill(frame));
    fill(frame);
  }
  document.addEventListener("input", (event) => {
    if (event.target.name?.startsWith("notice_")) preview.querySelectorAll("iframe").forEach(fill);
  });
});
