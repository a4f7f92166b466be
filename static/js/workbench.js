// The workbench of a summary. Everything works without this: words are copied into a box, citations
// and figures are put at the end of the text by the server. With it, what is selected fills the box,
// and a citation stands where the cursor was.
"use strict";

for (const button of document.querySelectorAll("button[data-put]")) {
  button.addEventListener("click", (event) => {
    const form = button.form;
    const box = form.querySelector("textarea[name=text]");
    const passages = form.querySelector("[name=passages]");
    event.preventDefault();
    const before = box.value.slice(0, box.selectionStart);
    const after = box.value.slice(box.selectionEnd);
    const space = before && !/\s$/.test(before) ? " " : "";
    box.setRangeText(space + button.dataset.put, box.selectionStart, box.selectionEnd, "end");
    if (after && !/^[\s.,;:)]/.test(after)) box.setRangeText(" ", box.selectionStart, box.selectionStart, "end");
    if (button.dataset.passage) {
      const [number] = button.dataset.passage.split(":");
      const others = passages.value.split(",").filter((each) => each && !each.startsWith(`${number}:`));
      passages.value = [...others, button.dataset.passage].join(",");
    }
    box.focus();
  });
}

// What is selected in an answer stands in the box of its form, with where it begins
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return;
  const range = selection.getRangeAt(0);
  const start = range.startContainer.nodeType === Node.ELEMENT_NODE ? range.startContainer : range.startContainer.parentElement;
  const said = start && start.closest("[data-said]");
  if (!said || !said.contains(range.endContainer)) return;
  const form = document.querySelector(`form[data-marks="${said.dataset.said}"]`);
  if (!form) return;
  const ahead = document.createRange();
  ahead.selectNodeContents(said);
  ahead.setEnd(range.startContainer, range.startOffset);
  form.elements.words.value = range.toString().trim();
  // the server counts letters, a browser counts halves of rare ones twice
  form.elements.begins.value = [...ahead.toString()].length;
  form.closest("details").open = true;
});

// What was typed and is not kept yet is not left by a link, or by closing the tab, without a question
let sent = null;
document.addEventListener("submit", (event) => { if (!event.defaultPrevented) sent = event.target; });
window.addEventListener("pageshow", () => { sent = null; });
window.addEventListener("beforeunload", (event) => {
  const boxes = [...document.querySelectorAll("form[method=post] textarea")].filter((box) => box.form !== sent);
  const refused = (box) => box.value && box.form.querySelector(".errorlist, .errornote");
  if (boxes.some((box) => box.value !== box.defaultValue || refused(box))) event.preventDefault();
  sent = null; // whoever stays and goes on is asked again
});
