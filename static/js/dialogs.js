// Native dialogs: `data-confirm` on a form, a button or an htmx element; `data-dialog-open` / `data-dialog-close`; the menu button.
(() => {
  "use strict";
  const htmxForm = "[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]";

  function fill(dialog, source) {
    const ok = dialog.querySelector("[data-confirm-ok]");
    dialog.querySelector("[data-confirm-text]").textContent = source.dataset.confirm;
    ok.textContent = source.dataset.confirmOk || ok.dataset.defaultText;
    ok.classList.toggle("btn-danger", source.dataset.confirmKind === "danger");
    ok.classList.toggle("btn-primary", source.dataset.confirmKind !== "danger");
  }

  function ask(source, proceed) {
    const dialog = document.getElementById("confirm-dialog");
    fill(dialog, source);
    dialog.returnValue = "cancel";
    dialog.addEventListener("close", () => dialog.returnValue === "ok" && proceed(), { once: true });
    dialog.showModal();
  }

  function asker(element, submitter) {
    if (submitter && submitter.dataset.confirm) return submitter;
    return element.dataset.confirm ? element : null;
  }

  document.addEventListener("htmx:confirm", (event) => {
    const trigger = event.detail.triggeringEvent;
    const source = asker(event.detail.elt, trigger && trigger.submitter);
    if (!source) return;
    event.preventDefault();
    ask(source, () => event.detail.issueRequest(true));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const source = asker(form, event.submitter);
    if (!source || form.matches(htmxForm)) return;
    if (form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    ask(source, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
    });
  });

  function toggle(button) {
    const target = document.getElementById(button.dataset.toggleTarget);
    const open = target.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    const closer = event.target.closest("[data-dialog-close]");
    const toggler = event.target.closest("[data-toggle-target]");
    if (opener) document.getElementById(opener.dataset.dialogOpen).showModal();
    if (closer) closer.closest("dialog").close();
    if (toggler) toggle(toggler);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("[data-toggle-target][aria-expanded=true]");
    if (!open) return;
    toggle(open);
    open.focus();
  });
})();
