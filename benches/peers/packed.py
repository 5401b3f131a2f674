"""A packed model of Convscope, for the peers: its graph as it is, its numbers as float32 `[C, H, W]` and `[O, I, H, W]`."""
import json
import pathlib
import zlib

import numpy as np


class Packed:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        manifest = json.loads((folder / "model.json").read_text())
        self.tensors = manifest["tensors"]
        self.end = manifest.get("logits") or manifest["nodes"][-1]["name"]
        names = [node["name"] for node in manifest["nodes"]]
        # Without what comes after the logits.
        self.nodes = manifest["nodes"][: names.index(self.end) + 1]
        linear = {node["name"] for node in self.nodes if node["op"] == "conv2d"}
        self.convolutions = [node["name"] for node in self.nodes if node["op"] in ("relu", "clip") and node["inputs"][0] in linear]
        preprocessing = manifest["preprocessing"]
        self.input_shape = [3, preprocessing["height"], preprocessing["width"]]
        self.stream = b"".join(self._shard(folder, shard) for shard in manifest["shards"])

    @staticmethod
    def _shard(folder, shard):
        content = (folder / shard["file"]).read_bytes()
        return zlib.decompress(content, wbits=-15) if shard.get("unpacked") else content

    def parameter(self, name):
        tensor = self.tensors[name]
        part = self.stream[tensor["offset"] : tensor["offset"] + tensor["bytes"]]
        shape, axis = tensor["shape"], tensor["axis"]
        if tensor["codec"] == "f32":
            return np.frombuffer(part, "<f4").reshape(shape)
        if tensor["codec"] == "int8":
            scales = np.frombuffer(part, "<f4", shape[axis])
            steps = np.frombuffer(part, np.int8, offset=4 * shape[axis]).reshape(shape)
            return steps * scales.reshape([-1 if place == axis else 1 for place in range(len(shape))])
        raise SystemExit(f"the peers read f32 and int8, not {tensor['codec']}: pack the model as one of them")


def noise(shape):
    """The same numbers for everybody, about as large as a preprocessed image's."""
    state, values = 1, np.empty(int(np.prod(shape)), np.float32)
    for index in range(values.size):
        state = (state * 1664525 + 1013904223) % 2**32
        values[index] = (state / 2**32 - 0.5) * 200
    return values.reshape(shape)
