"""A small network as ONNX, an image, and what onnxruntime and pytorch-grad-cam say of them, for python/tests.

pip install torch==2.15.0 onnx==1.23.2 onnxruntime==1.32.0 grad-cam==1.5.7 pillow; python tests/tools/make_python.py python/tests/data
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from PIL import Image
from pytorch_grad_cam import GradCAM, GradCAMPlusPlus, LayerCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

out = Path(sys.argv[1])
torch.manual_seed(7)
net = torch.nn.Sequential(
    torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(8, 12, 3, stride=2), torch.nn.ReLU(),
    torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(12, 5),
).eval()
# Height 21, width 30: odd, and not the same.
pixels = np.random.default_rng(7).integers(0, 256, (21, 30, 3), dtype=np.uint8)
Image.fromarray(pixels).save(out / "noise.png")
x = torch.from_numpy(pixels.transpose(2, 0, 1)[None].astype(np.float32) / 255)
torch.onnx.export(net, (x,), out / "net.onnx", input_names=["x"], output_names=["logits"], dynamo=False, opset_version=17)
onnx.checker.check_model(onnx.load(out / "net.onnx"))
session = onnxruntime.InferenceSession(out / "net.onnx", providers=["CPUExecutionProvider"])
logits = session.run(None, {"x": x.numpy()})[0][0]

golden = {"logits": [float(value) for value in logits], "maps": {}}
for name, kind in {"grad_cam": GradCAM, "grad_cam_plus_plus": GradCAMPlusPlus, "layer_cam": LayerCAM}.items():
    with kind(model=net, target_layers=[net[3]]) as cam:
        weighted = {}
        raw = cam.get_cam_image
        cam.get_cam_image = lambda *args, **more: weighted.setdefault("map", raw(*args, **more))
        cam(input_tensor=x, targets=[ClassifierOutputTarget(3)])
        golden["maps"][name] = np.asarray(weighted["map"])[0].astype(float).round(8).tolist()
(out / "golden.json").write_text(json.dumps(golden))
