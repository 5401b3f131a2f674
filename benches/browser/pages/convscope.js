import init, { Bench } from "./bench.js";

export async function open(model, input, device) {
  await init();
  const bench = await Bench.open(location.href, model.folder, device, input);
  return { about: `Convscope, ${bench.device}`, run: (task) => bench.run(task), memory: () => Bench.memory() };
}
