// The week board: the menu of a chip, the dialog it leads to, and rows drawn anew after a change.
(() => {
  "use strict";
  const board = () => document.getElementById("week-board");
  const menu = document.getElementById("week-menu");
  const dialog = document.getElementById("week-dialog");
  const body = document.getElementById("week-dialog-body");
  const ahead = 900;
  let opener = null;
  let returnTo = "";
  let drawing = false;

  const address = (kind, id) => board().dataset[kind].replace("/0/", `/${id}/`);
  const items = () => [...menu.querySelectorAll("[role=menuitem]:not([hidden])")];

  function tell(name, detail) {
    document.dispatchEvent(new CustomEvent(name, { detail }));
  }

  function fill(chip) {
    const movable = "can" in chip.dataset;
    const taken = !chip.dataset.seen.endsWith(":");
    const [assign, move, clear, order] = menu.querySelectorAll("[role=menuitem]");
    assign.hidden = !movable;
    assign.href = address("assign", chip.dataset.place);
    assign.textContent = taken ? assign.dataset.textTaken : assign.dataset.textOpen;
    move.hidden = !movable || !taken;
    move.href = address("move", chip.dataset.place);
    clear.hidden = !movable || !taken;
    clear.href = address("clear", chip.dataset.place);
    order.href = address("order", chip.dataset.order);
  }

  function place(chip) {
    const box = chip.getBoundingClientRect();
    const high = menu.offsetHeight;
    const below = box.bottom + high + 8 < window.innerHeight;
    menu.style.insetBlockStart = `${below ? box.bottom + 2 : Math.max(8, box.top - high - 2)}px`;
    menu.style.insetInlineStart = `${Math.max(8, Math.min(box.left, window.innerWidth - menu.offsetWidth - 8))}px`;
  }

  function open(chip) {
    if (opener) close(false);
    opener = chip;
    fill(chip);
    menu.hidden = false;
    chip.setAttribute("aria-expanded", "true");
    place(chip);
    items()[0].focus();
    if ("can" in chip.dataset) tell("week:taken-up", { chip });
  }

  function close(back) {
    if (!opener) return;
    const chip = opener;
    opener = null;
    menu.hidden = true;
    chip.removeAttribute("aria-expanded");
    if (back) chip.focus();
    tell("week:put-down", { chip });
  }

  function ask(verb, url, chip, values) {
    returnTo = chip ? chip.dataset.place : "";
    window.htmx.ajax(verb, url, { target: body, swap: "innerHTML", values: values || {} });
  }

  // The same way for the mouse, the keyboard and the menu: an eligible, unbooked place at once, all else by the dialog.
  function give(chip, worker, at_once) {
    const url = address("assign", chip.dataset.place);
    if (at_once && !("held" in chip.dataset)) ask("POST", url, chip, { worker, seen: chip.dataset.seen });
    else ask("GET", `${url}?worker=${worker}`, chip);
  }

  // From one place to another: as `give`, where neither place has anybody who said yes.
  function move(chip, to, at_once) {
    const url = address("move", chip.dataset.place);
    const place = to.dataset.place;
    const worker = chip.dataset.worker;
    const values = { worker, seen: chip.dataset.seen, to: `${place}.${to.dataset.seen}` };
    if (at_once && !("held" in chip.dataset) && !("held" in to.dataset)) ask("POST", url, to, values);
    else ask("GET", `${url}?to=${place}`, to);
  }

  function step(event) {
    const all = items();
    const here = all.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      close(true);
      if (event.key === "Tab") return;
    } else if (event.key === " ") document.activeElement.click();
    else if (to === undefined) return;
    else all[to % all.length].focus();
    event.preventDefault();
  }

  async function redraw(detail) {
    drawing = true;
    try {
      await fetchRows(detail);
    } finally {
      drawing = false;
    }
    focusAgain();
  }

  async function fetchRows(detail) {
    const { view, rows, query } = board().dataset;
    const ids = view === "places" ? detail.orders : detail.people;
    const answer = await fetch(`${rows}?${query}&only=${ids.join(",")}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const holder = document.createElement("template");
    holder.innerHTML = `<table><tbody>${await answer.text()}</tbody></table>`;
    holder.content.querySelectorAll("tr[id]").forEach((row) => {
      const old = document.getElementById(row.id);
      if (old) old.replaceWith(row);
      window.htmx.process(row);
      prepare(row);
    });
  }

  function focusAgain() {
    if (dialog.open || drawing || !returnTo) return;
    const chip = board().querySelector(`.wk-chip[data-place="${returnTo}"]`) || board().querySelector("#week-open .wk-chip");
    returnTo = "";
    (chip || board().querySelector(".wk-scroll"))?.focus({ preventScroll: true });
  }

  // The next slice is asked for before its place comes into sight.
  function fetchAhead(part) {
    if (!(part instanceof Element) || !part.matches(".wk-scroll")) return;
    const more = part.querySelector(".wk-more");
    if (more && part.scrollHeight - part.scrollTop - part.clientHeight < ahead) window.htmx.trigger(more, "near");
  }

  // A chip is a link without scripts, and a button with a menu with them.
  function prepare(root) {
    root.querySelectorAll("a.wk-chip").forEach((chip) => {
      chip.setAttribute("role", "button");
      chip.setAttribute("aria-haspopup", "menu");
    });
  }

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("a.wk-chip");
    if (chip && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (opener === chip) close(true);
      else open(chip);
      return;
    }
    const item = event.target.closest("#week-menu [role=menuitem]");
    if (item && item.dataset.act !== "order") {
      event.preventDefault();
      const chip_of = opener;
      close(true);
      ask("GET", item.getAttribute("href"), chip_of);
    } else if (!item) close(false);
  });

  document.addEventListener("keydown", (event) => {
    const chip = event.target.closest("a.wk-chip");
    if (chip && (event.key === " " || event.key === "ArrowDown")) {
      event.preventDefault();
      open(chip);
    } else if (event.target.closest("#week-menu")) step(event);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === body && !dialog.open) dialog.showModal();
    else if (event.detail.target !== body) prepare(document);
  });

  document.addEventListener("htmx:afterSettle", () => fetchAhead(board().querySelector(".wk-scroll")));

  document.addEventListener("week-changed", (event) => {
    redraw(event.detail);
    if (event.detail.done && dialog.open) dialog.close();
  });

  document.addEventListener("week:give", (event) => give(event.detail.chip, event.detail.worker, event.detail.fits));
  document.addEventListener("week:move", (event) => move(event.detail.chip, event.detail.to, event.detail.fits));
  document.addEventListener("week:drawn", () => {
    window.htmx.process(board());
    prepare(board());
  });
  dialog.addEventListener("close", focusAgain);
  document.addEventListener("scroll", (event) => {
    if (opener) place(opener);
    fetchAhead(event.target);
  }, true);
  window.addEventListener("resize", () => close(false));
  prepare(document);
})();
