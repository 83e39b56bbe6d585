/* Copies the quiz's address. Without this file the address is there to select. */
(() => {
  "use strict";
  const button = document.getElementById("publish-copy");
  const link = document.getElementById("publish-link");
  if (!button || !link || !navigator.clipboard) return;
  button.hidden = false;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.href);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
})();
