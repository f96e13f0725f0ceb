// The search box of the frame: "/" goes there, the arrows walk the suggestions, Enter opens one, Escape closes them.
(() => {
  "use strict";
  const input = document.getElementById("search-input");
  const list = document.getElementById("search-hits");
  if (!input || !list) return;

  const hits = () => [...list.querySelectorAll("a[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function choose(hit) {
    const before = chosen();
    if (before) before.setAttribute("aria-selected", "false");
    if (!hit) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    hit.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", hit.id);
    hit.scrollIntoView({ block: "nearest" });
  }

  function show(open) {
    const shown = open && list.childElementCount > 0;
    list.classList.toggle("is-open", shown);
    input.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(null);
  }

  function step(by) {
    const all = hits();
    if (!all.length) return;
    show(true);
    const at = all.indexOf(chosen());
    choose(all[at === -1 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
  }

  function typing(target) {
    return target.isContentEditable || target.matches("input, textarea, select");
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    } else if (event.key === "Escape" && list.classList.contains("is-open")) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    }
  });

  input.addEventListener("focus", () => show(input.value.trim() !== ""));
  document.addEventListener("focusin", (event) => {
    if (!event.target.closest("#search-box")) show(false);
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("#search-box")) show(false);
  });
  list.addEventListener("htmx:afterSwap", () => show(document.activeElement === input));

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
