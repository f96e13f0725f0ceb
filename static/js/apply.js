// An application on a phone: what is typed is kept on the phone at once and on the server soon after, and goes when
// there is a connection again.
(() => {
  "use strict";
  const form = document.querySelector("form[data-apply]");
  const start = "apply:";
  const resume = "apply-link";

  function store(name, value) {
    try {
      if (value === null) window.localStorage.removeItem(name);
      else window.localStorage.setItem(name, value);
    } catch {
      // No room on the phone: the server's copy must do.
    }
  }

  function read(name) {
    try {
      return window.localStorage.getItem(name);
    } catch {
      return null;
    }
  }

  function forget() {
    for (const name of Object.keys(window.localStorage)) if (name.startsWith(start)) store(name, null);
    store(resume, null);
  }

  if (document.querySelector("[data-apply-done]")) forget();
  if (!form) return;
  const place = `${start}${window.location.pathname}:${form.dataset.apply}`;
  const { saveUrl } = form.dataset;
  const offline = document.getElementById("apply-offline");
  const body = () => new URLSearchParams(new FormData(form)).toString();

  // A form that was begun is offered at the door.
  const link = document.getElementById("apply-resume");
  if (saveUrl) store(resume, `${window.location.pathname}?step=${form.dataset.apply}`);
  else if (link && read(resume)) {
    link.querySelector("a").href = read(resume);
    link.hidden = false;
  }

  function fill(kept) {
    const values = new URLSearchParams(kept);
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden") continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.getAll(field.name).includes(field.value);
      else field.value = values.get(field.name) ?? "";
    }
  }

  // What the server has taken is not kept here: what is here is newer.
  const mine = read(place);
  if (mine && !form.querySelector(".is-invalid")) fill(mine);
  let sent = body();
  let timer = 0;

  async function save() {
    const now = body();
    if (!saveUrl || now === sent) return;
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    try {
      const answer = await fetch(saveUrl, { method: "POST", headers, body: now });
      if (!answer.ok) return;
      sent = now;
      if (read(place) === now) store(place, null);
    } catch {
      // Kept on the phone; the next change or the button tries again.
    }
  }

  form.addEventListener("input", () => {
    store(place, body());
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 1500);
  });
  let waiting = false;
  form.addEventListener("submit", (event) => {
    waiting = !navigator.onLine;
    offline.hidden = !waiting;
    if (waiting) event.preventDefault();
  });
  window.addEventListener("online", () => {
    if (waiting) form.requestSubmit();
    else save();
  });
})();
