// A phone without a connection: says so, keeps a punch with its true time, and sends it once it can.
(() => {
  "use strict";
  const bar = document.getElementById("offline-bar");
  const box = document.getElementById("punch-queue");
  if (!bar || !box) return;
  const { owner, kept } = document.body.dataset;
  const words = box.dataset;
  const punchForm = "form.punch-form[hx-post*='/check-'], form[data-punch-queue]";
  const again = 30000;
  let timer = 0;

  const now = () => Date.now() + Number(document.body.dataset.clockOffset || 0);
  // The house's zone has had no clock changes since 1991.
  const stamp = (moment) => `${new Date(moment + 8 * 3600000).toISOString().slice(0, 23)}+08:00`;
  const kindOf = (url) => (url.includes("/check-out") ? "out" : "in");

  function newKey() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function line(entry) {
    const item = document.getElementById("punch-queue-item").content.firstElementChild.cloneNode(true);
    const deed = kindOf(entry.url) === "in" ? words.textIn : words.textOut;
    item.querySelector("[data-deed]").textContent = `${deed} ${entry.at.slice(11, 16)} · ${entry.at.slice(5, 10)}`;
    item.querySelector("[data-about]").textContent = entry.title;
    item.querySelector("[data-waits]").hidden = entry.state !== "waiting";
    item.querySelector("[data-refused]").hidden = entry.state !== "refused";
    item.querySelector("[data-why]").textContent = entry.why || "";
    const done = item.querySelector("[data-seen]");
    done.hidden = entry.state !== "refused";
    done.addEventListener("click", () => window.PunchQueue.remove(entry.n).then(render));
    return item;
  }

  // The press that waits has been made: the next one due is the other.
  function turn(form, waiting) {
    const mine = waiting.filter((entry) => entry.url === form.getAttribute("hx-post"));
    if (!mine.length) return;
    const button = form.querySelector(".punch, .btn-primary");
    if (kindOf(mine[0].url) === "out" || !button.matches(".punch")) {
      button.disabled = true;
      return;
    }
    const next = mine[0].url.replace("/check-in", "/check-out");
    form.setAttribute("action", next);
    form.setAttribute("hx-post", next);
    button.classList.replace("punch-in", "punch-out");
    button.querySelector(".punch-label").textContent = words.textOut;
    form.dataset.confirm = words.textLeave;
    form.dataset.confirmOk = words.textLeaveOk;
    window.htmx.process(form);
    turn(form, waiting);
  }

  async function render() {
    const mine = await window.PunchQueue.all().then((rows) => rows.filter((row) => row.owner === owner), () => []);
    box.querySelector("ul").replaceChildren(...mine.map(line));
    box.hidden = !mine.length;
    const waiting = mine.filter((entry) => entry.state === "waiting");
    const form = document.querySelector(punchForm);
    if (form) turn(form, waiting);
    window.clearTimeout(timer);
    if (waiting.length) timer = window.setTimeout(send, again);
    return waiting;
  }

  function refresh() {
    const typed = [...document.querySelectorAll("main textarea, main input[type=file]")].some((field) => field.value);
    if (kept && !typed) window.location.reload();
    else if (document.getElementById("today")) {
      window.htmx.ajax("GET", words.today, { target: "#today", swap: "morph:outerHTML" });
    }
  }

  async function send() {
    const judged = navigator.onLine === false ? 0 : await window.PunchQueue.send(words.ticket);
    await render();
    if (judged) refresh();
    return judged;
  }

  async function wakeLater() {
    try {
      const worker = await navigator.serviceWorker.ready;
      await worker.sync.register("punches");
    } catch {
      // No background sync here: the page itself tries again.
    }
  }

  function say(form, text) {
    const place = form.querySelector("[data-punch-status]");
    if (place) place.textContent = text;
  }

  async function put(form, config) {
    const fields = [...config.formData].filter(([name]) => !["csrfmiddlewaretoken", "punch_key"].includes(name));
    const title = (document.getElementById("now-title") || document.querySelector("h1")).textContent.trim();
    const entry = { key: form.dataset.punchKey, owner, url: config.path, at: form.dataset.pressedAt, title, fields, state: "waiting" };
    delete form.dataset.punchKey;
    try {
      await window.PunchQueue.add(entry);
    } catch {
      say(form, words.textNoRoom);
      return;
    }
    say(form, words.textQueued);
    await render();
    box.scrollIntoView({ block: "nearest" });
    wakeLater();
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches(punchForm)) return;
    form.dataset.pressedAt = stamp(now());
    form.dataset.punchKey = form.dataset.punchKey || newKey();
    event.detail.parameters.punch_key = form.dataset.punchKey;
    event.detail.timeout = 15000;
  });

  function unsent(event) {
    if (!event.detail.elt.matches(punchForm)) return;
    // What "connection lost, trying again" would say is said here better.
    event.stopImmediatePropagation();
    put(event.detail.elt, event.detail.requestConfig);
  }
  document.addEventListener("htmx:sendError", unsent, true);
  document.addEventListener("htmx:timeout", unsent, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.elt.matches(punchForm)) delete event.detail.elt.dataset.punchKey;
  });
  document.addEventListener("htmx:afterSettle", (event) => event.detail.target.id === "today" && render());

  function offline() {
    if (!kept) bar.querySelector("[data-bar-text]").textContent = bar.dataset.textNow;
    bar.hidden = false;
  }

  async function online() {
    if (!kept) bar.hidden = true;
    if (!(await send()) && kept) refresh();
  }

  if (kept) document.querySelectorAll("#toasts [data-toast]").forEach((toast) => toast.remove());
  if (navigator.onLine === false) offline();
  window.addEventListener("offline", offline);
  window.addEventListener("online", online);
  document.addEventListener("visibilitychange", () => !document.hidden && send());
  send();
  // WeChat's browser on some phones has none; everything else works without it.
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(words.worker).catch(() => null);
})();
