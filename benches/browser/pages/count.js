// Counts what a page asks of WebGPU, whoever asks: the wrapped calls are the browser's own, so that all contestants are counted
// alike. To be imported before them.
//
// `moved` takes every buffer that is bound to a dispatch as read or written once, as far as it is bound: what must cross the
// memory bus if caches keep nothing between dispatches and lose nothing within one.

const counts = {};
export const reset = () => Object.assign(counts, { dispatches: 0, submits: 0, moved: 0, uploaded: 0, copied: 0, pipelines: 0 });
export const read = () => (globalThis.GPUDevice ? { ...counts, held } : null);

// Bytes of the buffers that were made and not destroyed.
let held = 0;
const destroyed = new WeakSet();
// Bytes of what a bind group binds, and the bind groups of a pass.
const bound = new WeakMap();
const groups = new WeakMap();

function wrap(type, name, before) {
  const original = type?.prototype[name];
  if (!original) return;
  type.prototype[name] = function (...given) {
    const result = original.apply(this, given);
    before(this, given, result);
    return result;
  };
}

const size = ({ buffer, offset = 0, size }) => size ?? buffer.size - offset;
const bytes = (data, offset = 0, length) => {
  const unit = ArrayBuffer.isView(data) && !(data instanceof DataView) ? data.BYTES_PER_ELEMENT : 1;
  return length === undefined ? data.byteLength - offset * unit : length * unit;
};

function dispatched(pass) {
  counts.dispatches++;
  for (const group of groups.get(pass) ?? []) counts.moved += (group && bound.get(group)) ?? 0;
}

reset();
wrap(globalThis.GPUDevice, "createBindGroup", (_, [{ entries }], group) => {
  // A resource is a buffer, a part of one, or no buffer at all.
  const sizes = [...entries].map(({ resource }) => (resource.buffer ? size(resource) : resource.size ?? 0));
  bound.set(group, sizes.reduce((sum, size) => sum + size, 0));
});
wrap(globalThis.GPUDevice, "createBuffer", (_, __, buffer) => (held += buffer.size));
wrap(globalThis.GPUBuffer, "destroy", (buffer) => {
  if (!destroyed.has(buffer)) held -= buffer.size;
  destroyed.add(buffer);
});
for (const name of ["createComputePipeline", "createComputePipelineAsync"]) {
  wrap(globalThis.GPUDevice, name, () => counts.pipelines++);
}
wrap(globalThis.GPUComputePassEncoder, "setBindGroup", (pass, [index, group]) => {
  const list = groups.get(pass) ?? [];
  list[index] = group;
  groups.set(pass, list);
});
wrap(globalThis.GPUComputePassEncoder, "dispatchWorkgroups", dispatched);
wrap(globalThis.GPUComputePassEncoder, "dispatchWorkgroupsIndirect", dispatched);
wrap(globalThis.GPUQueue, "submit", () => counts.submits++);
wrap(globalThis.GPUQueue, "writeBuffer", (_, [, , data, offset, length]) => (counts.uploaded += bytes(data, offset, length)));
wrap(globalThis.GPUCommandEncoder, "copyBufferToBuffer", (_, given) => {
  // Either whole buffers, or (from, offset, to, offset, length).
  const [from, second, , , length] = given;
  counts.copied += length ?? (typeof second === "number" ? from.size - second : given[2] ?? from.size);
});
