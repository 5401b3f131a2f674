// TensorFlow.js, its own operations in the order of the graph. Feature maps are `[1, H, W, C]` there.

function script(url) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    Object.assign(element, { src: url, onload: resolve, onerror: () => reject(new Error(`${url} cannot be loaded`)) });
    document.head.append(element);
  });
}

async function backend(device) {
  await script("peers/tf.min.js");
  const name = device === "cpu" ? "wasm" : "webgpu";
  await script(`peers/tf-backend-${name}.min.js`);
  if (name === "wasm") tf.wasm.setWasmPaths("peers/");
  if (!await tf.setBackend(name)) throw new Error(`TensorFlow.js has no backend ${name} here`);
  await tf.ready();
  return `TensorFlow.js ${tf.version.tfjs}, ${name}`;
}

// The graph's operations with their parameters on the device: `name -> inputs => output`.
function operations(model) {
  const parameter = (name) => {
    const { shape, values } = model.parameter(name);
    const tensor = tf.tensor(values, shape);
    // `[O, I, H, W]` to `[H, W, I, O]`.
    return shape.length === 4 ? tf.tidy(() => tensor.transpose([2, 3, 1, 0])) : tensor;
  };
  const pad = (x, { top, left, bottom, right }, value) =>
    top + left + bottom + right === 0 ? x : tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]], value);
  // TensorFlow.js pads by itself if all sides are alike, which is faster than a padded copy.
  const even = ({ top, left, bottom, right }) => top === left && left === bottom && bottom === right;
  const make = {
    conv2d({ weight, bias, stride, padding, dilation, groups }) {
      if (groups !== 1) throw new Error("the peers have no groups");
      const [w, b] = [parameter(weight), bias && parameter(bias)];
      return ([x]) => {
        const y = even(padding)
          ? tf.conv2d(x, w, stride, padding.top, "NHWC", dilation)
          : tf.conv2d(pad(x, padding, 0), w, stride, "valid", "NHWC", dilation);
        return b ? y.add(b) : y;
      };
    },
    relu: () => ([x]) => x.relu(),
    max_pool({ kernel, stride, padding, ceil_mode }) {
      return ([x]) => {
        const [, height, width] = x.shape;
        const more = (size, axis) => (ceil_mode && (size - kernel[axis]) % stride[axis]) ? stride[axis] - (size - kernel[axis]) % stride[axis] : 0;
        const sides = { ...padding, bottom: padding.bottom + more(height, 0), right: padding.right + more(width, 1) };
        return tf.maxPool(pad(x, sides, -3e38), kernel, stride, "valid");
      };
    },
    global_average_pool: () => ([x]) => x.mean([1, 2], true),
    concat: () => (inputs) => tf.concat(inputs, 3),
    add: () => (inputs) => tf.addN(inputs),
  };
  return model.nodes.map((node) => {
    if (!make[node.op]) throw new Error(`the peers have no ${node.op}`);
    return { ...node, run: make[node.op](node) };
  });
}

// All outputs of the network, those aside that are given.
function forward(nodes, given) {
  const outputs = { ...given };
  for (const { name, inputs, run } of nodes) {
    outputs[name] ??= run(inputs.map((input) => outputs[input]));
  }
  return outputs;
}

// What does not depend on `layer`, and `layer` itself as given.
function around(nodes, outputs, layer, features) {
  const behind = new Set([layer]);
  nodes.forEach(({ name, inputs }) => inputs.some((input) => behind.has(input)) && behind.add(name));
  const before = Object.entries(outputs).filter(([name]) => !behind.has(name));
  return { ...Object.fromEntries(before), [layer]: features };
}

const cam = (features, gradient) => features.mul(gradient.mean([1, 2], true)).sum(3).relu();

export async function open(model, input, device) {
  const about = await backend(device);
  const nodes = operations(model);
  const [channels, height, width] = model.inputShape;
  const x = tf.tidy(() => tf.tensor(input, [1, channels, height, width]).transpose([0, 2, 3, 1]));
  const score = (given) => forward(nodes, given)[model.end].mean();
  const last = model.convolutions.at(-1);
  // TensorFlow.js has no gradients of intermediate values: one differentiates the rest of the network, once for each layer.
  const map = (outputs, layer) => {
    const gradient = tf.grad((features) => score(around(nodes, outputs, layer, features)));
    return cam(outputs[layer], gradient(outputs[layer]));
  };
  const tasks = {
    forward: () => forward(nodes, { input: x })[model.end],
    grad_cam: () => map(forward(nodes, { input: x }), last),
    all_layers: () => {
      const outputs = forward(nodes, { input: x });
      return tf.concat(model.convolutions.map((layer) => map(outputs, layer).flatten()));
    },
    input_gradient: () => tf.grad((input) => score({ input }))(x),
  };
  const run = async (task) => {
    const result = tf.tidy(tasks[task]);
    const values = await result.data();
    result.dispose();
    return values;
  };
  return { about, run, memory: () => tf.memory().numBytes };
}
