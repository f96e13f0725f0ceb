// Reports what changes in the field, one chunk for each change, with its time: a key, or what an input method puts in
// place at once. The server makes of it what it thinks right. Positions count characters, not halves of them.
(() => {
  "use strict";
  const form = document.querySelector("[data-typing]");
  if (!form) return;
  const field = form.querySelector("textarea");
  const shown = form.querySelector("[data-typing-text]");
  const status = form.querySelector("[data-typing-status]");
  const text = [...shown.textContent];
  const began = performance.now();
  const report = [];
  let before = [];
  let composing = false;
  let sent = false;

  const now = () => Math.round(performance.now() - began);

  function change(kind) {
    const after = [...field.value];
    let start = 0;
    while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
    let end = 0;
    const most = Math.min(before.length, after.length) - start;
    while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
    const removed = before.length - start - end;
    const put = after.slice(start, after.length - end).join("");
    if (removed || put) report.push({ at: now(), start, removed, text: put, kind });
    before = after;
    mark(after);
    if (after.length >= text.length && after.join("") === text.join("")) hand();
  }

  function part(name, words) {
    const span = document.createElement("span");
    if (name) span.className = name;
    span.textContent = words;
    return span;
  }

  // What is typed is marked in the text: right as far as it agrees from the beginning, then wrong.
  function mark(typed) {
    let right = 0;
    while (right < typed.length && typed[right] === text[right]) right += 1;
    const wrong = Math.min(typed.length, text.length);
    const parts = [["typing-right", 0, right], ["typing-wrong", right, wrong], ["", wrong, text.length]];
    shown.replaceChildren(...parts.map(([name, from, to]) => part(name, text.slice(from, to).join(""))));
    const next = shown.lastElementChild;
    shown.scrollTop = Math.max(0, next.offsetTop - shown.offsetTop - shown.clientHeight / 2);
  }

  function refuse(event) {
    event.preventDefault();
    report.push({ at: now(), start: 0, removed: 0, text: "", kind: "paste" });
    status.textContent = form.dataset.textPaste;
  }

  function hand() {
    if (sent) return;
    sent = true;
    form.querySelector("[name=report]").value = JSON.stringify(report);
    form.submit();
  }

  field.addEventListener("compositionstart", () => { composing = true; });
  field.addEventListener("compositionend", () => {
    composing = false;
    change("composed");
  });
  field.addEventListener("input", () => {
    if (!composing) change("key");
  });
  field.addEventListener("paste", refuse);
  field.addEventListener("drop", refuse);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    hand();
  });

  const left = () => Date.parse(form.dataset.ends) - Date.now() - Number(document.body.dataset.clockOffset || 0);
  const watch = () => {
    if (left() > 0) window.setTimeout(watch, Math.min(left(), 250));
    else hand();
  };
  field.focus();
  watch();
})();
