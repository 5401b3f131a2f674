"""contestant.py tensorflow|onnxruntime|pytorch PACKED THREADS: says what it is, then does the task named on each line of its input.

Each answer is one line of JSON, as the browser's contestants give it: milliseconds until the result is a NumPy array, and two
numbers by which results are compared.
"""
import json
import os
import sys
import time

import numpy as np

from packed import Packed, noise


def tensorflow(model, x, threads):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.config.set_visible_devices([], "GPU")
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    # Feature maps are `[1, H, W, C]` there, which its CPU kernels are made for.
    x = tf.constant(x.transpose(0, 2, 3, 1))
    constants = {
        node[key]: tf.constant(values.transpose(2, 3, 1, 0) if values.ndim == 4 else values)
        for node in model.nodes
        for key in ("weight", "bias")
        if node.get(key)
        for values in [model.parameter(node[key])]
    }

    def padded(x, padding, value):
        sides = [[0, 0], [padding["top"], padding["bottom"]], [padding["left"], padding["right"]], [0, 0]]
        return tf.pad(x, sides, constant_values=value) if any(map(any, sides)) else x

    def flat(x):
        return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [1, -1]) if len(x.shape) == 4 else x

    def apply(node, inputs):
        kind, x = node["op"], inputs[0]
        if kind == "conv2d":
            weight, padding = constants[node["weight"]], node["padding"]
            if node["groups"] > 1:
                # A kernel for each channel.
                kernels = tf.transpose(weight, [0, 1, 3, 2])
                y = tf.nn.depthwise_conv2d(padded(x, padding, 0.0), kernels, [1, *node["stride"], 1], "VALID")
                return tf.nn.bias_add(y, constants[node["bias"]]) if node.get("bias") else y
            same = node["stride"] == [1, 1] and all(
                padding[side] * 2 + 1 == size for side, size in zip(("top", "left"), weight.shape[:2])
            )
            how = ("SAME", x) if same else ("VALID", padded(x, padding, 0.0))
            y = tf.nn.conv2d(how[1], weight, node["stride"], how[0], dilations=node["dilation"])
            return tf.nn.bias_add(y, constants[node["bias"]]) if node.get("bias") else y
        if kind == "max_pool":
            rest = [(size - k) % s if node["ceil_mode"] else 0 for size, k, s in zip(x.shape[1:3], node["kernel"], node["stride"])]
            more = [(s - r) % s for r, s in zip(rest, node["stride"])]
            padding = node["padding"]
            sides = dict(padding, bottom=padding["bottom"] + more[0], right=padding["right"] + more[1])
            return tf.nn.max_pool2d(padded(x, sides, -3e38), node["kernel"], node["stride"], "VALID")
        simple = {
            "relu": lambda: tf.nn.relu(x),
            "global_average_pool": lambda: tf.reduce_mean(x, [1, 2], keepdims=True),
            "concat": lambda: tf.concat(inputs, 3),
            "add": lambda: tf.add_n(inputs),
            "clip": lambda: tf.clip_by_value(x, node["min"], node["max"]),
            "flatten": lambda: flat(x),
            "dense": lambda: flat(x) @ constants[node["weight"]] + constants[node["bias"]],
        }
        return simple[kind]()

    def outputs(x):
        made = {"input": x}
        for node in model.nodes:
            made[node["name"]] = apply(node, [made[name] for name in node["inputs"]])
        return made

    def maps(layers):
        with tf.GradientTape(persistent=False) as tape:
            tape.watch(x)
            made = outputs(x)
            score = tf.reduce_mean(made[model.end])
        gradients = tape.gradient(score, [made[layer] for layer in layers])
        cams = [
            tf.nn.relu(tf.reduce_sum(made[layer] * tf.reduce_mean(gradient, [1, 2], keepdims=True), 3))
            for layer, gradient in zip(layers, gradients)
        ]
        return tf.concat([tf.reshape(cam, [-1]) for cam in cams], 0)

    def input_gradient():
        with tf.GradientTape() as tape:
            tape.watch(x)
            score = tf.reduce_mean(outputs(x)[model.end])
        return tape.gradient(score, x)

    tasks = {
        "forward": lambda: outputs(x)[model.end],
        "grad_cam": lambda: maps(model.convolutions[-1:]),
        "all_layers": lambda: maps(model.convolutions),
        "input_gradient": input_gradient,
    }
    compiled = {name: tf.function(task) for name, task in tasks.items()}
    def run(task):
        if task not in compiled:
            raise NotImplementedError("not asked of TensorFlow")
        return compiled[task]().numpy()

    return f"TensorFlow {tf.__version__}", run


def onnxruntime(model, x, threads):
    import onnxruntime as ort

    from to_onnx import convert

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(convert(model).SerializeToString(), options, providers=["CPUExecutionProvider"])

    def run(task):
        if task != "forward":
            raise NotImplementedError("ONNX Runtime computes no gradients")
        return session.run(None, {"input": x})[0]

    return f"ONNX Runtime {ort.__version__}", run


def pytorch(model, x, threads):
    import pytorch_grad_cam
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(threads)
    x = torch.from_numpy(x)

    class Network(torch.nn.Module):
        """The packed graph; the last convolution's ReLU is a module, for hooks."""

        def __init__(self):
            super().__init__()
            self.weights = {
                node[key]: torch.from_numpy(np.array(model.parameter(node[key])))
                for node in model.nodes
                for key in ("weight", "bias")
                if node.get(key)
            }
            self.last = torch.nn.ReLU()
            # pytorch-grad-cam asks the first of these for its device.
            self.place = torch.nn.Parameter(torch.zeros(1))

        def made(self, x):
            made = {"input": x}
            for node in model.nodes:
                made[node["name"]] = self.apply_node(node, [made[name] for name in node["inputs"]])
            return made

        def apply_node(self, node, inputs):
            kind, x = node["op"], inputs[0]
            if kind == "conv2d":
                p = node["padding"]
                same = p["top"] == p["bottom"] and p["left"] == p["right"]
                x = x if same else F.pad(x, [p["left"], p["right"], p["top"], p["bottom"]])
                padding = [p["top"], p["left"]] if same else 0
                weight, bias = self.weights[node["weight"]], self.weights.get(node.get("bias"))
                return F.conv2d(x, weight, bias, node["stride"], padding, node["dilation"], node["groups"])
            if kind == "max_pool":
                p = node["padding"]
                return F.max_pool2d(x, node["kernel"], node["stride"], [p["top"], p["left"]], ceil_mode=node["ceil_mode"])
            simple = {
                "clip": lambda: torch.clamp(x, node["min"], node["max"]),
                "flatten": lambda: x.flatten(1),
                "dense": lambda: x.flatten(1) @ self.weights[node["weight"]] + self.weights[node["bias"]],
                "relu": lambda: (self.last if node["name"] == model.convolutions[-1] else torch.relu)(x),
                "global_average_pool": lambda: x.mean([2, 3], keepdim=True),
                "concat": lambda: torch.cat(inputs, 1),
                "add": lambda: sum(inputs),
            }
            return simple[kind]()

        def forward(self, x):
            return self.made(x)[model.end].flatten(1)

    network = Network().eval()
    batch = 32

    def maps(layers):
        made = network.made(x.clone().requires_grad_())
        gradients = torch.autograd.grad(made[model.end].mean(), [made[layer] for layer in layers])
        cams = [
            torch.relu((made[layer] * gradient.mean([2, 3], keepdim=True)).sum(1))
            for layer, gradient in zip(layers, gradients)
        ]
        return torch.cat([cam.detach().flatten() for cam in cams])

    def input_gradient():
        leaf = x.clone().requires_grad_()
        return torch.autograd.grad(network.made(leaf)[model.end].mean(), leaf)[0]

    def rise(masks, cells=7, keep=0.5):
        """Equation 6 of RISE, masks as its authors make them."""
        height, width = x.shape[2:]
        cell = [-(-height // cells), -(-width // cells)]
        total = torch.zeros(height, width)
        with torch.no_grad():
            target = network(x).argmax()
            for start in range(0, masks, batch):
                count = min(batch, masks - start)
                grid = (torch.rand(count, 1, cells, cells) < keep).float()
                size = [(cells + 1) * cell[0], (cells + 1) * cell[1]]
                large = F.interpolate(grid, size, mode="bilinear", align_corners=False)
                shifts = zip(torch.randint(cell[0], (count,)).tolist(), torch.randint(cell[1], (count,)).tolist())
                cut = torch.stack([one[:, top : top + height, left : left + width] for one, (top, left) in zip(large, shifts)])
                scores = network(x * cut).softmax(1)[:, target]
                total += (scores[:, None, None] * cut[:, 0]).sum(0)
        return total / (keep * masks)

    def score_cam(tried):
        """The weights of pytorch-grad-cam's Score-CAM for so many channels of the last convolution, and the map."""
        from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

        cam = pytorch_grad_cam.ScoreCAM(network, [network.last])
        cam.batch_size = batch
        with torch.no_grad():
            made = network.made(x)
            features = made[model.convolutions[-1]].numpy()[:, :tried]
            target = ClassifierOutputTarget(int(made[model.end].argmax()))
        weights = cam.get_cam_weights(x, network.last, [target], features, None)
        return torch.relu(torch.from_numpy((np.asarray(weights)[:, :, None, None] * features).sum(1)))

    def run(task):
        name, _, settings = task.partition(":")
        settings = {key: int(value) for key, _, value in (one.partition("=") for one in settings.split(";") if one)}
        if name == "forward":
            with torch.no_grad():
                return network(x).numpy()
        tasks = {
            "grad_cam": lambda: maps(model.convolutions[-1:]),
            "all_layers": lambda: maps(model.convolutions),
            "input_gradient": input_gradient,
            "rise": lambda: rise(settings["masks"]),
            "score_cam": lambda: score_cam(settings["tried"]),
        }
        if name not in tasks:
            raise NotImplementedError("not asked of PyTorch")
        return tasks[name]().detach().numpy()

    return f"PyTorch {torch.__version__}", run


def main():
    contestant, folder, threads = sys.argv[1:]
    model = Packed(folder)
    x = noise([1, *model.input_shape])
    about, run = {"tensorflow": tensorflow, "onnxruntime": onnxruntime, "pytorch": pytorch}[contestant](model, x, int(threads))
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        try:
            values = run(line.strip())
        except NotImplementedError as error:
            print(json.dumps({"failed": str(error)}), flush=True)
            continue
        milliseconds = (time.perf_counter() - start) * 1000
        wide = values.astype(np.float64)
        answer = {"milliseconds": milliseconds, "count": values.size, "sum": wide.sum(), "norm": float(np.sqrt((wide**2).sum()))}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
