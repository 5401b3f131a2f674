#!/usr/bin/env python3
"""Finer-CAM as pytorch-grad-cam has it (grad-cam 1.5.5 or newer, torch), on a small network with random weights.

Writes tests/data/finer_cam.json: the weights, an image of whole numbers, and for each case the map before ReLU and scaling, from the
library's own targets, hooks and weights. Run it from the repository's root; nothing else reads the library.
"""
import json

import numpy as np
import torch
from pytorch_grad_cam import FinerCAM, GradCAM

torch.manual_seed(7)
HEIGHT, WIDTH, CLASSES = 5, 7, 6


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a = torch.nn.Conv2d(3, 4, 3, padding=1)
        self.ra = torch.nn.ReLU()
        self.b = torch.nn.Conv2d(4, 5, 3)
        self.rb = torch.nn.ReLU()
        self.d = torch.nn.Linear(5 * (HEIGHT - 2) * (WIDTH - 2), CLASSES)

    def forward(self, x):
        return self.d(torch.flatten(self.rb(self.b(self.ra(self.a(x)))), 1))


net = Net().eval()
with torch.no_grad():
    net.d.weight *= 6
image = torch.randint(0, 256, (HEIGHT, WIDTH, 3))
x = image.permute(2, 0, 1)[None].float() / 255


def raw(layer, **asked):
    """The signed map of a layer."""
    finer = FinerCAM(net, [layer], base_method=GradCAM)
    base, kept = finer.base_cam, []
    own = base.get_cam_image

    def keep(*args, **kwargs):
        kept.append(own(*args, **kwargs))
        return kept[-1]

    base.get_cam_image = keep
    finer(input_tensor=x, **asked)
    return np.asarray(kept[0][0], dtype=float).flatten().tolist()


logits = net(x)[0].detach()
top = int(logits.argmax())
cases = []
for layer in ["ra", "rb"]:
    for alpha, count in [(1.0, 3), (0.6, 3), (1.0, 1), (0.25, 5)]:
        for index in [None, int(logits.argsort()[2])]:
            asked = {"alpha": alpha, "comparison_categories": list(range(1, count + 1))}
            if index is not None:
                asked["target_idx"] = index
            cases.append(
                {
                    "layer": {"ra": "a", "rb": "b"}[layer],
                    "class": top if index is None else index,
                    "alpha": alpha,
                    "count": count,
                    "map": raw(getattr(net, layer), **asked),
                }
            )
weights = {
    "a.w": net.a.weight, "a.b": net.a.bias, "b.w": net.b.weight, "b.b": net.b.bias,
    "d.w": net.d.weight.t(), "d.b": net.d.bias,
}
weights = {name: {"shape": list(value.shape), "values": value.detach().flatten().tolist()} for name, value in weights.items()}
with open("tests/data/finer_cam.json", "w") as file:
    json.dump(
        {"image": image.flatten().tolist(), "size": [WIDTH, HEIGHT], "weights": weights, "logits": logits.tolist(), "cases": cases},
        file,
    )
    file.write("\n")
print(logits.tolist(), len(cases))
