"""to_onnx.py PACKED FILE: a packed model as an ONNX file, for ONNX Runtime here and in the browser."""
import sys

import numpy as np
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
    "clip": lambda n: ("Clip", {}),
    "flatten": lambda n: ("Flatten", {}),
    "dense": lambda n: ("Gemm", {}),
}


def bounds(node):
    """The names of a clip's bounds, which ONNX takes as inputs."""
    return [f"{node['name']}/{key}" for key in ("min", "max")] if node["op"] == "clip" else []


def operators(node):
    kind, attributes = OPERATORS[node["op"]](node)
    if node["op"] == "dense":
        # Convscope's takes feature maps, too.
        flat = f"{node['name']}/flat"
        yield helper.make_node("Flatten", node["inputs"], [flat])
        node = dict(node, inputs=[flat])
    inputs = node["inputs"] + [node[key] for key in ("weight", "bias") if node.get(key)] + bounds(node)
    yield helper.make_node(kind, inputs, [node["name"]], **attributes)


def convert(model):
    names = [node[key] for node in model.nodes for key in ("weight", "bias") if node.get(key)]
    graph = helper.make_graph(
        [operator for node in model.nodes for operator in operators(node)],
        "network",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, *model.input_shape])],
        [helper.make_tensor_value_info(model.end, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(model.parameter(name), name) for name in names]
        + [
            numpy_helper.from_array(np.float32(node[name.rpartition("/")[2]]), name)
            for node in model.nodes
            for name in bounds(node)
        ],
    )
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


if __name__ == "__main__":
    onnx.save(convert(Packed(sys.argv[1])), sys.argv[2])
