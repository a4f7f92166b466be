// A deadline in the reader's own time, beside the house's: without this file the house's stands alone.
(() => {
  for (const time of document.querySelectorAll("time[data-own]")) {
    const place = document.querySelector("[data-own-time]");
    const at = new Date(time.dateTime);
    if (!place || Number.isNaN(at.getTime())) continue;
    const own = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, {
      weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hour12: false,
    });
    const days = Math.floor((at - Date.now()) / 86400000);
    const left = days > 1 ? ` ${days} days left.` : "";
    place.textContent = `That is ${own.format(at)} where you are.${at > Date.now() ? left : ""}`;
  }
})();
