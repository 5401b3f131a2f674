"""The work of `convscope survey` in Python: decode, classify with ONNX Runtime, explain the likeliest class with pytorch-grad-cam, and
write maps of 16 x 16 float16 and a table.

    python survey.py images FOLDER COUNT      photographs of 640 x 480 pixels, cut out of the examples
    python survey.py survey FOLDER MODEL      squeezenet1_1, or vgg16 with four classes

Weights are random: the time does not depend on them. It takes numpy, pillow, onnxruntime, torch, torchvision and grad-cam.
"""

import csv
import hashlib
import io
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "core/examples"
MEAN, STD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def images(folder, count):
    """Cuts photographs out of the examples, each in a folder of its own."""
    rng = np.random.default_rng(1)
    sources = [Image.open(path).convert("RGB") for path in sorted(EXAMPLES.glob("*.jpg"))]
    for index in range(count):
        source = sources[index % len(sources)]
        share = rng.uniform(0.5, 0.95)
        width, height = int(source.width * share), int(source.height * share)
        x, y = rng.integers(0, source.width - width + 1), rng.integers(0, source.height - height + 1)
        out = folder / str(index % len(sources))
        out.mkdir(parents=True, exist_ok=True)
        part = source.crop((x, y, x + width, y + height)).resize((640, 480))
        part.save(out / f"{index:04}.jpg", quality=88)


def survey(folder, name):
    """Does it, and says how fast."""
    import onnxruntime
    import torch
    import torchvision
    from pytorch_grad_cam import GradCAM
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    torch.set_num_threads(2)
    torch.manual_seed(0)
    net = getattr(torchvision.models, name)(weights=None).eval()
    layer = net.features[-1]
    if name == "vgg16":
        net.classifier, layer = torch.nn.Linear(25088, 4), net.features[29]
    out = Path(tempfile.mkdtemp())
    torch.onnx.export(net, torch.zeros(1, 3, 224, 224), str(out / "net.onnx"), input_names=["x"], output_names=["y"], dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(str(out / "net.onnx"), options, providers=["CPUExecutionProvider"])
    cam = GradCAM(model=net, target_layers=[layer])
    files = sorted(path for path in folder.rglob("*.*"))
    start, maps, rows = time.time(), [], []
    for path in files:
        data = path.read_bytes()
        image = Image.open(io.BytesIO(data)).convert("RGB").resize((224, 224), Image.BILINEAR)
        x = ((np.asarray(image, np.float32) / 255 - MEAN) / STD).transpose(2, 0, 1)[None]
        logits = session.run(None, {"x": x})[0][0]
        top = int(logits.argmax())
        heat = cam(torch.from_numpy(x), targets=[ClassifierOutputTarget(top)])[0]
        maps.append(np.asarray(Image.fromarray(heat).resize((16, 16), Image.BOX)).astype(np.float16))
        shares = np.exp(logits - logits.max())
        rows.append([path, hashlib.sha256(data).hexdigest(), top, float((shares / shares.sum())[top])])
    np.save(out / "maps.npy", np.array(maps))
    with open(out / "results.csv", "w", newline="") as table:
        csv.writer(table).writerows(rows)
    seconds = time.time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(files)} images in {seconds:.1f} s, {len(files) / seconds:.1f} a second, peak {peak:.0f} MB")


if __name__ == "__main__":
    task, folder, last = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    images(folder, int(last)) if task == "images" else survey(folder, last)
