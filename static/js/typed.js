// A page with many forms: sending one keeps what stands typed in the others. It is kept in this tab
// only, for the person who typed it. Without this file only the form that was sent is kept.
(() => {
  let store;
  try {
    store = window.sessionStorage;
  } catch {
    return; // the browser keeps nothing
  }
  const who = document.querySelector("#user-tools .who")?.textContent ?? "";
  const key = (box) => `typed ${who} ${window.location.pathname} ${box.id}`;
  for (const box of document.querySelectorAll("form[method='post'] textarea[id]")) {
    const kept = store.getItem(key(box));
    if (kept !== null && kept !== box.value) {
      box.value = kept;
      const folded = box.closest("details");
      if (folded) folded.open = true;
    }
    box.addEventListener("input", () => {
      if (box.value === box.defaultValue) store.removeItem(key(box));
      else store.setItem(key(box), box.value);
    });
    // What was sent and refused comes back from the server
    box.form.addEventListener("submit", () => store.removeItem(key(box)));
  }
})();
