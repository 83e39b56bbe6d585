/* The map: zooms without loading the page again, and opens at the question one comes from. Without this file the
   buttons ask for the page anew. */
(() => {
  "use strict";
  const box = document.getElementById("map-box");
  const form = document.querySelector(".map-zoom");

  const showCurrent = () => {
    const current = document.getElementById("map-current");
    if (!current) return;
    const place = current.getBoundingClientRect();
    box.scrollTop += place.top - box.getBoundingClientRect().top - (box.clientHeight - place.height) / 2;
  };

  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (!pressed) return;
    event.preventDefault();
    box.classList.toggle("is-fit", pressed.value === "fit");
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button === pressed)));
    const url = new URL(location.href);
    url.searchParams.set("zoom", pressed.value);
    history.replaceState(history.state, "", url);
    showCurrent();
  });
  showCurrent();
})();
