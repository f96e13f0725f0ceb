// Clocks and countdowns, by the server's time: a phone whose clock is wrong still shows the right minute.
(() => {
  "use strict";
  const clockFormat = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  let offset = 0;

  function readOffset() {
    const stated = Date.parse(document.body.dataset.serverNow || "");
    offset = Number.isNaN(stated) ? 0 : stated - Date.now();
    // A page kept for want of a connection states an hour long past: what the last fresh page found holds on.
    if (document.body.dataset.kept) offset = Number(remembered()) || 0;
    else remember(offset);
    document.body.dataset.clockOffset = offset;
  }

  function remembered() {
    try {
      return window.localStorage.getItem("clock-offset");
    } catch {
      return "";
    }
  }

  function remember(value) {
    try {
      window.localStorage.setItem("clock-offset", value);
    } catch {
      // Without storage the phone's own clock has to do.
    }
  }

  function spanText(seconds) {
    const words = document.body.dataset;
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    if (hours) return `${hours} ${words.textH} ${minutes} ${words.textMin}`;
    return minutes ? `${minutes} ${words.textMin}` : `${seconds} ${words.textS}`;
  }

  function setText(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function countDown(element, now) {
    const seconds = Math.floor((Date.parse(element.dateTime) - now) / 1000);
    element.classList.toggle("is-over", seconds <= 0);
    setText(element, seconds > 0 ? `${element.dataset.before} ${spanText(seconds)}` : element.dataset.done);
  }

  function tick() {
    const now = Date.now() + offset;
    document.querySelectorAll("[data-clock]").forEach((clock) => setText(clock, clockFormat.format(now)));
    document.querySelectorAll("[data-countdown]").forEach((element) => countDown(element, now));
    window.setTimeout(tick, 1000 - (now % 1000));
  }

  readOffset();
  tick();
  document.addEventListener("htmx:afterSettle", () => {
    const now = Date.now() + offset;
    document.querySelectorAll("[data-countdown]").forEach((element) => countDown(element, now));
  });
})();
