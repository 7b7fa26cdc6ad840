// @ts-check
/// <reference lib="webworker" />
/**
 * Keeps the site for readers without a network. Online it asks the network first, so nothing that
 * is shown is old; what it has kept answers when the network does not.
 *
 * `offline.json` lists the files, each with a digest: a new version takes over unchanged files from
 * the old one. Styles and scripts are fetched at once, pages when the page says that it is idle.
 */

const VERSION = "not published";
const PREFIX = "llms-computed-";
const CACHE = PREFIX + VERSION;
const PATIENCE_MILLISECONDS = 4000;
const AT_ONCE = 4;

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const root = new URL("./", worker.location.href);
const list = new URL("offline.json", root).href;

/** @typedef {Record<string, [string, string][]>} Kept */

/** @param {string} cache @returns {Promise<Kept>} */
async function listOf(cache) {
  const answer = await (await caches.open(cache)).match(list);
  return answer ? answer.json() : {};
}

/** Fetches what every page needs, and what an older version has already. */
async function install() {
  const cache = await caches.open(CACHE);
  await cache.add(new Request(list, { cache: "no-cache" }));
  const kept = await listOf(CACHE);
  for (const old of await caches.keys()) {
    if (!old.startsWith(PREFIX) || old === CACHE) continue;
    const before = new Map(Object.values(await listOf(old)).flat());
    const older = await caches.open(old);
    for (const [path, digest] of Object.values(kept).flat()) {
      const answer = before.get(path) === digest && (await older.match(new URL(path, root)));
      if (answer) await cache.put(new URL(path, root), answer);
    }
  }
  await fill(kept.shared ?? []);
  await worker.skipWaiting();
}

/** Fetches what is not there yet, a few at a time. @param {[string, string][]} files */
async function fill(files) {
  const cache = await caches.open(CACHE);
  const waiting = files.map(([path]) => new URL(path, root).href);
  const take = async () => {
    for (let url = waiting.shift(); url; url = waiting.shift()) {
      if (await cache.match(url)) continue;
      try {
        await cache.add(url);
      } catch {
        return; // no network any more; the next visit goes on
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

/** Keeps all pages, those of the reader's language first. @param {string} language */
async function keep(language) {
  const { shared = [], ...pages } = await listOf(CACHE);
  await fill(shared);
  await fill(pages[language] ?? []);
  for (const files of Object.values(pages)) await fill(files);
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await worker.clients.claim();
}

/** @param {Request} request @returns {Promise<Response>} */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreSearch: true });
  const signal = kept ? AbortSignal.timeout(PATIENCE_MILLISECONDS) : null;
  try {
    return await fetch(request, { signal });
  } catch (error) {
    if (kept) return kept;
    const page = request.mode === "navigate" && (await cache.match(new URL("404.html", root)));
    if (page) return page;
    throw error;
  }
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  if (typeof event.data?.keep === "string") event.waitUntil(keep(event.data.keep));
});
worker.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(root.href)) event.respondWith(answer(event.request));
});
