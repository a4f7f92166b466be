// Renew the report's paragraph as the outcomes change. Without this file the Preview button does it.
(() => {
  const form = document.getElementById("outcomes");
  const paragraph = document.getElementById("paragraph");
  if (!form || !paragraph) return;
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
  form.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(renew, 400);
  });
})();
