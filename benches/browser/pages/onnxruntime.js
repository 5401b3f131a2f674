// ONNX Runtime in the browser. It computes no gradients, so that it takes part in the forward pass only.

export async function open(model, input, device) {
  const ort = await import(device === "cpu" ? "./peers/ort.wasm.min.mjs" : "./peers/ort.webgpu.min.mjs");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL("peers/", location.href).href;
  const provider = device === "cpu" ? "wasm" : "webgpu";
  const session = await ort.InferenceSession.create(`${model.folder}.onnx`, { executionProviders: [provider], graphOptimizationLevel: "all" });
  const x = new ort.Tensor("float32", input, [1, ...model.inputShape]);
  const run = async (task) => {
    if (task !== "forward") throw new Error("ONNX Runtime computes no gradients");
    const outputs = await session.run({ input: x });
    return outputs[model.end].data;
  };
  return { about: `ONNX Runtime ${ort.env.versions?.web ?? ""}, ${provider}`, run };
}
