// The board of places: a person is taken from the list or from a place and dropped on another place.
// What they could take is marked while they are in hand.
(() => {
  "use strict";
  const board = () => document.getElementById("week-board");
  let held = null;
  let known = null;
  let over = null;

  function clear() {
    board().querySelectorAll(".wk-fit").forEach((note) => note.remove());
    board().querySelectorAll(".wk-block.fits, .wk-block.fits-not").forEach((block) => block.classList.remove("fits", "fits-not"));
    point(null);
    known = null;
  }

  function point(chip) {
    if (over) over.classList.remove("is-over");
    over = chip;
    if (over) over.classList.add("is-over");
  }

  function mark(block, kind, words) {
    const note = document.createElement("span");
    note.className = "wk-fit";
    note.textContent = words.split("\n")[0];
    note.title = words;
    block.classList.add(kind);
    block.querySelector(".wk-block-head").append(note);
  }

  function show(answer) {
    const words = board().dataset;
    const why = new Map();
    answer.out.forEach((group) => group.ids.forEach((id) => why.set(String(id), group.why)));
    board().querySelectorAll(".wk-block").forEach((block) => {
      const id = block.dataset.shift;
      if (!block.querySelector("[data-can]")) return;
      if (id in answer.scores) mark(block, "fits", `✓ ${words.textCan} ${answer.scores[id]}`);
      else if (why.has(id)) mark(block, "fits-not", `✕ ${why.get(id) || words.textCannot}`);
    });
    known = answer;
  }

  async function look(person) {
    const words = board().dataset;
    const rows = board().querySelectorAll(".wk tbody tr[id]").length;
    const leaving = person.dataset.place ? `&leaving=${person.dataset.place}` : "";
    const url = `${words.reach.replace("/0/", `/${person.dataset.worker}/`)}?${words.query}&until=${rows}${leaving}`;
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (held === person && answer.ok) show(await answer.json());
  }

  function target(event) {
    const chip = held && event.target instanceof Element && event.target.closest(".wk-chip[data-can]");
    return chip && chip !== held && chip.closest(".wk-block") !== held.closest(".wk-block") ? chip : null;
  }

  document.addEventListener("dragstart", (event) => {
    const person = event.target instanceof Element && event.target.closest("#week-board[data-view=places] [draggable=true][data-worker]");
    if (!person) return;
    held = person;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", person.textContent.trim());
    board().dataset.inHand = "";
    look(person);
  });

  document.addEventListener("dragover", (event) => {
    if (!held) return;
    const chip = target(event);
    point(chip);
    if (chip) event.preventDefault();
  });

  document.addEventListener("drop", (event) => {
    const chip = target(event);
    if (!chip) return;
    event.preventDefault();
    const worker = held.dataset.worker;
    const fits = Boolean(known && chip.closest(".wk-block").dataset.shift in known.scores);
    const detail = held.dataset.place ? { chip: held, to: chip, fits } : { chip, worker, fits };
    document.dispatchEvent(new CustomEvent(held.dataset.place ? "week:move" : "week:give", { detail }));
  });

  document.addEventListener("dragend", () => {
    if (!held) return;
    held = null;
    delete board().dataset.inHand;
    clear();
  });
})();
