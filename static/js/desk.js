// Shortcuts of the secretariat's desk. Everything they do can be done without them: they only move
// the focus between rows of the queue, and send the form in which somebody writes. No letter alone
// does anything, so that nothing happens to who dictates or types.
"use strict";

const queue = document.querySelector(".queue");
if (queue) {
  const links = [...queue.querySelectorAll("a.open")];
  queue.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target.closest("tr");
    const here = links.findIndex((link) => row && row.contains(link));
    const next = links[here + step];
    if (!next) return;
    event.preventDefault();
    const box = event.target.type === "checkbox" && next.closest("tr").querySelector("[type=checkbox]");
    (box || next).focus();
  });
}

for (const form of document.querySelectorAll(".act form, .round-act form")) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey || event.target.tagName !== "TEXTAREA") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.default, button[type=submit]"));
  });
}

// A key that opens a form leads into its first box
for (const act of document.querySelectorAll("details.act")) {
  act.addEventListener("toggle", () => {
    const box = act.querySelector(".errors :is(input, textarea, select), textarea, select, input:not([type=hidden])");
    if (act.open && box) box.focus();
  });
}
