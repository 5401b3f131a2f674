"""Writes tests/data/cams.json: class activation maps of a small network by pytorch-grad-cam and torch-cam, run live, and by slow code
of the papers where neither has the method.

The network, its weights and its image come of the generator of tests/common (Numerical Recipes), so that tests/methods/cams.rs makes
the same. Its sides are odd, one channel of each kind of layer is dead, and there are a residual sum and a concatenation. Every number
is before any normalisation, unless it is said. Needs numpy, torch, grad-cam 1.5.7 and torchcam 0.5.0.
"""
import json
import sys

import numpy as np
import pytorch_grad_cam as pgc
import torch
import torch.nn.functional as F
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch import nn
from torchcam import methods as tc

CLASS, HEIGHT, WIDTH = 1, 15, 9
LAYERS = ["a", "sum", "c", "join"]


class Noise:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) / 2**23 - 1

    def many(self, shape, scale):
        values = np.array([self.next() for _ in range(int(np.prod(shape)))], np.float32)
        return torch.from_numpy((values * np.float32(scale)).reshape(shape))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        noise = Noise(5)
        self.a_linear, self.a = nn.Conv2d(3, 4, 3, padding=1), nn.ReLU()
        self.b_linear, self.b = nn.Conv2d(4, 4, 3, padding=1), nn.ReLU()
        self.sum, self.pool = nn.Identity(), nn.MaxPool2d(3, 3)
        self.c_linear, self.c = nn.Conv2d(4, 5, 3, padding=1), nn.ReLU()
        self.join, self.dense = nn.Identity(), nn.Linear(135, 3)
        state = {}
        for name, shape, scale in [("a", (4, 3, 3, 3), 0.5), ("b", (4, 4, 3, 3), 0.4), ("c", (5, 4, 3, 3), 0.4)]:
            state[f"{name}_linear.weight"] = noise.many(shape, scale)
            bias = noise.many(shape[:1], 0.5)
            bias[1] = -100.0
            state[f"{name}_linear.bias"] = bias
        # Rows are inputs, as in a packed model.
        state["dense.weight"] = noise.many((135, 3), 0.2).T.contiguous()
        state["dense.bias"] = noise.many((3,), 0.2)
        self.load_state_dict(state)

    def forward(self, x):
        a = self.a(self.a_linear(x))
        return self.head_sum(self.sum(self.b(self.b_linear(a)) + a))

    def head_sum(self, x):
        pool = self.pool(x)
        return self.head_join(self.join(torch.cat([self.c(self.c_linear(pool)), pool], 1)))

    def head_join(self, x):
        return self.dense(x.flatten(1))


def image():
    noise = Noise(11)
    values = [int((np.float32(noise.next()) + 1) / 2 * 256) % 256 for _ in range(3 * HEIGHT * WIDTH)]
    return torch.tensor(values, dtype=torch.float32).reshape(1, HEIGHT, WIDTH, 3).permute(0, 3, 1, 2) / 255


def numbers(values):
    return [float(f"{value:.6g}") for value in np.asarray(values, np.float64).reshape(-1)]


def of_pgc(net, x, method, layer):
    """The map before ReLU and normalisation."""
    raw = {}
    with method(net, [getattr(net, layer)]) as cam:
        image = cam.get_cam_image
        cam.get_cam_image = lambda *args: raw.setdefault("map", image(*args))
        cam(x, [ClassifierOutputTarget(CLASS)])
    return np.asarray(raw["map"])[0]


def of_tc(net, x, method, layers, **words):
    """The maps after ReLU, before normalisation."""
    with method(net, layers, input_shape=tuple(x.shape[1:])) as cam:
        scores = net(x)
        if method is tc.ScoreCAM:
            return [found[0].detach() for found in cam(CLASS, **words)]
        return [found[0].detach() for found in cam(CLASS, scores, **words)]


def features(net, x, layer):
    kept = {}
    handle = getattr(net, layer).register_forward_hook(lambda *args: kept.setdefault("it", args[2].detach()))
    net(x)
    handle.remove()
    return kept["it"]


def eigen(maps):
    """Eigen-CAM's paper, by a whole singular value decomposition: nothing is subtracted."""
    flat = maps[0].reshape(maps.shape[1], -1).double().numpy().T
    *_, right = np.linalg.svd(flat, full_matrices=False)
    projection = flat @ right[0]
    return projection if projection.max() >= -projection.min() else -projection


def recipro(head, maps, gaussian):
    """Recipro-CAM, a place at a time; the features of a place are spread where it is Gaussian, and cut at the edges."""
    _, channels, height, width = maps.shape
    scores = []
    for row in range(height):
        for column in range(width):
            kept = torch.zeros_like(maps)
            for y in range(height):
                for x in range(width):
                    near = [abs(y - row), abs(x - column)]
                    share = float(near == [0, 0])
                    if gaussian:
                        share = 0.0 if max(near) > 1 else 0.25 / 2 ** sum(near)
                    kept[0, :, y, x] = share * maps[0, :, row, column]
            scores.append(head(kept).softmax(1)[0, CLASS].item())
    return np.array(scores) - min(scores)


def main(path):
    net, x = Net().eval(), image()
    target = [ClassifierOutputTarget(CLASS)]
    named = {
        "grad_cam": pgc.GradCAM, "grad_cam_plus_plus": pgc.GradCAMPlusPlus, "layer_cam": pgc.LayerCAM, "hires_cam": pgc.HiResCAM,
        "xgrad_cam": pgc.XGradCAM, "eigen_cam": pgc.EigenCAM, "eigen_grad_cam": pgc.EigenGradCAM, "ablation_cam": pgc.AblationCAM,
    }
    found = {method: {layer: of_pgc(net, x, cam, layer) for layer in LAYERS} for method, cam in named.items()}
    # It enlarges by aligned corners, so that only maps of the input's size compare.
    found["score_cam"] = {layer: of_pgc(net, x, pgc.ScoreCAM, layer) for layer in ["a", "sum"]}
    layers = [getattr(net, layer) for layer in LAYERS]
    with pgc.GradCAM(net, layers) as cam:
        found["grad_cam"]["fused_mean"] = cam(x, target)[0]
    found["refine_cam"] = {"grad_cam": pgc.RefineCAM(net, layers, base_method=pgc.GradCAM)(x, target)[0]}
    by_tc = {}
    for method, cam in [("grad_cam", tc.GradCAM), ("layer_cam", tc.LayerCAM), ("xgrad_cam", tc.XGradCAM), ("score_cam", tc.ScoreCAM)]:
        by_tc[method] = dict(zip(LAYERS, of_tc(net, x, cam, LAYERS, normalized=False)))
    maps = [one[None] for one in of_tc(net, x, tc.GradCAM, LAYERS, normalized=True)]
    by_tc["grad_cam"]["fused"] = tc.GradCAM.fuse_cams(maps)[0]
    by_tc["refine_cam"] = {}
    for base, cam in [("grad_cam", tc.GradCAM), ("layer_cam", tc.LayerCAM)]:
        with tc.RefineCAM(net, LAYERS, input_shape=(3, HEIGHT, WIDTH), base_method=cam) as extractor:
            refined = extractor(CLASS, net(x), normalized=False, target_shape=(HEIGHT, WIDTH))
        by_tc["refine_cam"][base] = refined[0][0].detach()
    kept = {layer: features(net, x, layer) for layer in LAYERS}
    heads = {"sum": net.head_sum, "join": net.head_join}
    with torch.no_grad():
        slow = {
            "eigen_cam": {layer: eigen(maps) for layer, maps in kept.items()},
            "recipro_cam": {layer: recipro(head, kept[layer], False) for layer, head in heads.items()},
            "recipro_cam_gaussian": {layer: recipro(head, kept[layer], True) for layer, head in heads.items()},
        }
        logits = net(x)[0]
    # What differs by min-max or by the largest number alone would not compare.
    fused = [(method, layer) for method in ["grad_cam", "layer_cam"] for layer in LAYERS]
    whole = [one for one in fused if found[one[0]][one[1]].clip(0).min() > 0]
    assert not whole, f"maps without a zero: {whole}"
    told = {"logits": numbers(logits)}
    for peer, methods in [("pytorch_grad_cam", found), ("torch_cam", by_tc), ("slow", slow)]:
        told[peer] = {method: {layer: numbers(cam) for layer, cam in cams.items()} for method, cams in methods.items()}
    with open(path, "w") as file:
        json.dump(told, file, separators=(",", ":"))
        file.write("\n")


main(sys.argv[1] if len(sys.argv) > 1 else "tests/data/cams.json")
