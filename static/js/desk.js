// The dispatcher's desk: keys, new orders said aloud, and refreshes that take neither the focus nor what was chosen.
(() => {
  "use strict";
  const small = window.matchMedia("(max-width: 991.98px)");
  const picked = new Set();
  const fresh = new Set();
  let known = null;
  let knownOf = "";
  let focused = null;

  const byId = (id) => document.getElementById(id);
  const rows = () => [...document.querySelectorAll("#queue .queue-item")];
  const linkOf = (row) => row && row.querySelector(".queue-link");
  const rowOf = (element) => element && element.closest("#queue .queue-item");
  const places = () => [...document.querySelectorAll("#panel .panel-exchange")];
  const inPanel = () => Boolean(document.activeElement.closest("#panel"));
  const inQueue = () => Boolean(document.activeElement.closest("#queue"));
  const toast = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind: "info" } }));

  function focus(element) {
    if (!element) return;
    element.focus({ preventScroll: true });
    (rowOf(element) || element.closest("tr") || element).scrollIntoView({ block: "nearest" });
  }

  // --- what is chosen, what is new, which order is open ---------------------------------------------------------
  function showPicked() {
    document.querySelectorAll(".queue-pick").forEach((box) => { box.checked = picked.has(box.value); });
    const count = byId("bulk-count");
    if (count) count.textContent = picked.size ? `(${picked.size})` : "";
  }

  function keepPicked() {
    const there = new Set([...document.querySelectorAll(".queue-pick")].map((box) => box.value));
    [...picked].filter((id) => !there.has(id)).forEach((id) => picked.delete(id));
    showPicked();
  }

  function showOpen() {
    const panel = byId("panel");
    const open = panel ? panel.dataset.order : "";
    rows().forEach((row) => {
      const chosen = row.dataset.order === open;
      row.classList.toggle("is-chosen", chosen);
      if (chosen) linkOf(row).setAttribute("aria-current", "true");
      else linkOf(row).removeAttribute("aria-current");
    });
  }

  function tellNew() {
    const queue = byId("queue");
    if (!queue) return;
    const present = rows();
    const filters = queue.getAttribute("hx-get");
    if (known && knownOf === filters) {
      const arrived = present.filter((row) => row.hasAttribute("data-waiting") && !known.has(row.dataset.order));
      arrived.forEach((row) => fresh.add(row.dataset.order));
      if (arrived.length) {
        byId("desk-news").textContent = byId("desk").dataset.textNew + arrived.map((row) => linkOf(row).textContent).join(" · ");
      }
    }
    known = new Set([...(knownOf === filters && known ? known : []), ...present.map((row) => row.dataset.order)]);
    knownOf = filters;
    present.forEach((row) => row.classList.toggle("is-new", fresh.has(row.dataset.order)));
  }

  function showCount(waiting) {
    const plain = document.title.replace(/^\(\d+\) /, "");
    const title = Number(waiting) ? `(${waiting}) ${plain}` : plain;
    if (document.title !== title) document.title = title;
  }

  // Parts do not renew themselves in a hidden tab; its title still says how much waits.
  async function countWhileHidden() {
    const head = byId("desk-head");
    if (!document.hidden || !head) return;
    try {
      const answer = await fetch(head.getAttribute("hx-get"), { headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("desk-head");
      if (found) showCount(found.dataset.waiting);
    } catch {
      // The next round tries again.
    }
  }

  // --- around each refresh ---------------------------------------------------------------------------------------
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    const active = document.activeElement;
    focused = target && target.contains(active) && active !== document.body ? { id: active.id, part: target.id } : null;
  });

  function keepFocus() {
    const lost = focused && (!document.activeElement || document.activeElement === document.body);
    if (lost) (byId(focused.id) || byId(focused.part) || document.body).focus({ preventScroll: true });
    focused = null;
  }

  function opened(event) {
    if (!event.detail.pathInfo || !event.detail.pathInfo.requestPath.includes("?open")) return;
    byId("desk").classList.add("is-open");
    fresh.delete(byId("panel").dataset.order);
    rows().forEach((row) => row.classList.toggle("is-new", fresh.has(row.dataset.order)));
    if (!small.matches) return;
    window.scrollTo(0, 0);
    byId("panel").focus({ preventScroll: true });
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const id = event.detail.target && event.detail.target.id;
    if (!byId("desk")) return;
    if (id === "queue") {
      keepPicked();
      tellNew();
    }
    if (id === "panel") opened(event);
    if (id === "panel" || id === "queue") showOpen();
    if (id === "desk-head") showCount(byId("desk-head").dataset.waiting);
    if (id === "bulk-body") {
      picked.clear();
      showPicked();
      byId("bulk-result").showModal();
    }
    keepFocus();
  });

  // --- by mouse --------------------------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    if (event.target.matches(".queue-pick")) {
      if (event.target.checked) picked.add(event.target.value);
      else picked.delete(event.target.value);
      showPicked();
    }
    if (event.target.id === "desk-keys") window.localStorage.setItem("desk-keys", event.target.checked ? "on" : "off");
  });

  document.addEventListener("reset", (event) => {
    if (event.target.id !== "bulk") return;
    picked.clear();
    window.setTimeout(showPicked);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#panel-back") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const here = new URL(window.location.href);
    here.searchParams.delete("order");
    if (!here.search) here.search = "?state=";
    window.history.pushState(null, "", here);
    byId("desk").classList.remove("is-open");
    focus(linkOf(byId(`queue-${byId("panel").dataset.order}`)));
  });

  // --- by keyboard -----------------------------------------------------------------------------------------------
  function step(by) {
    const list = inPanel() ? places() : rows().map(linkOf);
    const row = rowOf(document.activeElement);
    const at = list.indexOf(row && !inPanel() ? linkOf(row) : document.activeElement);
    const start = inPanel() ? 0 : Math.max(0, rows().findIndex((one) => one.classList.contains("is-chosen")));
    focus(list[at < 0 ? start : Math.min(list.length - 1, Math.max(0, at + by))]);
  }

  function newestWaiting() {
    const waiting = rows().filter((row) => row.hasAttribute("data-waiting"));
    waiting.sort((one, other) => Number(other.dataset.order) - Number(one.dataset.order));
    focus(linkOf(waiting[0]));
  }

  function pick() {
    const box = rowOf(document.activeElement) && rowOf(document.activeElement).querySelector(".queue-pick");
    if (box) box.click();
  }

  function exchange() {
    const own = document.activeElement.closest("tr");
    const link = (own && own.querySelector(".panel-exchange")) || places()[0];
    if (link) link.click();
  }

  function confirmAll() {
    const row = rowOf(document.activeElement);
    const words = byId("desk").dataset;
    const form = byId("confirm-all");
    // What is confirmed is what is to be seen: never an order that only has the focus.
    if (row && row.dataset.order !== byId("panel").dataset.order) toast(words.textOpenFirst);
    else if (form) form.requestSubmit();
    else toast(words.textNothing);
  }

  function intoPanel() {
    focus(places()[0] || byId("panel"));
  }

  function backToQueue() {
    focus(linkOf(document.querySelector("#queue .is-chosen") || rows()[0]));
  }

  const always = {
    j: () => step(1),
    k: () => step(-1),
    n: newestWaiting,
    c: confirmAll,
    x: () => (inQueue() ? pick() : exchange()),
    f: () => byId("id_text").focus(),
    "?": () => byId("desk-help").showModal(),
  };
  const queueKeys = { ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowRight: intoPanel, " ": pick };
  const panelKeys = { ArrowDown: () => step(1), ArrowUp: () => step(-1), ArrowLeft: backToQueue };

  function deedOf(event) {
    const active = document.activeElement;
    if (inQueue() && active.matches(".queue-link") && queueKeys[event.key]) return queueKeys[event.key];
    if (inPanel() && panelKeys[event.key]) return panelKeys[event.key];
    return window.localStorage.getItem("desk-keys") === "off" ? null : always[event.key];
  }

  document.addEventListener("keydown", (event) => {
    if (!byId("desk") || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    const deed = deedOf(event);
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  tellNew();
  const choice = byId("desk-keys");
  if (choice) choice.checked = window.localStorage.getItem("desk-keys") !== "off";
  window.setInterval(countWhileHidden, 30000);
})();
