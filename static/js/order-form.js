// The order form: one step at a time, a title proposed, a shift's end in words, a loosening taken over.
(() => {
  "use strict";
  const form = document.getElementById("order-form");
  if (!form) return;
  const steps = [...form.querySelectorAll(".order-step")];
  const line = form.querySelector(".order-steps");
  const stops = [...line.querySelectorAll("[data-go]")];
  let current = 0;

  function visible(element) {
    return Boolean(element.offsetParent) || element.matches(".kind-input");
  }

  function labelOf(element) {
    const group = element.closest("fieldset");
    const own = element.labels && element.labels[0];
    const text = element.type === "radio" && group ? group.querySelector("legend") : own;
    return text ? text.textContent.replace("*", "").trim() : element.name;
  }

  // Empty fields that the step cannot do without; what else may be wrong is the server's to say.
  function missing(step) {
    const named = new Set(["city", "site_name", "site_address", "site"]);
    const fields = [...step.querySelectorAll("input, select")].filter((field) => {
      const wanted = field.required || named.has(field.name) || /^shift-\d+-/.test(field.name);
      return wanted && field.type !== "hidden" && visible(field);
    });
    return fields.find((field) => {
      if (field.type !== "radio") return !field.value || !field.checkValidity();
      return !step.querySelector(`[name="${field.name}"]:checked`);
    });
  }

  function tell(step, text) {
    step.querySelector(".step-problem").textContent = text;
  }

  function complete(index) {
    const step = steps[index];
    const empty = missing(step);
    tell(step, empty ? form.dataset.textMissing + labelOf(empty) : "");
    if (empty) empty.focus();
    return !empty;
  }

  function show(index, focus) {
    current = index;
    steps.forEach((step, at) => step.classList.toggle("is-current", at === index));
    stops.forEach((stop, at) => {
      stop.closest("li").classList.toggle("is-done", at < index);
      if (at === index) stop.setAttribute("aria-current", "step");
      else stop.removeAttribute("aria-current");
    });
    if (!focus) return;
    form.scrollIntoView({ block: "start" });
    steps[index].querySelector(".card-title").focus({ preventScroll: true });
  }

  function go(index) {
    for (let at = current; at < index; at += 1) {
      if (!complete(at)) {
        if (at !== current) show(at, false);
        return;
      }
    }
    show(index, true);
  }

  function stepOf(element) {
    return steps.findIndex((step) => step.contains(element));
  }

  function begin() {
    form.classList.add("is-stepped");
    form.querySelectorAll(".order-steps, .step-foot, [data-back]").forEach((part) => { part.hidden = false; });
    const wrong = form.querySelector(".order-step .is-invalid, .order-step .field-errors, .order-step .alert");
    show(wrong ? Math.max(0, stepOf(wrong)) : 0, false);
  }

  // The kind of work proposes a title, as long as nobody has written another.
  let proposed = "";
  function propose(card) {
    const title = document.getElementById("id_title");
    if (title.value && title.value !== proposed) return;
    proposed = card.dataset.title;
    title.value = proposed;
  }

  function minutesOf(value) {
    const found = /^(\d\d):(\d\d)/.exec(value);
    return found ? Number(found[1]) * 60 + Number(found[2]) : NaN;
  }

  function lengthText(minutes) {
    const words = document.body.dataset;
    const hours = Math.floor(minutes / 60);
    const parts = [hours ? `${hours} ${words.textH}` : "", minutes % 60 ? `${minutes % 60} ${words.textMin}` : ""];
    return parts.filter(Boolean).join(" ");
  }

  function tellEnd(row) {
    const end = row.querySelector("[name$='-end']").value;
    const length = minutesOf(end) - minutesOf(row.querySelector("[name$='-start']").value);
    const sentence = length > 0 ? form.dataset.textEnds : form.dataset.textEndsNext;
    const words = sentence.replace("{end}", end.slice(0, 5)).replace("{length}", lengthText(length > 0 ? length : length + 1440));
    row.querySelector(".shift-words").textContent = Number.isNaN(length) ? "" : words;
  }

  function changed(element) {
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function takeOver(button) {
    const { setField: name, setValue: value } = button.dataset;
    const box = form.querySelector(`input[type="checkbox"][name="${name}"][value="${value}"]`);
    const field = box || form.querySelector(`select[name="${name}"]`);
    if (box) box.checked = false;
    else field.value = value;
    button.disabled = true;
    changed(field);
  }

  form.addEventListener("click", (event) => {
    const part = event.target.closest("[data-next], [data-back], [data-go], [data-set-field]");
    if (!part) return;
    if (part.hasAttribute("data-set-field")) takeOver(part);
    else if (part.hasAttribute("data-go")) go(Number(part.dataset.go));
    else go(part.hasAttribute("data-next") ? current + 1 : current - 1);
  });

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-title]")) propose(event.target);
    const row = event.target.closest(".shift-row");
    if (row) tellEnd(row);
  });

  // Enter goes to the next step; in the last one it asks for the costs.
  form.addEventListener("submit", (event) => {
    const enter = event.submitter && event.submitter.hasAttribute("data-enter");
    if (!enter || current === steps.length - 1) return;
    event.preventDefault();
    go(current + 1);
  });

  form.addEventListener("click", (event) => {
    const link = event.target.closest(".form-errors a");
    const target = link && document.getElementById(link.hash.slice(1));
    if (target && stepOf(target) >= 0) show(stepOf(target), false);
  }, true);

  begin();
})();
