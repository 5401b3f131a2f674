"""Occlusion by xplique, for tests/methods/perturbation.rs: `python occlusion_xplique.py > ../data/occlusion_xplique.json`.

Needs numpy, tensorflow and xplique (made with 2.0). The network and the image are those of ../data/occlusion.json. xplique adds up the
losses of all squares over a pixel, as Convscope does, and leaves out a last square where strides do not divide.
"""

import json
import os

import numpy as np
import tensorflow as tf
from xplique.attributions import Occlusion

DATA = os.path.join(os.path.dirname(__file__), "..", "data", "occlusion.json")


def main():
    with open(DATA) as file:
        data = json.load(file)
    height, width = data["size"]
    inputs = tf.keras.Input((height, width, 3))
    convolution = tf.keras.layers.Conv2D(4, 3, padding="same", activation="relu")
    dense = tf.keras.layers.Dense(2, use_bias=False)
    channels_first = tf.keras.layers.Permute((3, 1, 2))(convolution(inputs))
    model = tf.keras.Model(inputs, dense(tf.keras.layers.Flatten()(channels_first)))
    kernel = np.array(data["convolution"], np.float32).reshape(4, 3, 3, 3)
    convolution.set_weights([kernel.transpose(2, 3, 1, 0), np.array(data["bias"], np.float32)])
    dense.set_weights([np.array(data["dense"], np.float32).reshape(-1, 2)])
    image = np.array(data["pixels"], np.float32).reshape(1, height, width, 3) / 255
    cases = []
    for baseline, value in [("zero", 0.0), ("grey", 0.5), ("white", 1.0)]:
        for window, stride in [(3, 2), (5, 1)]:
            explainer = Occlusion(model, patch_size=window, patch_stride=stride, occlusion_value=value)
            found = np.array(explainer(image, np.array([[0.0, 1.0]], np.float32))).reshape(height, width)
            case = {"method": "occlusion", "window": window, "stride": stride, "baseline": baseline}
            cases.append(case | {"map": [round(float(value), 6) for value in found.flatten()]})
    print(json.dumps(cases))


if __name__ == "__main__":
    main()
