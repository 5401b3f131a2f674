#!/usr/bin/env python3
"""Writes tests/data/architectures.json: logits of torchvision's networks (and of efficientnet_lite_pytorch's EfficientNet-Lite0) with
weights that a formula gives, so that tests/architectures.rs makes the same.

    python make_architectures.py ../data/architectures.json [resnet18 ..]

Needs numpy, torch, torchvision and efficientnet-lite-pytorch 0.1.0 (made with torch 2.15.0 and torchvision 0.29.2). Every network is
given 5 classes and the same image of 224 x 224 pixels.
"""
import json
import sys

import numpy as np
import torch
import torchvision

CLASSES, SIDE = 5, 224
IDS = ["alexnet", "vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn", "squeezenet1_0", "squeezenet1_1",
       "resnet18", "resnet34", "resnet50", "densenet121", "mobilenet_v2", "efficientnet_b0", "efficientnet_lite0"]


def mixed(numbers):
    """splitmix64 (Steele et al. 2014), of whole arrays."""
    with np.errstate(over="ignore"):
        z = numbers * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def noise(name, count):
    """Numbers from -1 to 1, by FNV-1a of the name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        bits = mixed(np.uint64(seed) + np.arange(count, dtype=np.uint64)) >> np.uint64(40)
    return bits.astype(np.float32) / np.float32(1 << 23) - np.float32(1)


def weight(name, shape):
    numbers = noise(name, int(np.prod(shape))).reshape(shape)
    if len(shape) > 1:
        return numbers * np.float32(np.sqrt((6 if len(shape) == 4 else 3) / np.prod(shape[1:])))
    if name.endswith("running_var"):
        return np.float32(1) + np.float32(0.5) * numbers
    if name.endswith("weight"):
        return np.float32(1) + np.float32(0.25) * numbers
    return np.float32(0.125) * numbers


def network(name):
    if name == "efficientnet_lite0":
        from efficientnet_lite_pytorch import EfficientNet
        return EfficientNet.from_name("efficientnet-lite0", num_classes=CLASSES)
    return getattr(torchvision.models, name)(num_classes=CLASSES)


def main():
    target, ids = sys.argv[1], sys.argv[2:] or IDS
    image = (noise("image", SIDE * SIDE * 3).reshape(SIDE, SIDE, 3) * 127.5 + 127.5).astype(np.uint8)
    pixels = torch.tensor(image.astype(np.float64)).permute(2, 0, 1)[None]
    answers = {}
    for name in ids:
        model = network(name).eval()
        state = {key: torch.tensor(weight(key, tuple(value.shape))) for key, value in model.state_dict().items()
                 if "num_batches" not in key}
        model.load_state_dict(state, strict=False)
        model.double()
        mean, std = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
        given = (pixels - 127) / 128 if name == "efficientnet_lite0" else (pixels / 255 - mean) / std
        with torch.no_grad():
            answers[name] = [float(f"{logit:.6g}") for logit in model(given)[0].tolist()]
        print(name, answers[name], flush=True)
    with open(target, "w") as file:
        lines = [f'  "{name}": {json.dumps(logits)}' for name, logits in answers.items()]
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


main()
