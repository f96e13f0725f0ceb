// Who could take a place is marked while it is in hand; dropping it on a person's day gives it to them.
(() => {
  "use strict";
  const board = () => document.getElementById("week-board");
  const targets = [];
  let known = null;
  let asking = null;
  let held = null;

  function mark(row, kind, words) {
    row.classList.add(kind);
    const note = document.createElement("span");
    note.className = "wk-fit";
    note.textContent = words.split("\n")[0];
    note.title = words;
    row.querySelector(".wk-who").append(note);
  }

  function clear() {
    board().querySelectorAll(".wk-fit").forEach((note) => note.remove());
    board().querySelectorAll(".fits, .fits-not, .holds").forEach((row) => row.classList.remove("fits", "fits-not", "holds"));
    board().querySelectorAll(".is-target").forEach((cell) => cell.classList.remove("is-target"));
    known = null;
  }

  function show(answer, chip) {
    const words = board().dataset;
    const why = new Map();
    answer.out.forEach((group) => group.ids.forEach((id) => why.set(String(id), group.why)));
    board().querySelectorAll("tr[data-worker]").forEach((row) => {
      const id = row.dataset.worker;
      if (id === String(answer.holder)) mark(row, "holds", words.textHolder);
      else if (id in answer.scores) mark(row, "fits", `✓ ${words.textCan} ${answer.scores[id]}`);
      else if (why.has(id)) mark(row, "fits-not", `✕ ${why.get(id) || words.textCannot}`);
      else return;
      row.querySelector(`td[data-day="${chip.dataset.day}"]`).classList.add("is-target");
    });
    known = answer;
  }

  async function look(chip) {
    clear();
    if (board().dataset.view !== "people") return;
    const url = board().dataset.fit.replace("/0/", `/${chip.dataset.place}/`);
    const rows = board().querySelectorAll("tr[data-worker]").length;
    const mine = (asking = {});
    const answer = await fetch(`${url}?${board().dataset.query}&until=${rows}`, { headers: { "HX-Request": "true" } });
    if (asking !== mine || !answer.ok) return;
    show(await answer.json(), chip);
  }

  function forget() {
    asking = null;
    clear();
  }

  function say(text) {
    document.body.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { kind: "info", text } }));
  }

  function drop(chip, cell) {
    const worker = cell.closest("tr").dataset.worker;
    if (cell.dataset.day !== chip.dataset.day) say(board().dataset.textOtherDay);
    else document.dispatchEvent(new CustomEvent("week:give", {
      detail: { chip, worker, fits: Boolean(known && known.place === Number(chip.dataset.place) && worker in known.scores) },
    }));
  }

  const shared = { group: "week", sort: false, draggable: ".wk-chip[data-can]", forceFallback: true, fallbackOnBody: true, fallbackTolerance: 5, delay: 200, delayOnTouchOnly: true, ghostClass: "wk-ghost", chosenClass: "wk-held", scrollSensitivity: 60 };

  function start(event) {
    held = { chip: event.item, next: event.item.nextSibling, from: event.from };
    board().querySelectorAll(`tr[data-worker] td[data-day="${event.item.dataset.day}"]`).forEach((cell) => {
      if (!window.Sortable.get(cell)) targets.push(window.Sortable.create(cell, shared));
    });
    look(event.item);
  }

  function end(event) {
    const { chip, next, from } = held;
    // The server decides; until it has, everything stays where it was.
    from.insertBefore(chip, next);
    if (event.to !== from && event.to.closest("tr").dataset.worker) drop(chip, event.to);
    window.setTimeout(() => targets.splice(0).forEach((each) => each.destroy()));
    forget();
  }

  function ready(event) {
    const cell = event.target.closest("#week-board[data-view=people] td[data-day]");
    const chip = event.target.closest(".wk-chip[data-can]");
    if (!cell || !chip || window.Sortable.get(cell)) return;
    window.Sortable.create(cell, { ...shared, onStart: start, onEnd: end });
  }

  // Only a cell that is touched becomes a source: hundreds of them need nothing before.
  document.addEventListener("pointerdown", ready, true);
  document.addEventListener("week:taken-up", (event) => look(event.detail.chip));
  document.addEventListener("week:put-down", forget);
})();
