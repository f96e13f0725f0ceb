// A phone in another time zone: every shift is told in the house's time, and beside it in the phone's own.
(() => {
  "use strict";
  const HOUSE = 480;
  const language = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", weekday: "short" });
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

  const away = (moment) => -moment.getTimezoneOffset() !== HOUSE;

  function zoneOf(moment) {
    const minutes = -moment.getTimezoneOffset();
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${String(rest).padStart(2, "0")}` : ""}`;
  }

  function spanText(start, end) {
    const last = day.format(end) === day.format(start) ? "" : `${day.format(end)} `;
    return `${zoneOf(start)} ${day.format(start)} ${clock.format(start)}–${last}${clock.format(end)}`;
  }

  function tell(element) {
    const [start, end] = [new Date(element.dataset.zoneStart), new Date(element.dataset.zoneEnd)];
    if (element.querySelector(".zone-there") || !away(start)) return;
    const there = document.createElement("span");
    there.className = "zone-there num";
    there.textContent = spanText(start, end);
    element.append(there);
  }

  function run() {
    const bar = document.getElementById("zone-bar");
    const now = new Date();
    if (bar && away(now)) {
      bar.querySelector("[data-zone-text]").textContent = bar.dataset.text.replace("{zone}", zoneOf(now));
      bar.hidden = false;
    }
    document.querySelectorAll("[data-zone-start]").forEach(tell);
  }

  run();
  document.addEventListener("htmx:afterSettle", run);
})();
