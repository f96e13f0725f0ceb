// What others have changed on the board: asked for now and then, and only the rows that differ are drawn anew.
(() => {
  "use strict";
  const every = 15000;
  const most = 20;
  const watched = 400;
  const board = () => document.getElementById("week-board");
  const rows = () => [...board().querySelectorAll(".wk tbody tr[id]")].slice(0, watched);
  let asking = false;
  let again = false;

  // Nothing moves under a hand, an open menu or an open dialog.
  function busy() {
    return document.hidden || asking || document.querySelector("dialog[open], #week-menu:not([hidden]), #week-board[data-in-hand], .sortable-fallback") !== null;
  }

  async function ask(url) {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    return answer.ok && !answer.redirected ? answer : null;
  }

  async function drawn(ids) {
    const { rows: address, query } = board().dataset;
    const found = new Map();
    for (let first = 0; first === 0 || first < ids.length; first += most) {
      const only = ids.slice(first, first + most).map((id) => id.slice(1)).join(",");
      const answer = await ask(`${address}?${query}&only=${only}`);
      if (!answer) return null;
      const holder = document.createElement("template");
      holder.innerHTML = `<table><tbody>${await answer.text()}</tbody></table>`;
      holder.content.querySelectorAll("tr[id]").forEach((row) => found.set(row.id, row));
    }
    return found;
  }

  function put(fresh, before) {
    const old = document.getElementById(fresh.id);
    if (old) {
      window.Idiomorph.morph(old, fresh, { morphStyle: "outerHTML" });
      return old;
    }
    board().querySelector(".wk tbody").insertBefore(fresh, before);
    return fresh;
  }

  // What somebody is about to read stays where it is on the screen, whatever grows above it.
  function still(change) {
    const part = board().querySelector(".wk-scroll");
    const top = part.getBoundingClientRect().top;
    const anchor = rows().find((row) => row.getBoundingClientRect().bottom > top + 60);
    const before = anchor ? anchor.getBoundingClientRect().top : 0;
    change();
    if (anchor?.isConnected && part.scrollTop > 0) part.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  function apply(news, fresh, stale, gone) {
    gone.filter((row) => !row.contains(document.activeElement)).forEach((row) => row.remove());
    let next = null;
    [...news.rows].reverse().forEach(([id]) => {
      if (stale.has(id) && fresh.has(id)) next = put(fresh.get(id), next || board().querySelector(".wk-more"));
      else next = document.getElementById(id) || next;
    });
    news.above.forEach(([id]) => { if (stale.has(id) && fresh.has(id)) put(fresh.get(id), null); });
  }

  async function look() {
    const { news: address, query, from } = board().dataset;
    const shown = rows();
    if (!shown.length) return;
    const answer = await ask(`${address}?${query}&from=${from}&until=${shown.length}`);
    if (!answer) return;
    const news = await answer.json();
    const marks = new Map([...news.rows, ...news.above]);
    const stale = new Set([...marks].filter(([id, mark]) => document.getElementById(id)?.dataset.mark !== mark).map(([id]) => id));
    const gone = shown.filter((row) => row.isConnected && !marks.has(row.id));
    if (!stale.size && !gone.length) return;
    const fresh = await drawn([...stale].filter((id) => id !== "week-open"));
    asking = false;
    if (!fresh || busy()) return;
    still(() => apply(news, fresh, stale, gone));
    document.dispatchEvent(new CustomEvent("week:drawn"));
    const line = document.getElementById("week-news");
    line.textContent = line.dataset.text.replace("{n}", stale.size + gone.length);
  }

  async function poll() {
    again = asking;
    if (!board() || busy()) return;
    asking = true;
    try {
      await look();
    } catch (error) {
      // Offline for a moment: the next turn asks again.
      if (!(error instanceof TypeError)) throw error;
    } finally {
      asking = false;
      // Somebody came back while an answer was on its way: it may be older than what they come back for.
      if (again) poll();
    }
  }

  window.setInterval(poll, every);
  document.addEventListener("visibilitychange", poll);
})();
