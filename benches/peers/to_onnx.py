"""to_onnx.py PACKED FILE: a packed model as an ONNX file, for ONNX Runtime here and in the browser."""
import sys

import onnx
from onnx import TensorProto, helper, numpy_helper

from packed import Packed


def sides(padding):
    return [padding["top"], padding["left"], padding["bottom"], padding["right"]]


OPERATORS = {
    "conv2d": lambda n: ("Conv", dict(strides=n["stride"], pads=sides(n["padding"]), dilations=n["dilation"], group=n["groups"])),
    "relu": lambda n: ("Relu", {}),
    "max_pool": lambda n: (
        "MaxPool",
        dict(kernel_shape=n["kernel"], strides=n["stride"], pads=sides(n["padding"]), ceil_mode=int(n["ceil_mode"])),
    ),
    "global_average_pool": lambda n: ("GlobalAveragePool", {}),
    "concat": lambda n: ("Concat", dict(axis=1)),
    "add": lambda n: ("Add", {}),
}


def operator(node):
    kind, attributes = OPERATORS[node["op"]](node)
    inputs = node["inputs"] + [node[key] for key in ("weight", "bias") if node.get(key)]
    return helper.make_node(kind, inputs, [node["name"]], **attributes)


def convert(model):
    names = [node[key] for node in model.nodes for key in ("weight", "bias") if node.get(key)]
    graph = helper.make_graph(
        [operator(node) for node in model.nodes],
        "network",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, *model.input_shape])],
        [helper.make_tensor_value_info(model.end, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(model.parameter(name), name) for name in names],
    )
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


if __name__ == "__main__":
    onnx.save(convert(Packed(sys.argv[1])), sys.argv[2])
