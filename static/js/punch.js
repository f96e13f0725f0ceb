// Check-in and check-out with the phone's position. It is asked for only when the button is pressed, once for each press.
(() => {
  "use strict";
  const options = { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 };
  const failures = { 1: "denied", 2: "unavailable", 3: "timeout" };
  const names = ["latitude", "longitude", "accuracy", "failure"];
  let locating = false;

  function say(form, text) {
    form.querySelector("[data-punch-status]").textContent = text;
  }

  function send(form, values) {
    locating = false;
    if (!form.isConnected) return;
    names.forEach((name) => { form.elements[name].value = values[name] ?? ""; });
    say(form, form.dataset.textSending);
    form.dataset.located = "yes";
    form.requestSubmit();
  }

  function locate(form) {
    locating = true;
    say(form, form.dataset.textLocating);
    if (!navigator.geolocation) {
      send(form, { failure: "unavailable" });
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => send(form, coords),
      (error) => send(form, { failure: failures[error.code] }),
      options,
    );
  }

  // Before htmx and the dialogs see the form: the first press fetches the position, and then submits again.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-punch]");
    if (!form) return;
    if (form.dataset.located) {
      delete form.dataset.located;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!locating) locate(form);
  }, true);

  // A refresh of the card must not replace the form that waits for its position.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (locating && event.target.id === "today") event.preventDefault();
  });
})();
