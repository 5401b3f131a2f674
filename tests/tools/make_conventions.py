"""Writes tests/data/conventions: what libraries make of one small network and one image, and the images that they draw.

    python make_conventions.py torch FOLDER        needs torch, captum, grad-cam, torchcam, matplotlib, Pillow, opencv
    python make_conventions.py tensorflow FOLDER   needs tensorflow, tf-keras-vis, xplique, matplotlib, Pillow

The network's parameters and the image come from the generator of tests/common (Numerical Recipes), so that the test makes the same:
3 x 21 x 29 numbers of 0 to 1, two convolutions of 3 x 3 with a step of 2 (5 and 6 channels, ReLU behind each), flattened, dense to
4 classes. Explained is one class at the second ReLU. A convention's file holds its maps at the size at which the library gives them,
and its image the Grad-CAM map drawn with the library's own function and defaults, where it has one.
"""
import json
import os
import sys
import warnings

import numpy as np
from PIL import Image

warnings.filterwarnings("ignore")
HEIGHT, WIDTH, CLASS = 21, 29, 2


class Noise:
    def __init__(self, state):
        self.state = state

    def next(self):
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) / 2**23 - 1.0

    def many(self, *shape):
        return np.array([self.next() for _ in range(int(np.prod(shape)))], np.float32).reshape(shape)


noise = Noise(20)
W1, B1 = noise.many(5, 3, 3, 3), noise.many(5)
W2, B2 = noise.many(6, 5, 3, 3), noise.many(6)
W3, B3 = noise.many(288, 4) / np.float32(16), noise.many(4)
# Patches of 8 x 8 pixels, of 10 to 245: no image fills the range by itself.
patches = noise.many(4, 6, 3)
BIG = np.array([[patches[y // 8, x // 8] for x in range(41)] for y in range(31)])
BIG = (np.floor((BIG + 1) / 2 * 235) + 10).astype(np.uint8)
IMAGE = np.asarray(Image.fromarray(BIG).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST))
INPUT = IMAGE.astype(np.float32) / np.float32(255)


def write(folder, name, versions, maps, drawn):
    rows = {method: [[float(f"{value:.7g}") for value in row] for row in np.asarray(map)] for method, map in maps.items()}
    lines = ",\n".join(f'  "{method}": {json.dumps(map, separators=(",", ":"))}' for method, map in rows.items())
    with open(os.path.join(folder, f"{name}.json"), "w") as file:
        file.write(f'{{\n "made_with": {json.dumps(versions)},\n "maps": {{\n{lines}\n }}\n}}\n')
    Image.fromarray(drawn).save(os.path.join(folder, f"{name}.png"))


def figure(paint):
    """What matplotlib draws on axes of exactly the image's pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    canvas = FigureCanvasAgg(Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100))
    axes = canvas.figure.add_axes([0, 0, 1, 1])
    axes.axis("off")
    paint(canvas.figure, axes)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def with_torch(folder):
    import captum
    import cv2
    import matplotlib
    import torch
    import torchcam
    from captum.attr import LayerAttribution, LayerGradCam
    from captum.attr import visualization
    from importlib.metadata import version
    from pytorch_grad_cam import GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM, XGradCAM
    from pytorch_grad_cam.utils.image import show_cam_on_image
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
    from torch import nn
    from torchcam import methods
    from torchcam.utils import overlay_mask
    from torchvision.transforms.functional import to_pil_image

    net = nn.Sequential(
        nn.Conv2d(3, 5, 3, 2, 1), nn.ReLU(), nn.Conv2d(5, 6, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(288, 4)
    ).eval()
    for layer, weight, bias in ((net[0], W1, B1), (net[2], W2, B2), (net[5], W3.T, B3)):
        layer.weight.data, layer.bias.data = torch.tensor(weight.copy()), torch.tensor(bias)
    x = torch.tensor(INPUT.transpose(2, 0, 1)[None].copy())
    print("logits", net(x).detach().numpy(), file=sys.stderr)

    # The notebook of convnet-interpretability-keras, step by step.
    features = net[:4](x).detach().requires_grad_()
    torch.softmax(net[4:](features), 1)[0, CLASS].backward()
    heat = (features * features.grad.mean((2, 3), keepdim=True)).mean(1)[0].detach().numpy()
    heat = np.maximum(heat, 0)
    heat /= heat.max()
    heat = cv2.resize(heat, (BIG.shape[1], BIG.shape[0]))
    colours = cv2.applyColorMap(np.uint8(255 * heat), cv2.COLORMAP_JET)
    cv2.imwrite(os.path.join(folder, "passing.png"), colours * 0.4 + BIG[..., ::-1])
    drawn = np.asarray(Image.open(os.path.join(folder, "passing.png")).convert("RGB"))
    os.remove(os.path.join(folder, "passing.png"))
    write(folder, "keras_notebook", f"opencv {cv2.__version__}, torch {torch.__version__}", {"grad_cam": heat}, drawn)

    maps = {}
    kinds = {"grad_cam": GradCAM, "grad_cam_plus_plus": GradCAMPlusPlus, "layer_cam": LayerCAM, "hires_cam": HiResCAM, "xgrad_cam": XGradCAM}
    for method, kind in kinds.items():
        with kind(model=net, target_layers=[net[3]]) as cam:
            maps[method] = cam(input_tensor=x, targets=[ClassifierOutputTarget(CLASS)])[0]
    drawn = show_cam_on_image(INPUT, maps["grad_cam"], use_rgb=True)
    write(folder, "pytorch_grad_cam", f"grad-cam {version('grad-cam')}, opencv {cv2.__version__}", maps, drawn)

    maps = {}
    kinds = {"grad_cam": methods.GradCAM, "grad_cam_plus_plus": methods.GradCAMpp, "layer_cam": methods.LayerCAM, "xgrad_cam": methods.XGradCAM}
    size = (BIG.shape[1], BIG.shape[0])
    for method, kind in kinds.items():
        with kind(net, "3") as cam:
            mask = to_pil_image(cam(CLASS, net(x))[0].squeeze(0), mode="F")
        # As overlay_mask enlarges it.
        maps[method] = np.asarray(mask.resize(size, resample=Image.Resampling.BICUBIC))
        if method == "grad_cam":
            drawn = np.asarray(overlay_mask(Image.fromarray(BIG), mask))
    made = f"torchcam {torchcam.__version__}, matplotlib {matplotlib.__version__}, Pillow {Image.__version__}"
    write(folder, "torch_cam", made, maps, drawn)

    attribution = LayerGradCam(net, net[3]).attribute(x, target=CLASS)
    map = LayerAttribution.interpolate(attribution, (HEIGHT, WIDTH))[0, 0].detach().numpy()

    def paint(figure, axes):
        visualization.visualize_image_attr(
            map[..., None], IMAGE, "blended_heat_map", sign="all", plt_fig_axis=(figure, axes), use_pyplot=False
        )

    write(folder, "captum", f"captum {captum.__version__}, matplotlib {matplotlib.__version__}", {"grad_cam": map}, figure(paint))
    write_colours(folder, cv2)


def write_colours(folder, cv2):
    """The colours of OpenCV's and matplotlib's jet, and of captum's map, 256 each."""
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap

    steps = np.arange(256)
    opencv = cv2.applyColorMap(steps.astype(np.uint8)[:, None], cv2.COLORMAP_JET)[:, 0, ::-1]
    captum = LinearSegmentedColormap.from_list("RdWhGn", ["red", "white", "green"])
    tables = {
        "opencv_jet": opencv,
        "matplotlib_jet": colormaps["jet"](steps, bytes=True)[:, :3],
        "red_white_green": captum(steps, bytes=True)[:, :3],
    }
    text = {name: "".join(f"{value:02x}" for value in table.reshape(-1)) for name, table in tables.items()}
    with open(os.path.join(folder, "colours.json"), "w") as file:
        json.dump(text, file, indent=1)
        file.write("\n")


def with_tensorflow(folder):
    import matplotlib
    import tensorflow as tf
    from importlib.metadata import version
    from matplotlib import cm
    from matplotlib import pyplot as plt
    from tensorflow.keras import layers
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus
    from tf_keras_vis.layercam import Layercam
    from tf_keras_vis.utils.scores import CategoricalScore
    from xplique.attributions import GradCAM, GradCAMPP
    from xplique.plots import plot_attribution

    net = tf.keras.Sequential([
        layers.ZeroPadding2D(1, input_shape=(HEIGHT, WIDTH, 3)),
        layers.Conv2D(5, 3, 2, activation="relu"),
        layers.ZeroPadding2D(1),
        layers.Conv2D(6, 3, 2, activation="relu", name="last"),
        layers.Permute((3, 1, 2)),
        layers.Flatten(),
        layers.Dense(4),
    ])
    net.set_weights([W1.transpose(2, 3, 1, 0), B1, W2.transpose(2, 3, 1, 0), B2, W3, B3])
    x = INPUT[None]
    print("logits", net(x).numpy(), file=sys.stderr)

    kinds = {"grad_cam": Gradcam, "grad_cam_plus_plus": GradcamPlusPlus, "layer_cam": Layercam}
    maps = {method: kind(net)(CategoricalScore(CLASS), x)[0] for method, kind in kinds.items()}
    # As its documentation's examples draw it.
    heat = np.uint8(cm.jet(maps["grad_cam"])[..., :3] * 255)

    def paint(_, axes):
        axes.imshow(IMAGE)
        axes.imshow(heat, cmap="jet", alpha=0.5)

    made = f"tf-keras-vis {version('tf-keras-vis')}, tensorflow {tf.__version__}, scipy {version('scipy')}"
    write(folder, "tf_keras_vis", made, maps, figure(paint))

    target = np.eye(4, dtype=np.float32)[CLASS][None]
    kinds = {"grad_cam": GradCAM, "grad_cam_plus_plus": GradCAMPP}
    maps = {method: kind(net)(x, target)[0, ..., 0].numpy() for method, kind in kinds.items()}
    plt.switch_backend("agg")
    shown = plt.figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
    shown.add_axes([0, 0, 1, 1])
    plot_attribution(maps["grad_cam"], INPUT)
    shown.canvas.draw()
    drawn = np.asarray(shown.canvas.buffer_rgba())[..., :3].copy()
    write(folder, "xplique", f"xplique {version('xplique')}, tensorflow {tf.__version__}, matplotlib {matplotlib.__version__}", maps, drawn)


{"torch": with_torch, "tensorflow": with_tensorflow}[sys.argv[1]](sys.argv[2])
