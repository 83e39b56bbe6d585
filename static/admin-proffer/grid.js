/* A table of numbers as a spreadsheet: arrows and Enter move, cells are pasted, and only what changed is sent.
   Without this file, every group of rows has a button that saves its cells. */
(() => {
  "use strict";
  const table = document.querySelector(".grid-table");
  if (!table) return;
  const form = document.getElementById("build-form");
  const paste = document.getElementById("grid-paste");
  const undo = document.getElementById("grid-undo");
  const rows = [...table.querySelectorAll("tbody tr:not(.grid-group)")].map((row) => [...row.querySelectorAll("input")]);
  const inputs = rows.flat();
  const placeOf = new Map(rows.flatMap((row, y) => row.map((input, x) => [input, [y, x]])));
  const NUMBER = /^(?:[+-]?\d+(?:[.,]\d+)?|[+-]?[.,]\d+)?$/;
  const MOST = Number(paste.dataset.most);
  let pasted = null;

  const numberOf = (text) => {
    const plain = text.trim().replace("\u2212", "-");
    return NUMBER.test(plain) ? Number(plain.replace(",", ".")) : NaN;
  };
  const tint = (input) => {
    const number = numberOf(input.value);
    const strength = 1 + (Math.abs(number) > 3) + (Math.abs(number) > 6);
    input.dataset.tint = number ? (number > 0 ? "+" : "-") + strength : "";
  };
  const nameOf = (input) => input.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent.trim()).join(" → ");

  // Moving about
  const go = (input, down, right) => {
    const [y, x] = placeOf.get(input);
    const next = rows[y + down]?.[x + right];
    next?.focus();
    next?.scrollIntoView({ block: "nearest", inline: "nearest" });
    return Boolean(next);
  };
  const isAtEdge = (input, right) => {
    const isAll = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const edge = right > 0 ? input.value.length : 0;
    return isAll || (input.selectionStart === edge && input.selectionEnd === edge);
  };
  const towardsEnd = getComputedStyle(table).direction === "rtl" ? -1 : 1;
  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -towardsEnd], ArrowRight: [0, towardsEnd] };
  table.addEventListener("focusin", (event) => placeOf.has(event.target) && event.target.select());
  table.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!placeOf.has(input) || event.altKey || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey && pasted) {
      event.preventDefault();
      unpaste();
    } else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === "Enter") {
      event.preventDefault();
      if (!go(input, event.shiftKey ? -1 : 1, 0)) input.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (event.key === "Escape") {
      input.value = input.defaultValue;
      input.select();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (MOVES[event.key] && !event.shiftKey) {
      const [down, right] = MOVES[event.key];
      if (!down && !isAtEdge(input, event.key === "ArrowRight" ? 1 : -1)) return;
      if (go(input, down, right)) event.preventDefault();
    }
  });
  table.addEventListener("input", (event) => {
    if (!placeOf.has(event.target)) return;
    tint(event.target);
    forget();
  });

  // Pasting
  const say = (words, isWrong) => {
    paste.querySelector("span").textContent = words;
    paste.classList.toggle("is-wrong", Boolean(isWrong));
    undo.hidden = !pasted;
  };
  const forget = () => {
    if (!pasted) return;
    pasted = null;
    inputs.forEach((input) => input.classList.remove("is-pasted"));
    say("");
  };
  const write = (cells) => {
    cells.forEach(([input, text]) => {
      input.value = text;
      tint(input);
    });
    form.dispatchEvent(new Event("grid"));
  };
  const unpaste = () => {
    const cells = pasted;
    forget();
    write(cells);
    say(paste.dataset.undone);
    cells[0][0].focus();
  };
  undo.addEventListener("click", unpaste);
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!placeOf.has(event.target) || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const [top, left] = placeOf.get(event.target);
    const cells = [];
    let beyond = 0;
    for (const [y, line] of text.split("\n").entries()) {
      for (const [x, said] of line.split("\t").entries()) {
        const input = rows[top + y]?.[left + x];
        const number = numberOf(said);
        if (!input) beyond += 1;
        else if (Number.isNaN(number) || (Math.abs(number) > MOST && number !== numberOf(input.defaultValue))) {
          const words = { "%t": said.trim().slice(0, 40), "%c": nameOf(input), "%m": String(MOST) };
          forget();
          say(paste.dataset.wrong.replace(/%[tcm]/g, (name) => words[name]), true);
          input.focus();
          return;
        } else cells.push([input, number ? said.trim() : ""]);
      }
    }
    forget();
    pasted = cells.map(([input]) => [input, input.value]);
    cells.forEach(([input]) => input.classList.add("is-pasted"));
    say(paste.dataset.filled.replace("%n", cells.length) + (beyond ? ` ${paste.dataset.beyond.replace("%n", beyond)}` : ""));
    write(cells);
  });

  // Saving: what changed, with what it said before
  let sent = [];
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.path !== form.getAttribute("hx-post")) return;
    sent = inputs.filter((input) => input.value !== input.defaultValue).map((input) => [input, input.value]);
    const nameFor = (input) => input.name.slice(2);
    event.detail.parameters.cells = JSON.stringify(Object.fromEntries(sent.map(([input, text]) => [nameFor(input), text])));
    event.detail.parameters.seen = JSON.stringify(Object.fromEntries(sent.map(([input]) => [nameFor(input), input.defaultValue])));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.path === form.getAttribute("hx-post") && event.detail.xhr.status === 200)
      sent.forEach(([input, text]) => {
        input.defaultValue = text;
      });
  });
  document.addEventListener("click", (event) => {
    // Taking theirs leaves one's own numbers behind, knowingly.
    if (event.target.closest("#build-said .build-choose a")) document.getElementById("build-said").dataset.state = "kept";
  });
})();
