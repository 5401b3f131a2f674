"""Writes the small files of weights that `tests/pack.rs` reads as the field saves them.

    python tests/tools/make_checkpoint.py tests/data     # needs torch 2.15, numpy, h5py and onnx

`checkpoint.pth.tar`: PyTorch's ImageNet example (main.py, save_checkpoint) with a model in DataParallel, and beside its state dict
what people keep there: the settings of argparse, a score of NumPy's, the optimizer. `layer_names0.h5`: Keras's weights where the
names of the layers do not fit into one attribute (hdf5_format.py, save_attributes_to_hdf5_group). `fixed_size.onnx`: a convolution and a dense layer that takes what it
gives for 4 x 4 pixels and nothing else.
"""

import argparse
import sys
from pathlib import Path

import h5py
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

out = Path(sys.argv[1])
model = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten(), torch.nn.Linear(8, 3))
with torch.no_grad():
    for parameter in model.parameters():
        parameter.copy_(torch.arange(parameter.numel()).reshape(parameter.shape) / 8)
wrapped = torch.nn.DataParallel(model)
optimizer = torch.optim.SGD(wrapped.parameters(), 0.1, momentum=0.9)
wrapped(torch.ones(2, 3, 4, 4)).sum().backward()
checkpoint = {
    "epoch": 3,
    "args": argparse.Namespace(arch="net", lr=0.1),
    "best": np.float64(71.5),
    "best_acc1": torch.tensor(71.5),
    "state_dict": wrapped.state_dict(),
    "optimizer": optimizer.state_dict(),
}
torch.save(checkpoint, out / "checkpoint.pth.tar")

with h5py.File(out / "layer_names0.h5", "w") as file:
    file.attrs["layer_names0"] = np.array([b"conv", b"fc"])
    for layer, shapes in {"conv": {"kernel:0": (3, 2, 3, 5), "bias:0": (5,)}, "fc": {"kernel:0": (50, 3)}}.items():
        for name, shape in shapes.items():
            numbers = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
            file.create_dataset(f"{layer}/{layer}/{name}", data=numbers)

kernel = numpy_helper.from_array(np.full((1, 3, 3, 3), 0.5, np.float32), "kernel")
weight = numpy_helper.from_array(np.ones((3, 4), np.float32), "weight")
nodes = [
    helper.make_node("Conv", ["picture", "kernel"], ["maps"], "conv"),
    helper.make_node("Flatten", ["maps"], ["flat"], "flat"),
    helper.make_node("Gemm", ["flat", "weight"], ["logits"], "fc", transB=1),
]
shapes = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in [("picture", [1, 3, 4, 4]), ("logits", [1, 3])]]
graph = helper.make_graph(nodes, "fixed", shapes[:1], shapes[1:], [kernel, weight])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), out / "fixed_size.onnx")
