// A button that copies the field named in data-copy.
(() => {
  "use strict";
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without https or permission there is only the old way.
      document.execCommand("copy");
    }
    button.querySelector("span").textContent = button.dataset.copied;
  });
})();
