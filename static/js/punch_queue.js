// Punches that could not be sent wait here, on the phone, until they can. Used by the page and by the service worker.
((scope) => {
  "use strict";
  const store = "queue";

  function opened() {
    return new Promise((resolve, reject) => {
      if (!scope.indexedDB) {
        reject(new Error("no storage"));
        return;
      }
      const asked = scope.indexedDB.open("punches", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(store, { keyPath: "n", autoIncrement: true });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function use(mode, deed) {
    const db = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const change = db.transaction(store, mode);
        const asked = deed(change.objectStore(store));
        change.oncomplete = () => resolve(asked.result);
        change.onerror = change.onabort = () => reject(change.error);
      });
    } finally {
      db.close();
    }
  }

  const all = () => use("readonly", (rows) => rows.getAll());
  const add = (entry) => use("readwrite", (rows) => rows.add(entry));
  const change = (entry) => use("readwrite", (rows) => rows.put(entry));
  const remove = (n) => use("readwrite", (rows) => rows.delete(n));

  // A token of its own for every round: the one in a page kept from this morning may have been replaced by a login.
  async function ticket(address) {
    const answer = await fetch(address, { cache: "no-store", redirect: "manual", headers: { "HX-Request": "true" } });
    return answer.ok && !answer.headers.get("HX-Redirect") ? answer.json() : null;
  }

  function body(entry) {
    const form = new FormData();
    entry.fields.forEach(([name, value]) => form.append(name, value));
    form.set("at", entry.at);
    form.set("queued", "1");
    form.set("punch_key", entry.key);
    return form;
  }

  function said(html) {
    const part = /data-trouble[\s\S]*?<strong>([\s\S]*?)<\/strong>/.exec(html);
    return part ? part[1].replace(/<[^>]+>/g, " ").trim() : "";
  }

  // "sent", "refused" (the server has judged: shown and kept), or "later" (no judgement: asked again).
  async function post(entry, token) {
    const headers = { "HX-Request": "true", "X-CSRFToken": token };
    const answer = await fetch(entry.url, { method: "POST", body: body(entry), headers, redirect: "manual" });
    if (answer.ok && !answer.headers.get("HX-Redirect")) return "sent";
    const judged = answer.status >= 400 && answer.status < 500 && ![401, 408, 425, 429].includes(answer.status);
    if (!judged) return "later";
    if (answer.status === 403 && !entry.doubted) {
      await change({ ...entry, doubted: true });
      return "later";
    }
    await change({ ...entry, state: "refused", why: said(await answer.text()) });
    return "refused";
  }

  async function round(address) {
    const waiting = (await all()).filter((entry) => entry.state === "waiting");
    if (!waiting.length) return 0;
    const allowed = await ticket(address);
    if (!allowed) return 0;
    let judged = 0;
    for (const entry of waiting.filter((each) => each.owner === allowed.owner)) {
      const outcome = await post(entry, allowed.token);
      if (outcome === "later") break;
      if (outcome === "sent") await remove(entry.n);
      judged += 1;
    }
    return judged;
  }

  // One at a time, in order; where a browser cannot lock, a punch sent twice changes nothing on the server.
  async function send(address) {
    const locks = scope.navigator.locks;
    try {
      return await (locks ? locks.request("punches", () => round(address)) : round(address));
    } catch {
      return 0;
    }
  }

  scope.PunchQueue = { add, all, remove, send };
})(self);
