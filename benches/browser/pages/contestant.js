// One contestant in a page of its own: `?contestant=tfjs&device=cpu&model=vgg16_base`. The benchmark speaks to `window.bench`.
// Every contestant module exports `open(model, input, device)`, which gives `{ about, run(task) }`; `run` resolves to a
// Float32Array once the result is in JavaScript's hands.
import * as count from "./count.js";
import { Model, noise } from "./model.js";

const query = new URLSearchParams(location.search);

async function open() {
  const folder = `weights/${query.get("model")}`;
  const model = await Model.load(folder);
  const input = noise(model.inputShape);
  const contestant = await import(`./${query.get("contestant")}.js`);
  return contestant.open(model, input, query.get("device"));
}

let opened;

window.bench = {
  // What it is, once it is ready.
  about: async () => (await (opened ??= open())).about,
  // Milliseconds that a task took, two numbers by which results are compared, and what was asked of the GPU.
  run: async (task) => {
    const contestant = await (opened ??= open());
    count.reset();
    const start = performance.now();
    const values = await contestant.run(task);
    const milliseconds = performance.now() - start;
    const gpu = query.get("device") === "cpu" ? null : count.read();
    let sum = 0, squares = 0;
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    const memory = contestant.memory?.() ?? null;
    return { milliseconds, count: values.length, sum, norm: Math.sqrt(squares), memory, gpu };
  },
};
