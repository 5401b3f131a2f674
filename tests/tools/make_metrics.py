"""Writes what other programs say of a small network and a map, for the metrics' tests.

    python tests/tools/make_metrics.py torch tests/data/metrics.json     # needs torch, captum, grad-cam, torchcam, scipy, scikit-image
    python tests/tools/make_metrics.py xplique tests/data/metrics.json   # adds xplique's numbers; needs tensorflow and xplique

The network: a convolution of 3 x 3 to four channels, ReLU, a dense layer to three classes, softmax, on 8 x 10 pixels. The map, of 4 x 5
numbers, is the same for all metrics, whatever method might have made it.
"""

import json
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np

CLASS = 1
HEIGHT, WIDTH = 8, 10


def made():
    """The network's weights, the image's bytes and the map."""
    noise = np.random.default_rng(13)
    rounded = lambda array: np.round(array, 3).tolist()
    return {
        "conv": rounded(noise.normal(0, 0.4, (4, 3, 3, 3))),
        "conv_bias": rounded(noise.normal(0, 0.1, 4)),
        "dense": rounded(noise.normal(0, 0.15, (4 * HEIGHT * WIDTH, 3))),
        "dense_bias": rounded(noise.normal(0, 0.1, 3)),
        "rgb": noise.integers(0, 256, (HEIGHT, WIDTH, 3)).tolist(),
        "map": rounded(noise.uniform(0, 1, (4, 5))),
    }


def floats(array):
    return np.asarray(array, dtype=np.float64).ravel().tolist()


def with_torch(path):
    import torch
    from captum.metrics import infidelity, sensitivity_max
    from pytorch_grad_cam.metrics import road
    from scipy import ndimage, stats
    from skimage.metrics import structural_similarity
    from torch import nn
    from torchcam.metrics import ClassificationMetric, DeletionInsertionMetric

    data = made()
    net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(4 * HEIGHT * WIDTH, 3))
    with torch.no_grad():
        net[0].weight.copy_(torch.tensor(data["conv"]))
        net[0].bias.copy_(torch.tensor(data["conv_bias"]))
        net[3].weight.copy_(torch.tensor(data["dense"]).T)
        net[3].bias.copy_(torch.tensor(data["dense_bias"]))
    net.eval()
    softmax = nn.Sequential(net, nn.Softmax(dim=1))
    x = torch.tensor(np.transpose(data["rgb"], (2, 0, 1))[None] / 255, dtype=torch.float32)
    cam = torch.tensor(data["map"], dtype=torch.float32)
    cam = cam / cam.max()
    large = torch.nn.functional.interpolate(cam[None, None], (HEIGHT, WIDTH), mode="bilinear", align_corners=False)[0, 0]
    data["probabilities"] = floats(softmax(x).detach())

    class Extractor:
        """What torch-cam's metrics ask of a method: the one map."""

        model = net

        def __call__(self, *_, **__):
            return [cam[None]]

        def fuse_cams(self, cams):
            return cams[0]

        def _hooks_off(self):
            return nullcontext()

    probability = lambda logits: torch.softmax(logits, dim=-1)
    curves = DeletionInsertionMetric(Extractor(), probability)
    curves.update(x, CLASS)
    data["torch_cam"] = curves.summary()
    drop = ClassificationMetric(Extractor(), probability)
    drop.update(x, CLASS)
    data["torch_cam"].update(drop.summary())
    # Of a class that the map makes likelier.
    drop = ClassificationMetric(Extractor(), probability)
    other = int(torch.argmax(softmax(x * large) / softmax(x)))
    drop.update(x, other)
    data["torch_cam"]["other"] = {"class": other, **drop.summary()}

    # The authors' recipe of insertion, evaluation.py of RISE: a blur of 11 pixels and standard deviation 5, without padding.
    one = np.zeros((11, 11))
    one[5, 5] = 1
    kernel = ndimage.gaussian_filter(one, 5)
    data["kernel"] = floats(kernel)
    weight = torch.tensor(kernel, dtype=torch.float32)[None, None].repeat(3, 1, 1, 1)
    blurred = torch.nn.functional.conv2d(x, weight, padding=5, groups=3)
    data["blurred"] = floats(blurred)
    order = torch.argsort(large.flatten(), descending=True, stable=True)
    scores, pixels = [], blurred.clone()
    for step in range(11):
        scores.append(float(softmax(pixels)[0, CLASS]))
        which = order[8 * step : 8 * (step + 1)]
        pixels.reshape(1, 3, -1)[..., which] = x.reshape(1, 3, -1)[..., which]
    area = (sum(scores) - scores[0] / 2 - scores[-1] / 2) / (len(scores) - 1)
    data["rise"] = {"insertion": scores, "area": area}

    # Noise off: the equations alone.
    road.NoisyLinearImputer.__init__.__defaults__ = (0.0, road.neighbors_weights)
    target = [lambda output: output[CLASS]]
    cams = large.numpy()[None]
    score = lambda metric: float(metric(x, cams, target, softmax)[0])
    data["road"] = {"combined": score(road.ROADCombined()), "most": score(road.ROADMostRelevantFirstAverage())}
    noise = np.random.default_rng(7)
    kept = (noise.uniform(0, 1, (7, 9)) > 0.6).astype(np.float32)
    kept[2:6, 3:9] = 0
    plane = noise.normal(0, 1, (1, 7, 9)).astype(np.float32)
    filled = road.NoisyLinearImputer()(torch.tensor(plane), torch.tensor(kept))
    data["imputation"] = {"kept": floats(kept), "plane": floats(plane), "filled": floats(filled)}

    places = [(0, 0), (2, 3), (5, 7), (1, 6), (4, 2), (3, 3), (5, 0)]
    squares = torch.zeros(len(places), 1, HEIGHT, WIDTH)
    for square, (top, left) in zip(squares, places):
        square[0, top : top + 3, left : left + 3] = 1
    squares = squares.repeat(1, 3, 1, 1)
    perturb = lambda inputs: (squares, inputs * (1 - squares))
    shared = (large / 3)[None, None].repeat(1, 3, 1, 1)
    of = lambda normalize: float(infidelity(softmax, perturb, x, shared, target=CLASS, n_perturb_samples=len(places), normalize=normalize))
    losses = softmax(x)[0, CLASS] - softmax(x * (1 - squares))[:, CLASS]
    data["infidelity"] = {
        "heats": floats((squares[:, 0] * large).sum((1, 2))),
        "losses": floats(losses.detach()),
        "best": of(True),
        "own": of(False),
    }
    # One square that is all of the image.
    everything = lambda inputs: (torch.ones_like(inputs), inputs * 0)
    data["infidelity"]["whole"] = float(infidelity(softmax, everything, x, shared, target=CLASS, n_perturb_samples=1))

    moved = torch.tensor(np.round(noise.normal(0, 0.05, (4, 1, 3, 4)), 3), dtype=torch.float32)
    place = torch.tensor(np.round(noise.normal(0, 1, (1, 1, 3, 4)), 3), dtype=torch.float32)
    cubed = lambda inputs: inputs**3 - inputs
    # Given a tuple it gives one, as captum's own methods do: of a bare tensor captum would compare all pairs.
    explain = lambda inputs: (cubed(inputs[0]),) if isinstance(inputs, tuple) else cubed(inputs)
    change = sensitivity_max(explain, place, perturb_func=lambda inputs, _: inputs + moved, n_perturb_samples=4)
    data["sensitivity_max"] = {
        "own": floats(explain(place)),
        "changed": [floats(explain(place + one)) for one in moved],
        "value": float(change),
    }

    one, other = np.round(noise.uniform(0, 1, (2, 9, 11)), 1)
    data["similarity"] = {
        "one": floats(one),
        "other": floats(other),
        "spearman": float(stats.spearmanr(one.ravel(), other.ravel()).statistic),
        "ssim": float(structural_similarity(one, other, data_range=1.0)),
        "entropy": float(stats.entropy(np.histogram(one, bins=7)[0])),
        "percentile": [float(np.percentile(one, share)) for share in (10, 37.5, 90)],
        "edges": floats(np.hypot(ndimage.sobel(one, 0, mode="nearest"), ndimage.sobel(one, 1, mode="nearest"))),
        # Quantus' form of the Gini index.
        "gini": float(np.sum((2 * np.arange(1, 100) - 100) * np.sort(one.ravel())) / (99 * one.sum())),
    }
    path.write_text(json.dumps(data) + "\n")


def with_xplique(path):
    import tensorflow as tf
    from xplique.metrics import Deletion, Insertion

    data = json.loads(path.read_text())
    model = tf.keras.Sequential([
        tf.keras.layers.Input((HEIGHT, WIDTH, 3)),
        tf.keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
        tf.keras.layers.Permute((3, 1, 2)),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(3, activation="softmax"),
    ])
    model.layers[0].set_weights([np.transpose(data["conv"], (2, 3, 1, 0)), np.array(data["conv_bias"])])
    model.layers[-1].set_weights([np.array(data["dense"]), np.array(data["dense_bias"])])
    x = np.array(data["rgb"], dtype=np.float32)[None] / 255
    assert np.allclose(model.predict(x, verbose=0)[0], data["probabilities"], atol=1e-5)
    cam = np.array(data["map"], dtype=np.float32)
    large = tf.image.resize(cam[None, ..., None] / cam.max(), (HEIGHT, WIDTH))[..., 0].numpy()
    label = np.eye(3, dtype=np.float32)[[CLASS]]
    data["xplique"] = {
        "deletion": float(Deletion(model, x, label)(large)),
        "insertion": float(Insertion(model, x, label)(large)),
    }
    path.write_text(json.dumps(data) + "\n")


if __name__ == "__main__":
    {"torch": with_torch, "xplique": with_xplique}[sys.argv[1]](Path(sys.argv[2]))
