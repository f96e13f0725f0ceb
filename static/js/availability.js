// The week as a grid of hours, painted with one thumb, by mouse or by keys; and a slider beside a number.
(() => {
  "use strict";
  const DAYS = 7;
  const HOURS = 24;

  function element(name, attributes, text = "") {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.textContent = text;
    return made;
  }

  function clock(hour) {
    return `${String(hour).padStart(2, "0")}:00`;
  }

  function start(form) {
    const holder = form.querySelector("[data-free-grid]");
    const words = holder.dataset;
    const days = words.days.split(",");
    const seen = form.elements.seen.value;
    const state = [...seen];
    const cells = [];
    let stroke = null;

    function index(day, hour) { return day * HOURS + hour; }

    function show(at) {
      const [day, hour] = [Math.floor(at / HOURS), at % HOURS];
      const word = { 0: words.textBusy, 1: words.textFree, p: words.textPart }[state[at]];
      cells[at].setAttribute("aria-selected", String(state[at] === "1"));
      cells[at].dataset.state = state[at];
      cells[at].setAttribute("aria-label", `${days[day]} ${clock(hour)}–${clock(hour + 1)} ${word}`);
    }

    function total() {
      const changed = state.join("") !== seen;
      const hours = state.filter((each) => each === "1").length;
      const text = changed ? words.textChanged : words.textTotal;
      form.querySelector("[data-free-total]").textContent = text.replace("{hours}", String(hours));
      form.elements.wanted.value = state.join("");
      form.querySelectorAll("[data-free-save], [data-free-reset]").forEach((button) => { button.disabled = !changed; });
    }

    function set(at, value) {
      if (state[at] === value) return;
      state[at] = value;
      show(at);
    }

    // Everything between where the stroke began and where it is now; the rest is as it was before the stroke.
    function paint(to) {
      const [fromDay, fromHour] = [Math.floor(stroke.from / HOURS), stroke.from % HOURS];
      const [toDay, toHour] = [Math.floor(to / HOURS), to % HOURS];
      for (let at = 0; at < DAYS * HOURS; at += 1) {
        const [day, hour] = [Math.floor(at / HOURS), at % HOURS];
        const inside = (day - fromDay) * (day - toDay) <= 0 && (hour - fromHour) * (hour - toHour) <= 0;
        set(at, inside ? stroke.value : stroke.before[at]);
      }
      total();
    }

    function begin(at) {
      stroke = { from: at, value: state[at] === "1" ? "0" : "1", before: [...state] };
    }

    function focus(at) {
      cells.forEach((cell, other) => { cell.tabIndex = other === at ? 0 : -1; });
      cells[at].focus();
    }

    function cellAt(event) {
      const found = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-cell]");
      return found && holder.contains(found) ? Number(found.dataset.cell) : null;
    }

    function header() {
      const row = element("tr", {});
      row.append(element("td", {}));
      days.forEach((name, day) => {
        const head = element("th", { scope: "col" });
        const button = element("button", { type: "button", class: "free-day" }, name);
        button.setAttribute("aria-label", words.textDay.replace("{day}", name));
        button.addEventListener("click", () => {
          const all = state.slice(day * HOURS, day * HOURS + HOURS).every((each) => each === "1");
          for (let hour = 0; hour < HOURS; hour += 1) set(index(day, hour), all ? "0" : "1");
          total();
        });
        head.append(button);
        row.append(head);
      });
      return row;
    }

    function hourRow(hour) {
      const row = element("tr", {});
      row.append(element("th", { scope: "row", class: "num" }, clock(hour)));
      days.forEach((_name, day) => {
        const at = index(day, hour);
        cells[at] = element("td", { role: "gridcell", tabindex: at === 9 ? "0" : "-1", "data-cell": String(at) });
        row.append(cells[at]);
      });
      return row;
    }

    const table = element("table", { class: "free-grid", role: "grid", "aria-label": words.label, "aria-multiselectable": "true" });
    table.setAttribute("aria-describedby", "free-how");
    const [head, body] = [element("thead", {}), element("tbody", {})];
    head.append(header());
    for (let hour = 0; hour < HOURS; hour += 1) body.append(hourRow(hour));
    table.append(head, body);
    holder.append(table);
    state.forEach((_each, at) => show(at));
    total();
    form.hidden = false;

    body.addEventListener("pointerdown", (event) => {
      const cell = event.target.closest("[data-cell]");
      if (!cell || event.button > 0) return;
      event.preventDefault();
      const at = Number(cell.dataset.cell);
      cell.releasePointerCapture?.(event.pointerId);
      focus(at);
      begin(at);
      paint(at);
    });
    body.addEventListener("pointermove", (event) => {
      const at = stroke ? cellAt(event) : null;
      if (at !== null) paint(at);
    });
    ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => { stroke = null; }));

    const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    body.addEventListener("keydown", (event) => {
      const cell = event.target.closest("[data-cell]");
      if (!cell) return;
      const at = Number(cell.dataset.cell);
      if (event.key === " " || event.key === "Enter") {
        event.preventDefault();
        begin(at);
        paint(at);
        stroke = null;
        return;
      }
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      const day = Math.min(DAYS - 1, Math.max(0, Math.floor(at / HOURS) + move[0]));
      const hour = Math.min(HOURS - 1, Math.max(0, (at % HOURS) + move[1]));
      // With shift the cell that is left gives its state to the one that is entered.
      if (event.shiftKey) {
        set(index(day, hour), state[at] === "1" ? "1" : "0");
        total();
      }
      focus(index(day, hour));
    });

    form.querySelector("[data-free-reset]").addEventListener("click", () => {
      [...seen].forEach((value, at) => set(at, value));
      total();
    });
  }

  function slide(number) {
    const slider = element("input", { type: "range", class: "form-range", min: number.min || "1", max: number.dataset.slider });
    slider.setAttribute("aria-label", document.querySelector(`label[for="${number.id}"]`)?.textContent.trim() ?? "");
    slider.value = number.value;
    slider.addEventListener("input", () => { number.value = slider.value; });
    number.addEventListener("input", () => { slider.value = number.value; });
    number.before(slider);
  }

  document.querySelectorAll("[data-free-form]").forEach(start);
  document.querySelectorAll("input[data-slider]").forEach(slide);
})();
