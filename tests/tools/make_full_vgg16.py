"""Writes VGG16's weights in the layouts and sizes of the official files (553 MB each), of seeded noise, to measure what reading them takes.

    python tests/tools/make_full_vgg16.py FOLDER     # needs numpy, h5py and torch

`vgg16_weights_tf_dim_ordering_tf_kernels.h5` is as Keras 1 saved it in 2016, `vgg16-397923af.pth` as PyTorch 0.1 did, with torchvision's
names. Nothing is trained: what the network says of an image means nothing.
"""

import sys
from collections import OrderedDict
from pathlib import Path

import h5py
import numpy as np
import torch

WIDTHS = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]
PLACES = iter([0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28])


def layers():
    """Keras's name, torchvision's name, and the shape of the kernel, HWIO or [in, out]."""
    channels = 3
    for block, (count, width) in enumerate(WIDTHS, 1):
        for conv in range(1, count + 1):
            yield f"block{block}_conv{conv}", f"features.{next(PLACES)}", (3, 3, channels, width)
            channels = width
    yield "fc1", "classifier.0", (25088, 4096)
    yield "fc2", "classifier.3", (4096, 4096)
    yield "predictions", "classifier.6", (4096, 1000)


def main():
    folder, rng = Path(sys.argv[1]), np.random.default_rng(16)
    state, names = OrderedDict(), []
    with h5py.File(folder / "vgg16_weights_tf_dim_ordering_tf_kernels.h5", "w") as file:
        for keras, torchvision, shape in layers():
            kernel = rng.standard_normal(shape, np.float32) * np.float32(np.sqrt(2 / np.prod(shape[:-1])))
            bias = rng.standard_normal(shape[-1], np.float32) * np.float32(0.01)
            names.append(keras.encode())
            group = file.create_group(keras)
            own = [f"{keras}_W_1:0", f"{keras}_b_1:0"]
            group.attrs["weight_names"] = [name.encode() for name in own]
            for name, value in zip(own, [kernel, bias]):
                group.create_dataset(name, data=value)
            turned = kernel.transpose(3, 2, 0, 1) if kernel.ndim == 4 else kernel.T
            if keras == "fc1":
                # Rows of maps that were flattened with their channels last.
                turned = kernel.reshape(7, 7, 512, 4096).transpose(3, 2, 0, 1).reshape(4096, 25088)
            state[f"{torchvision}.weight"] = torch.from_numpy(np.ascontiguousarray(turned))
            state[f"{torchvision}.bias"] = torch.from_numpy(bias)
        file.attrs["layer_names"] = names
    torch.save(state, folder / "vgg16-397923af.pth", _use_new_zipfile_serialization=False)


main()
