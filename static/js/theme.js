// Loaded before the first paint: turns the choice auto/light/dark into the theme in force, and switches it.
(() => {
  "use strict";
  const root = document.documentElement;
  const choices = ["auto", "light", "dark"];
  const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
  const oneYear = 31536000;

  function apply() {
    const choice = root.dataset.themeChoice;
    const dark = choice === "dark" || (choice !== "light" && systemDark.matches);
    root.setAttribute("data-bs-theme", dark ? "dark" : "light");
    document.querySelectorAll("[data-theme-switch]").forEach((button) => {
      button.setAttribute("aria-label", button.getAttribute(`data-name-${choice}`));
    });
  }

  function choose(choice) {
    const secure = window.location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${choice}; Path=/; Max-Age=${oneYear}; SameSite=Lax${secure}`;
    root.dataset.themeChoice = choice;
    apply();
  }

  if (!choices.includes(root.dataset.themeChoice)) root.dataset.themeChoice = "auto";
  apply();
  systemDark.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    choose(choices[(choices.indexOf(root.dataset.themeChoice) + 1) % choices.length]);
  });
})();
