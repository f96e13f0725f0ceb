// A part that is morphed keeps its elements. Until htmx settles it, a kept form would still send to its old address:
// the address of another order. So what was kept is read again at once.
(() => {
  "use strict";
  document.addEventListener("htmx:afterSwap", (event) => {
    const wasKept = "htmx-internal-data" in event.target;
    if (wasKept) window.htmx.process(event.target);
  });
})();
