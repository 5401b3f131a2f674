// Starts the worker's program, and tells the page how much of it has come, as the one message that is no encoded `WorkerMessage`.
// The build writes BYTES above this, since servers do not say the length of what they compress.
import init from "./worker.js";

const response = await fetch(new URL("./worker_bg.wasm", import.meta.url));
if (!response.ok) throw new Error(`its program cannot be loaded: the server answers ${response.status}`);
let [done, told] = [0, 0];
const counted = response.body.pipeThrough(new TransformStream({
    transform(chunk, controller) {
        done += chunk.length;
        // A hundred times at most.
        if (done - told > BYTES / 100) {
            told = done;
            postMessage({ program: { done, total: BYTES } });
        }
        controller.enqueue(chunk);
    },
}));
await init({ module_or_path: new Response(counted, { headers: { "Content-Type": "application/wasm" } }) });
