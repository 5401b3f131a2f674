"""Writes tests/data/pools.json: random zero pads and max pools, and what onnxruntime makes of them.

The input of a case is [1, 3, height, width] of numbers -5 to 4 from the generator of tests/common (Numerical Recipes), started with
the case's index + 1; the output is one digit a number, plus 5. Needs numpy, onnx and onnxruntime.
"""
import json
import random
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

random.seed(11)


def image(seed, shape):
    values, state = [], seed
    for _ in range(int(np.prod(shape))):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append((state >> 16) % 10 - 5)
    return np.array(values, np.float32).reshape(shape)


def case(index):
    kernel = [random.randint(1, 4) for _ in range(2)]
    height, width = (random.randint(max(k, 3), 9) for k in kernel)
    auto = random.choice(["NOTSET", "NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER"])
    strides = [random.randint(1, 3) for _ in range(2)]
    if auto != "NOTSET":
        # onnxruntime refuses a step wider than the window here.
        strides = [min(pair) for pair in zip(strides, kernel)]
    case = {
        "size": [height, width],
        "zeros": random.choice([[0] * 4, [random.randint(0, 3) for _ in range(4)]]),
        "kernel": kernel,
        "strides": strides,
        "pads": [random.randint(0, k - 1) for k in kernel * 2],
        "ceil_mode": random.randint(0, 1),
        "auto_pad": auto,
    }
    if index % 3 == 0:
        case.update(kernel=[3, 3], strides=[2, 2], size=[max(height, 3), max(width, 3)])
        case["pads"] = [random.randint(0, 2) for _ in range(4)]
    own = {"pads": case["pads"]} if auto == "NOTSET" else {"auto_pad": auto}
    if auto != "NOTSET":
        case["ceil_mode"] = 0
        case["pads"] = [0] * 4
    top, left, bottom, right = case["zeros"]
    nodes = [
        helper.make_node("Pad", ["x", "zeros"], ["p"]),
        helper.make_node("MaxPool", ["p"], ["y"], kernel_shape=case["kernel"], strides=case["strides"], ceil_mode=case["ceil_mode"], **own),
    ]
    zeros = helper.make_tensor("zeros", TensorProto.INT64, [8], [0, 0, top, left, 0, 0, bottom, right])
    shape = [1, 3, *case["size"]]
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", 1, shape)], [helper.make_tensor_value_info("y", 1, None)], [zeros]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    y = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": image(index + 1, shape)})[0]
    case["shape"] = list(y.shape[1:])
    case["output"] = "".join(str(int(value) + 5) for value in y.flatten())
    return case


cases = [case(index) for index in range(90)]
print(onnxruntime.__version__, file=sys.stderr)
with open(sys.argv[1], "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
