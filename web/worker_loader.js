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
let [done, told] = [0, 0];
const counted = response.body.pipeThrough(new TransformStream({
    transform(chunk, controller) {
        wait();
        done += chunk.length;
        // A hundred times at most.
        if (done - told > BYTES / 100) {
            told = done;
            postMessage({ program: { done, total: BYTES } });
        }
        controller.enqueue(chunk);
    },
    flush() {
        clearTimeout(clock);
    },
}));
try {
    await init({ module_or_path: new Response(counted, { headers: { "Content-Type": "application/wasm" } }) });
} catch (error) {
    // What reads the program knows only that it has come to an end.
    throw giveUp.signal.aborted ? hangs : error;
} finally {
    clearTimeout(clock);
}
