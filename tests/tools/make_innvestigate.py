#!/usr/bin/env python3
"""iNNvestigate's reference arrays of single layers (https://github.com/albermax/innvestigate, `tests/references/layer`, BSD) for
`tests/gradients/innvestigate.rs`.

    python make_innvestigate.py FOLDER_OF_HDF5_FILES ../data/innvestigate.json

Needs h5py. Attributions are those of an image's strongest output and 0 but in its window: of the first image that window is written, `[C, H, W]`,
with the weights of that output alone.
"""
import json
import sys
from pathlib import Path

import h5py
import numpy as np

ANALYSERS = [
    "Gradient", "InputTimesGradient", "Deconvnet", "GuidedBackprop", "IntegratedGradients", "LRPZ", "LRPEpsilon", "LRPZPlus",
    "LRPAlpha1Beta0", "LRPAlpha2Beta1", "LRPFlat", "LRPWSquare", "LRPZ_boxed_input_layer_rule",
]
# Of each layer the side of its windows, from one to the next, and of its output.
LAYERS = {"Dense": (1, 1, 10), "Conv2D": (3, 1, 8), "Conv2D_relu": (3, 1, 8), "AveragePooling2D": (2, 2, 5), "MaxPooling2D": (2, 2, 5)}


def rounded(values):
    return [float(f"{value:.9g}") for value in np.asarray(values, np.float64).ravel()]


def case(file, layer):
    side, stride, size = LAYERS[layer]
    group = file[layer]
    output = group["output"][0]
    row, column, channel = np.unravel_index(output.argmax(), (size, size, output.size // size**2))
    top, left = row * stride, column * stride
    whole = group["attribution"][0]
    cut = lambda array: array[top:top + side, left:left + side].transpose(2, 0, 1)
    window, attribution = cut(file["input"][0]), cut(whole)
    assert np.count_nonzero(whole) == np.count_nonzero(attribution), "nothing outside"
    if not len(group["weights"]):
        window, attribution = window[channel], attribution[channel]
        return {"input": rounded(window), "output": float(output.max()), "attribution": rounded(attribution)}
    kernel, bias = (group["weights"][name][:] for name in ("0", "1"))
    kernel = kernel.reshape(side, side, 3, 5)[..., channel].transpose(2, 0, 1)
    return {"input": rounded(window), "kernel": rounded(kernel), "bias": float(bias[channel]), "output": float(output.max()),
            "attribution": rounded(attribution)}


def main(folder, path):
    made = {}
    for analyser in ANALYSERS:
        with h5py.File(Path(folder) / f"{analyser}.hdf5") as file:
            made[analyser] = {layer: case(file, layer) for layer in LAYERS}
    with open(path, "w") as out:
        json.dump(made, out, separators=(",", ":"))
        out.write("\n")


main(*sys.argv[1:])
