// Short messages, and what happens when a part of a page cannot be loaded.
(() => {
  "use strict";
  const shownFor = 8000;
  const loginUrl = () => document.body.dataset.loginUrl;

  function visibleToasts() {
    return [...document.querySelectorAll("#toasts [data-toast]")];
  }

  function leaveLater(toast) {
    // Errors stay until they are closed: they may hold what to do next.
    if (toast.classList.contains("toast-danger") || toast.classList.contains("toast-error")) return;
    window.setTimeout(() => toast.remove(), shownFor);
  }

  function showToast(text, kind) {
    const same = visibleToasts().some((toast) => toast.querySelector(".toast-text").textContent === text);
    if (!text || same) return;
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    toast.classList.remove("toast-info");
    toast.classList.add(`toast-${kind || "info"}`);
    toast.querySelector(".toast-text").textContent = text;
    document.getElementById("toasts").append(toast);
    leaveLater(toast);
  }

  function isHtml(xhr) {
    return (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html");
  }

  function isWholePage(xhr) {
    return isHtml(xhr) && /^\s*<!doctype/i.test(xhr.responseText);
  }

  function jsonMessage(xhr) {
    try {
      const problem = JSON.parse(xhr.responseText);
      return problem.detail || problem.title || "";
    } catch {
      return "";
    }
  }

  function serverMessage(xhr) {
    const type = xhr.getResponseHeader("Content-Type") || "";
    if (type.includes("json")) return jsonMessage(xhr);
    if (type.startsWith("text/plain")) return xhr.responseText.slice(0, 300);
    if (!isHtml(xhr)) return "";
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const marked = page.querySelector("[data-error-message]");
    return marked ? marked.textContent.trim() : "";
  }

  function picksPart(detail) {
    return detail.selectOverride || detail.requestConfig.elt.closest("[hx-select]");
  }

  function sessionLost(xhr) {
    if (!loginUrl() || window.location.pathname === loginUrl()) return false;
    const landed = xhr.responseURL ? new URL(xhr.responseURL).pathname : "";
    return xhr.status === 401 || landed === loginUrl();
  }

  function goToLogin() {
    const back = encodeURIComponent(window.location.pathname + window.location.search);
    window.location.assign(`${loginUrl()}?next=${back}`);
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const xhr = event.detail.xhr;
    if (sessionLost(xhr)) {
      event.detail.shouldSwap = false;
      goToLogin();
    } else if (xhr.status >= 400 && event.detail.shouldSwap && (!isHtml(xhr) || isWholePage(xhr))) {
      // An error page or a problem document is not the fragment that was asked for.
      event.detail.shouldSwap = false;
      showToast(serverMessage(xhr) || document.body.dataset.textError, "danger");
    } else if (xhr.status < 300 && isWholePage(xhr) && !picksPart(event.detail)) {
      // A redirect led to another page: go there instead of nesting it in this one.
      event.detail.shouldSwap = false;
      window.location.assign(xhr.responseURL);
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    if (!sessionLost(xhr)) showToast(serverMessage(xhr) || document.body.dataset.textError, "danger");
  });

  document.addEventListener("htmx:sendError", () => showToast(document.body.dataset.textOffline, "warning"));
  document.addEventListener("htmx:timeout", () => showToast(document.body.dataset.textOffline, "warning"));
  document.addEventListener("toast", (event) => showToast(event.detail.text, event.detail.kind));

  document.addEventListener("htmx:beforeRequest", (event) => {
    // Parts that reload by themselves rest while nobody looks.
    const byItself = !event.detail.requestConfig.triggeringEvent;
    if (document.hidden && byItself && event.detail.requestConfig.verb === "get") event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-toast-close]");
    if (close) close.closest("[data-toast]").remove();
  });

  document.addEventListener("DOMContentLoaded", () => {
    visibleToasts().forEach(leaveLater);
    const errors = document.querySelector(".form-errors:not([data-sample] *)");
    if (errors) errors.focus();
  });
})();
