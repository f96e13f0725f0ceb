// What was typed outlives a lost session: kept in this tab until the server has it, sent again after the login.
(() => {
  "use strict";
  const form = document.getElementById("order-form") || document.querySelector("[data-order-confirm]");
  const posted = document.querySelector("[data-posted-key]");
  const place = "order-form";
  // The order's own page: what was typed has arrived, and must not be sent again by the next form.
  if (posted && (read() || {}).key === posted.dataset.postedKey) forget();
  if (!form) return;
  const isConfirm = form.hasAttribute("data-order-confirm");

  function here() {
    return window.location.pathname + window.location.search;
  }

  function key() {
    return form.querySelector("[name=form_key]").value;
  }

  function body() {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  }

  function read() {
    try {
      return JSON.parse(window.sessionStorage.getItem(place));
    } catch {
      return null;
    }
  }

  function write(safe) {
    const kept = { user: form.dataset.user, key: key(), body: body(), safe, at: here() };
    try {
      window.sessionStorage.setItem(place, JSON.stringify(kept));
    } catch {
      // No room: the server's copy must do.
    }
  }

  function forget() {
    window.sessionStorage.removeItem(place);
  }

  // After a login the page is blank: hand over what was typed before, and go on with it.
  async function restore(kept) {
    forget();
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token };
    const answer = await fetch(form.dataset.draftUrl, { method: "POST", headers, body: kept.body, redirect: "error" });
    // Elsewhere another order was asked for: then the old form is only offered.
    const wanted = [kept.at, form.dataset.resumeUrl].includes(here());
    if (answer.ok && wanted) window.location.replace(`${form.dataset.resumeUrl}?draft=${kept.key}`);
  }

  const kept = read();
  const own = kept && kept.user === form.dataset.user;
  const fresh = !isConfirm && form.hasAttribute("data-fresh");
  if (own && !kept.safe && fresh && kept.body !== body()) restore(kept).catch(() => {});

  let clean = body();
  function typed() {
    if (body() === clean) return;
    clean = body();
    write(false);
  }
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  document.body.addEventListener("shifts-changed", typed);
  // Whatever a press of a button leads to, it may end at the login page.
  form.addEventListener("submit", () => write(false));
  // A form that is thrown away must not come back.
  document.addEventListener("submit", (event) => {
    const named = event.target.querySelector("[name=form_key]");
    if (event.target !== form && named && kept && kept.key === named.value) forget();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id === "kept" && event.detail.xhr.status === 200) write(true);
  });
})();
