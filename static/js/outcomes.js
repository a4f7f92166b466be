// A meeting's outcomes: the preview renews itself, rows are added and moved, and each kind of outcome
// shows the boxes it needs. Without this file the buttons and the numbers of the page do the same.
(() => {
  const form = document.getElementById("outcomes");
  if (!form) return;
  const paragraph = document.getElementById("paragraph");
  const rows = document.getElementById("rows");
  const total = form.querySelector("[name$='-TOTAL_FORMS']");
  const all = () => [...rows.querySelectorAll(".outcome")];
  const part = (row, name) => row.querySelector(`[name$='-${name}']`);

  let waiting;
  let asked = 0;
  const renew = async () => {
    const mine = ++asked;
    const answer = await fetch(window.location.href, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Preview": "1" },
      credentials: "same-origin",
    });
    // An older answer must not overwrite a newer one
    if (answer.ok && mine === asked) paragraph.innerHTML = await answer.text();
  };
  const soon = () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(renew, 400);
  };

  const letter = (place) => {
    let said = "";
    for (let rest = place; rest > 0; rest = Math.floor((rest - 1) / 26)) {
      said = String.fromCharCode(97 + ((rest - 1) % 26)) + said;
    }
    return said;
  };
  const count = () => {
    let place = 0;
    for (const row of all()) {
      const gone = part(row, "DELETE")?.checked;
      row.classList.toggle("gone", Boolean(gone));
      place += gone ? 0 : 1;
      row.querySelector(".letter").textContent = gone ? "–" : `${letter(place)})`;
      // A row that says nothing has no place: it is not saved
      part(row, "ORDER").value = part(row, "kind").value ? all().indexOf(row) + 1 : "";
    }
  };
  const sort = (row) => {
    const kind = part(row, "kind").value;
    for (const box of row.querySelectorAll("[data-kinds]")) {
      const says = [...box.querySelectorAll("input, select, textarea")].some(
        (field) => (field.type === "checkbox" ? field.checked : field.value),
      );
      box.classList.toggle("elsewhere", !box.dataset.kinds.split(" ").includes(kind) && !says);
    }
  };
  const move = (row, up) => {
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (up) other.before(row);
    else other.after(row);
    count();
    soon();
  };
  const dragged = (row) => {
    row.querySelector(".letter").addEventListener("pointerdown", () => { row.draggable = true; });
    row.addEventListener("dragstart", () => row.classList.add("held"));
    row.addEventListener("dragend", () => {
      row.draggable = false;
      for (const each of all()) each.classList.remove("held", "over");
    });
    row.addEventListener("dragover", (event) => {
      if (!rows.querySelector(".held")) return;
      event.preventDefault();
      for (const each of all()) each.classList.toggle("over", each === row);
    });
    row.addEventListener("drop", (event) => {
      const held = rows.querySelector(".held");
      if (!held || held === row) return;
      event.preventDefault();
      row.before(held);
      count();
      soon();
    });
  };
  const add = () => {
    const mould = document.getElementById("mould").innerHTML;
    rows.insertAdjacentHTML("beforeend", mould.replaceAll("__prefix__", total.value));
    total.value = Number(total.value) + 1;
    const row = all().at(-1);
    dragged(row);
    count();
    part(row, "kind").focus();
  };

  form.addEventListener("input", (event) => {
    const row = event.target.closest(".outcome");
    if (row) {
      if (event.target.name.endsWith("-kind")) sort(row);
      if (!event.target.name.endsWith("-ORDER")) count();
    }
    soon();
  });
  rows.addEventListener("click", (event) => {
    const way = event.target.dataset.move;
    if (!way) return;
    move(event.target.closest(".outcome"), way === "up");
    event.target.focus();
  });
  document.getElementById("add").addEventListener("click", add);
  all().forEach(dragged);
})();
