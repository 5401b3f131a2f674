// Takes the place of a service worker of the same address where pages must always be fresh, as those of `cargo xtask serve`,
// or where the port is not theirs alone, as that of `convscope open`: forgets what the other one kept, opens its pages anew, and goes.
"use strict";

const FOLDER = new URL("./", self.location).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(leave()));

async function leave() {
    const kept = (await caches.keys()).filter(name => name.startsWith(`convscope ${FOLDER} page `));
    await Promise.all(kept.map(name => caches.delete(name)));
    const windows = await self.clients.matchAll({ type: "window" });
    await self.registration.unregister();
    await Promise.all(windows.map(window => window.navigate(window.url)));
}
