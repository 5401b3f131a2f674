"""Occlusion by captum, for tests/methods/perturbation.rs: `python occlusion.py > ../data/occlusion.json`.

Needs numpy, torch and captum (made with 0.9). A small network on a 7 x 9 image; its numbers are written down too. captum gives each pixel
the mean over the squares that cover it, where Convscope gives the sum: it is multiplied by their number here.
"""

import json

import numpy as np
import torch
from captum.attr import FeatureAblation, Occlusion

HEIGHT, WIDTH = 7, 9


def grid(rows, columns):
    y = torch.arange(HEIGHT) * rows // HEIGHT
    x = torch.arange(WIDTH) * columns // WIDTH
    return (y[:, None] * columns + x[None, :])[None, None]


def counts(window, stride):
    count = torch.zeros(HEIGHT, WIDTH)
    for top in range(0, HEIGHT - window + 1, stride):
        for left in range(0, WIDTH - window + 1, stride):
            count[top : top + window, left : left + window] += 1
    return count


def main():
    random = np.random.default_rng(13)
    convolution = random.normal(size=(4, 3, 3, 3)).astype(np.float32).round(3)
    bias = random.normal(size=4).astype(np.float32).round(3)
    dense = (random.normal(size=(4 * HEIGHT * WIDTH, 2)) / 4).astype(np.float32).round(3)
    pixels = random.integers(0, 256, size=(HEIGHT, WIDTH, 3)).astype(np.uint8)

    def network(x):
        x = torch.nn.functional.conv2d(x, torch.tensor(convolution), torch.tensor(bias), padding=1)
        return torch.relu(x).flatten(1) @ torch.tensor(dense)

    x = torch.tensor(pixels).permute(2, 0, 1)[None].float() / 255
    baselines = {"zero": torch.zeros_like(x), "grey": torch.full_like(x, 0.5), "mean": x.mean((2, 3), True).expand_as(x)}
    cases = []
    for name, baseline in baselines.items():
        for window, stride in [(3, 2), (1, 1), (7, 2)]:
            shape = (3, window, window)
            found = Occlusion(network).attribute(x, shape, strides=(3, stride, stride), baselines=baseline, target=1)
            found = found[0, 0] * counts(window, stride)
            case = {"method": "occlusion", "window": window, "stride": stride}
            cases.append(case | {"baseline": name, "map": found.flatten().tolist()})
        for rows, columns in [(2, 3), (7, 9), (1, 4)]:
            found = FeatureAblation(network).attribute(x, baselines=baseline, target=1, feature_mask=grid(rows, columns))
            case = {"method": "region_occlusion", "rows": rows, "columns": columns}
            cases.append(case | {"baseline": name, "map": found[0, 0].flatten().tolist()})
    for case in cases:
        case["map"] = [round(value, 6) for value in case["map"]]
    numbers = {"convolution": convolution, "bias": bias, "dense": dense}
    numbers = {name: [round(float(value), 3) for value in values.flatten()] for name, values in numbers.items()}
    print(json.dumps({"size": [HEIGHT, WIDTH], "pixels": pixels.flatten().tolist(), **numbers, "cases": cases}))


if __name__ == "__main__":
    main()
