"""Exports networks of torchvision with seeded random weights by both exporters of torch.onnx, packs each with `convscope pack`, and compares
its logits with onnxruntime's: the table in docs/models.md.

    python tests/tools/make_exporters.py CONVSCOPE FOLDER     # needs torch, torchvision, onnx, onnxscript, onnxruntime and Pillow

CONVSCOPE is the program, FOLDER gets the files. Batch normalizations have seeded statistics too, so that none does nothing.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torchvision
from PIL import Image

NETWORKS = ["resnet18", "mobilenet_v3_small", "mobilenet_v3_large", "densenet121", "efficientnet_b0", "convnext_tiny", "googlenet",
            "shufflenet_v2_x1_0", "regnet_y_400mf", "squeezenet1_1", "mnasnet1_0", "inception_v3", "vit_b_16"]


def network(name):
    torch.manual_seed(16)
    more = {"init_weights": True, "aux_logits": False} if name in ("googlenet", "inception_v3") else {}
    net = getattr(torchvision.models, name)(weights=None, **more).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.1)
    return net


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    for name in NETWORKS:
        side = 299 if name == "inception_v3" else 224
        pixels = np.random.default_rng(16).integers(0, 256, (side, side, 3), np.uint8)
        image = folder / f"{side}.png"
        Image.fromarray(pixels).save(image)
        given = (pixels.astype(np.float32) / 255).transpose(2, 0, 1)[None]
        for new in (False, True):
            file = folder / f"{name}_{'dynamo' if new else 'script'}.onnx"
            try:
                more = {"external_data": False} if new else {}
                torch.onnx.export(network(name), (torch.from_numpy(given),), file, dynamo=new, **more)
            except Exception as error:  # What an exporter cannot do is no matter of ours.
                print(f"| {name} | {'new' if new else 'old'} | not exported: {type(error).__name__} | |", flush=True)
                continue
            logits = onnxruntime.InferenceSession(file).run(None, {onnxruntime.InferenceSession(file).get_inputs()[0].name: given})[0][0]
            start = time.time()
            packed = subprocess.run([program, "pack", file, "--preset", "0..1", "--short-side", "0", "--labels", "numbers", "--codec", "f32",
                                     "--unmeasured", "--id", "net", "--out", folder / "packed" / "net"], capture_output=True, text=True)
            seconds = time.time() - start
            if packed.returncode:
                print(f"| {name} | {'new' if new else 'old'} | {packed.stderr.strip()} | |", flush=True)
                continue
            seen = subprocess.run([program, "classify", image, "--model", "net", "--weights", folder / "packed", "--device", "cpu", "--top",
                                   "1000", "--json", "-q"], capture_output=True, text=True)
            classes = json.loads(seen.stdout)["classes"]
            worst = max(abs(one["logit"] - logits[one["index"]]) for one in classes)
            print(f"| {name} | {'new' if new else 'old'} | {worst:.1e} of {np.abs(logits).max():.2f} | {seconds:.1f} |", flush=True)


main()
