// Each answer goes to the server at once. Without a connection it waits in the phone and is sent again until it is
// there; when the time is over the form hands itself in. Without this script the form does it all at the end.
(() => {
  "use strict";
  const form = document.querySelector("[data-quiz]");
  if (!form) return;
  const key = form.dataset.quizKey;
  const again = 3000;
  const waiting = new Map(stored());
  let sending = false;

  function stored() {
    try {
      return Object.entries(JSON.parse(window.localStorage.getItem(key) || "{}"));
    } catch {
      return [];
    }
  }

  function remember() {
    try {
      if (waiting.size) window.localStorage.setItem(key, JSON.stringify(Object.fromEntries(waiting)));
      else window.localStorage.removeItem(key);
    } catch {
      // Without storage what waits lives as long as the page.
    }
  }

  const card = (number) => form.querySelector(`[data-question="${number}"]`);
  const chosen = (number) => [...card(number).querySelectorAll("input:checked")].map((input) => input.value);

  function say(number, text) {
    card(number).querySelector("[data-kept]").textContent = text;
  }

  function tell(text) {
    const line = form.querySelector("[data-quiz-status]");
    if (line.textContent !== text) line.textContent = text;
  }

  // What waited when the page was closed is put back before it is sent.
  function restore() {
    for (const [number, values] of waiting) {
      if (!card(number)) {
        waiting.delete(number);
        continue;
      }
      for (const input of card(number).querySelectorAll("input")) input.checked = values.includes(input.value);
    }
  }

  async function post(number, values) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("number", number);
    for (const value of values) body.append(`q${number}`, value);
    const answer = await fetch(form.dataset.quiz, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (answer.status === 409) window.location.reload();
    // Whoever was logged out is answered with a way to the login, which keeps nothing.
    if (answer.status !== 204) throw new Error(String(answer.status));
  }

  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.size) {
      const [number, values] = waiting.entries().next().value;
      try {
        await post(number, values);
      } catch {
        tell(form.dataset.textWaiting);
        window.setTimeout(send, again);
        break;
      }
      // Another choice may have been made meanwhile.
      if (waiting.get(number) === values) waiting.delete(number);
      remember();
      say(number, form.dataset.textSaved);
    }
    if (!waiting.size) tell("");
    sending = false;
  }

  form.addEventListener("change", (event) => {
    const number = event.target.closest("[data-question]").dataset.question;
    say(number, "");
    waiting.set(number, chosen(number));
    remember();
    send();
  });
  form.addEventListener("submit", () => {
    waiting.clear();
    remember();
  });
  window.addEventListener("online", send);
  restore();
  send();

  const left = () => Date.parse(form.dataset.quizEnds) - Date.now() - Number(document.body.dataset.clockOffset || 0);
  const watch = () => (left() > 0 ? window.setTimeout(watch, Math.min(left(), 1000)) : form.submit());
  watch();
})();
