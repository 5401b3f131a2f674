// A packed model as the bytes of an ONNX file (protobuf, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): numbers after
// `field` are the field numbers there.

const text = new TextEncoder();

function varint(number) {
  const bytes = [];
  for (let rest = BigInt.asUintN(64, BigInt(number)); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

const integer = (field, number) => Uint8Array.from([...varint(field << 3), ...varint(number)]);

function bytes(field, content) {
  const payload = typeof content === "string" ? text.encode(content) : content;
  return join([Uint8Array.from([...varint((field << 3) | 2), ...varint(payload.length)]), payload]);
}

function join(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((place, part) => (whole.set(part, place), place + part.length), 0);
  return whole;
}

const message = (field, parts) => bytes(field, join(parts));

// AttributeProto: name 1, i 3, ints 8, type 20 (INT 2, INTS 7).
const attribute = (name, value) => message(5, Array.isArray(value)
  ? [bytes(1, name), ...value.map((number) => integer(8, number)), integer(20, 7)]
  : [bytes(1, name), integer(3, value), integer(20, 2)]);

const sides = ({ top, left, bottom, right }) => [top, left, bottom, right];

const OPERATORS = {
  conv2d: (node) => ["Conv", { strides: node.stride, pads: sides(node.padding), dilations: node.dilation, group: node.groups }],
  relu: () => ["Relu", {}],
  max_pool: (node) => ["MaxPool", { kernel_shape: node.kernel, strides: node.stride, pads: sides(node.padding), ceil_mode: Number(node.ceil_mode) }],
  global_average_pool: () => ["GlobalAveragePool", {}],
  concat: () => ["Concat", { axis: 1 }],
  add: () => ["Add", {}],
};

// NodeProto: input 1, output 2, op_type 4, attribute 5.
function operator(node) {
  if (!OPERATORS[node.op]) throw new Error(`the peers have no ${node.op}`);
  const [kind, attributes] = OPERATORS[node.op](node);
  const inputs = [...node.inputs, node.weight, node.bias].filter(Boolean);
  return message(1, [
    ...inputs.map((name) => bytes(1, name)), bytes(2, node.name), bytes(4, kind),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  ]);
}

// TensorProto: dims 1, data_type 2 (FLOAT 1), name 8, raw_data 9.
function initializer(model, name) {
  const { shape, values } = model.parameter(name);
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return message(5, [...shape.map((size) => integer(1, size)), integer(2, 1), bytes(8, name), bytes(9, raw)]);
}

// ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; Tensor: elem_type 1, shape 2; TensorShapeProto: dim 1; Dimension: dim_value 1.
const value = (field, name, shape) => message(field, [bytes(1, name), message(2, [message(1, [
  integer(1, 1), ...(shape ? [message(2, shape.map((size) => message(1, [integer(1, size)])))] : []),
])])]);

// ModelProto: ir_version 1, graph 7, opset_import 8 (version 2); GraphProto: node 1, name 2, initializer 5, input 11, output 12.
export function graph(model) {
  const names = model.nodes.flatMap(({ weight, bias }) => [weight, bias]).filter(Boolean);
  return join([integer(1, 8), message(7, [
    ...model.nodes.map(operator), bytes(2, "network"), ...names.map((name) => initializer(model, name)),
    value(11, "input", [1, ...model.inputShape]), value(12, model.end),
  ]), message(8, [integer(2, 17)])]);
}
