// Starts the worker's program, and tells the page how much of it has come, as the one message that is no encoded `WorkerMessage`.
// The build writes BYTES above this, since servers do not say the length of what they compress.
import init from "./worker.js";

// Seconds without a byte after which a network is given up.
const PATIENCE = 20;
const giveUp = new AbortController();
const hangs = new Error(`its program cannot be loaded: nothing has come for ${PATIENCE} seconds`);
let clock;
const wait = () => {
    clearTimeout(clock);
    clock = setTimeout(() => giveUp.abort(hangs), 1000 * PATIENCE);
};

wait();
const response = await fetch(new URL("./worker_bg.wasm", import.meta.url), { signal: giveUp.signal });
if (!response.ok) throw new Error(`its program cannot be loaded: the server answers ${response.status}`);
// Counted on a copy: browsers keep what they have compiled of an answer that comes to them as it is, and of no other.
count(response.clone().body);
try {
    await init({ module_or_path: response });
} catch (error) {
    // What reads the program knows only that it has come to an end.
    throw giveUp.signal.aborted ? hangs : error;
} finally {
    clearTimeout(clock);
}

/** Tells the page how much has come, a hundred times at most. */
async function count(body) {
    let [done, told] = [0, 0];
    try {
        for (const reader = body.getReader(); ;) {
            const { value } = await reader.read();
            if (!value) break;
            wait();
            done += value.length;
            if (done - told > BYTES / 100) {
                told = done;
                postMessage({ program: { done, total: BYTES } });
            }
        }
    } catch {
        // Who compiles it hears of that too.
    }
    clearTimeout(clock);
}
