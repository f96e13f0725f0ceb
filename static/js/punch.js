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

  // Haversine on a sphere of 6371 km, in metres.
  function metresTo(place, coords) {
    const rad = (degrees) => (degrees * Math.PI) / 180;
    const half = (one, other) => Math.sin(rad(other - one) / 2) ** 2;
    const across = Math.cos(rad(place.latitude)) * Math.cos(rad(coords.latitude));
    const turn = half(place.latitude, coords.latitude) + across * half(place.longitude, coords.longitude);
    return 2 * 6371000 * Math.asin(Math.sqrt(turn));
  }

  function tellDistance(button, coords) {
    const { latitude, longitude, fence, allowance, textInside, textOutside } = button.dataset;
    const metres = metresTo({ latitude: Number(latitude), longitude: Number(longitude) }, coords);
    const inside = metres - Math.min(coords.accuracy, Number(allowance)) <= Number(fence);
    say(button.form, (inside ? textInside : textOutside).replace("{metres}", Math.round(metres)));
  }

  // The distance is worked out here and sent to nobody; the next refresh of the card takes it away again.
  function measure(button) {
    const failed = () => button.isConnected && say(button.form, button.dataset.textFailed);
    if (!navigator.geolocation) {
      failed();
      return;
    }
    say(button.form, button.form.dataset.textLocating);
    const told = ({ coords }) => button.isConnected && tellDistance(button, coords);
    navigator.geolocation.getCurrentPosition(told, failed, options);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-distance]");
    if (button && !locating) measure(button);
  });

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

  // A refusal stands over the button, which on a small phone may be past the top.
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelector("#today [data-trouble]")?.scrollIntoView({ block: "nearest" });
  });

  // A refresh of the card must not replace the form that waits for its position.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (locating && event.target.id === "today") event.preventDefault();
  });
})();
