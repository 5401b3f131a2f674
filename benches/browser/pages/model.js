// A packed model of Convscope, for the peers: its graph as it is, its numbers as float32. `[C, H, W]` and `[O, I, H, W]`.

export class Model {
  static async load(folder) {
    const manifest = await (await fetch(`${folder}/model.json`)).json();
    const shards = await Promise.all(manifest.shards.map(async ({ file, unpacked }) => {
      const { body } = await fetch(`${folder}/${file}`);
      const stream = unpacked ? body.pipeThrough(new DecompressionStream("deflate-raw")) : body;
      return new Uint8Array(await new Response(stream).arrayBuffer());
    }));
    const bytes = new Uint8Array(shards.reduce((sum, shard) => sum + shard.length, 0));
    shards.reduce((place, shard) => (bytes.set(shard, place), place + shard.length), 0);
    return new Model(folder, manifest, bytes);
  }

  constructor(folder, manifest, bytes) {
    this.folder = folder;
    this.manifest = manifest;
    this.bytes = bytes;
    this.end = manifest.logits ?? manifest.nodes.at(-1).name;
    // Without what comes after the logits.
    this.nodes = manifest.nodes.slice(0, manifest.nodes.findIndex(({ name }) => name === this.end) + 1);
    const linear = new Set(this.nodes.filter(({ op }) => op === "conv2d").map(({ name }) => name));
    this.convolutions = this.nodes.filter(({ op, inputs }) => op === "relu" && linear.has(inputs[0])).map(({ name }) => name);
    const { width, height } = manifest.preprocessing;
    this.inputShape = [3, height, width];
  }

  // A parameter as `{ shape, values }`.
  parameter(name) {
    const { codec, shape, axis, offset, bytes } = this.manifest.tensors[name];
    const part = this.bytes.slice(offset, offset + bytes);
    if (codec === "f32") return { shape, values: new Float32Array(part.buffer) };
    if (codec !== "int8") throw new Error(`the peers read f32 and int8, not ${codec}: pack ${this.folder} as one of them`);
    const channels = shape[axis];
    const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
    const scales = new Float32Array(part.buffer, 0, channels);
    const steps = new Int8Array(part.buffer, 4 * channels);
    return { shape, values: Float32Array.from(steps, (step, index) => step * scales[Math.floor(index / stride) % channels]) };
  }
}

// The same numbers for everybody, about as large as a preprocessed image's.
export function noise(shape) {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  let state = 1;
  for (let index = 0; index < values.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[index] = (state / 2 ** 32 - 0.5) * 200;
  }
  return values;
}
