/* The outcomes' page: quotes are put where one was writing, and shares are counted anew once typing rests. */
(() => {
  "use strict";
  const PAUSE = 2500;
  const byId = (id) => document.getElementById(id);
  let waiting = 0;
  let place = null;

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt?.id !== "build-form" || event.detail.xhr.status !== 200) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => byId("outcome-shares-place") && window.htmx.trigger("#outcome-shares-place", "refresh"), PAUSE);
  });

  const makeButtons = () => {
    document.querySelectorAll("code[data-quote]").forEach((code) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.insert = button.textContent = code.textContent;
      code.replaceWith(button);
    });
  };
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("#build-form :is(textarea, input[lang])")) place = event.target;
  });
  document.addEventListener("click", (event) => {
    const quote = event.target.closest("[data-insert]");
    if (quote) {
      const field = place?.isConnected ? place : document.querySelector("#build-form textarea");
      field.setRangeText(quote.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // Taking theirs leaves one's own words behind, knowingly.
    if (event.target.closest("#build-said .build-choose a")) byId("build-said").dataset.state = "kept";
  });
  document.addEventListener("htmx:load", makeButtons);
  makeButtons();
})();
