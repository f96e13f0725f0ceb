// Between the worker's pages and the network. `SHELL` stands before this: version, files, pages, offline, leave, queue, ticket.
/* global SHELL, PunchQueue, importScripts */
"use strict";
importScripts(SHELL.queue);

const shell = `shell-${SHELL.version}`;
const pages = "pages";
const files = new Set(SHELL.files);
const patience = 8000;

const forget = () => caches.delete(pages);

async function install() {
  const cache = await caches.open(shell);
  // The page for "no connection" is fetched as a stranger: it holds nothing of anybody.
  const stranger = new Request(SHELL.offline, { credentials: "omit", cache: "reload" });
  await cache.addAll([...SHELL.files, stranger]);
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== shell && name !== pages).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function file(request) {
  const kept = await (await caches.open(shell)).match(request, { ignoreVary: true });
  return kept || fetch(request);
}

// One person's pages at a time: those of whoever was here before are gone with the first page of somebody else.
async function keep(path, answer) {
  const owner = answer.headers.get("X-Page-Owner");
  if (!owner) return;
  const cache = await caches.open(pages);
  for (const request of await cache.keys()) {
    const other = await cache.match(request);
    if (other && other.headers.get("X-Page-Owner") !== owner) await cache.delete(request);
  }
  await cache.put(path, answer);
}

async function lastCopy(path) {
  const kept = await (await caches.open(pages)).match(path, { ignoreVary: true });
  if (!kept) return null;
  const text = await kept.text();
  const headers = new Headers(kept.headers);
  ["Content-Encoding", "Content-Length"].forEach((name) => headers.delete(name));
  // The page has the line about its age ready, hidden.
  const shown = text.replace("<body ", '<body data-kept="yes" ').replace('id="offline-bar" hidden', 'id="offline-bar"');
  return new Response(shown, { headers });
}

async function fromNetwork(request, path) {
  const answer = await fetch(request);
  if (answer.type === "opaqueredirect") await forget();
  else if (answer.ok && !answer.redirected) await keep(path, answer.clone());
  return answer;
}

const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds, null));

async function page(event, path) {
  const asked = fromNetwork(event.request, path);
  event.waitUntil(asked.catch(() => null));
  try {
    const first = await Promise.race([asked, later(patience)]);
    if (first && first.status < 502) return first;
    return (await lastCopy(path)) || (await asked);
  } catch {
    return (await lastCopy(path)) || noConnection();
  }
}

async function noConnection() {
  return (await (await caches.open(shell)).match(SHELL.offline, { ignoreVary: true })) || Response.error();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    if (SHELL.leave.includes(url.pathname)) event.waitUntil(forget());
  } else if (files.has(url.pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate") {
    const kept = SHELL.pages.includes(url.pathname + url.search);
    event.respondWith(kept ? page(event, url.pathname) : fetch(request).catch(noConnection));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "punches") event.waitUntil(PunchQueue.send(SHELL.ticket));
});
