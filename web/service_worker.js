// Keeps the page's own files in the browser, so that it opens without its server; the weights are kept by the page itself.
//
// The build writes three constants above this: FILES, the SHA-256 of each file by its address beside this script; LATER, the same of
// files that are kept once somebody has used them; and VERSION, a hash of both. A version is installed whole or not at all, and while one is installed its page is answered from it alone. All
// files but the page itself are named by their content, so that no page can ever meet another version's programs.
"use strict";

const FOLDER = new URL("./", self.location).pathname;
const PREFIX = `convscope ${FOLDER} page `;
const OWN = PREFIX + VERSION;
// Addresses of the page, beside this script.
const PAGES = ["", "index.html"];
// How often a newer version is asked to take over, and milliseconds between, each time so many more.
const TIMES = 6;
const PAUSE = 50;

self.addEventListener("install", event => event.waitUntil(install()));
// From the first visit on, without waiting for the second.
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("message", event => {
    if (event.data === "take over") self.skipWaiting();
    if (event.data === "tidy up") event.waitUntil(tidyUp());
});
self.addEventListener("fetch", event => {
    const url = new URL(event.request.url);
    const inside = url.origin === self.location.origin && url.pathname.startsWith(FOLDER);
    const name = url.pathname.slice(FOLDER.length);
    if (event.request.method !== "GET" || !inside || name.startsWith("weights/")) return;
    if (event.request.mode === "navigate") {
        if (PAGES.includes(name)) event.respondWith(open(event.request));
    } else {
        event.respondWith(answer(name, event.request));
    }
});

async function install() {
    try {
        const cache = await caches.open(OWN);
        for (const [name, sha256] of Object.entries(FILES)) await cache.put(name, await get(name, sha256));
    } catch (error) {
        await caches.delete(OWN);
        throw error;
    }
}

/** The file with that hash: from an older version, from the browser's own cache, or else from the server. */
async function get(name, sha256) {
    const ways = [() => caches.match(name), () => fetch(name), () => fetch(name, { cache: "reload" })];
    for (const way of ways) {
        const response = await way();
        if (!response?.ok) continue;
        const content = await response.arrayBuffer();
        const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
        if (Array.from(hash, byte => byte.toString(16).padStart(2, "0")).join("") !== sha256) continue;
        // A new answer: a page may not be opened from a redirected one, and the content is no longer compressed.
        const headers = new Headers(response.headers);
        headers.delete("Content-Encoding");
        headers.set("Content-Length", content.byteLength);
        return new Response(content, { headers });
    }
    throw new Error(`${name} is not the file of version ${VERSION}`);
}

/** The newer version that was asked to take over last, and how often. */
const asked = { version: null, times: 0 };

/** The page, in a newer version if one waits and no other window is open. One that does not take over, however often it is asked, waits on. */
async function open(request) {
    const { waiting } = self.registration;
    if (waiting !== asked.version) Object.assign(asked, { version: waiting, times: 0 });
    if (waiting && asked.times < TIMES && (await windows()).length < 2) {
        waiting.postMessage("take over");
        // Not by a Refresh header: the address may have a fragment, and to go where one is already loads nothing.
        const reload = `<script>setTimeout(() => location.reload(), ${PAUSE * asked.times++})</script>`;
        return new Response(reload, { headers: { "Content-Type": "text/html" } });
    }
    return (await (await caches.open(OWN)).match("./")) ?? fetch(request);
}

/** A file of this version, or of an older one whose page is still open in another window; or whatever the server says. */
async function answer(name, request) {
    const versions = (await caches.keys()).filter(name => name.startsWith(PREFIX) && name !== OWN);
    for (const version of [OWN, ...versions]) {
        const kept = await (await caches.open(version)).match(name);
        if (kept) return kept;
    }
    if (!(name in LATER)) return fetch(request);
    const response = await get(name, LATER[name]);
    await (await caches.open(OWN)).put(name, response.clone());
    return response;
}

/** Forgets older versions, unless a window may still show one, or a newer one is there already. */
async function tidyUp() {
    const { waiting, installing } = self.registration;
    if (waiting || installing || (await windows()).length > 1) return;
    const old = (await caches.keys()).filter(name => name.startsWith(PREFIX) && name !== OWN);
    await Promise.all(old.map(name => caches.delete(name)));
}

/** Windows and frames that show this page. Another copy of it in a folder below has a worker of its own. */
async function windows() {
    const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const pages = PAGES.map(name => FOLDER + name);
    return all.filter(client => pages.includes(new URL(client.url).pathname));
}
