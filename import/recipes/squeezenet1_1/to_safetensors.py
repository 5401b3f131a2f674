"""Turns ndf's pickled SqueezeNet weights into a safetensors file, with Python's standard library only.

    python3 to_safetensors.py squeezenet_weights.pkl squeezenet1_1.safetensors

The pickle is a dict of layer name -> [kernel, bias], two float32 numpy arrays; a kernel is [height, width, in, out]
and stays so. A pickle can name any Python function and have it called, so the only names resolved here are the three
that numpy arrays are made of, and they resolve to the stand-ins below: nothing of numpy is needed or run.
"""

import json
import math
import os
import pickle
import struct
import sys


class Dtype:
    """Stands in for numpy.dtype: keeps the type code and the byte order."""

    def __init__(self, code, *_flags):
        self.code = code
        self.order = "|"

    def __setstate__(self, state):
        self.order = state[1]


class Ndarray:
    """Stands in for numpy.ndarray: keeps the shape and the bytes of a little-endian float32 array in C order."""

    def __setstate__(self, state):
        _version, shape, dtype, fortran, data = state
        if not isinstance(dtype, Dtype) or (dtype.code, dtype.order) != ("f4", "<"):
            raise ValueError("an array is not little-endian float32")
        if fortran:
            raise ValueError("an array is in Fortran order")
        if not all(isinstance(size, int) and size > 0 for size in shape) or len(data) != 4 * math.prod(shape):
            raise ValueError(f"an array of shape {shape} has {len(data)} bytes")
        self.shape = list(shape)
        self.data = data


def reconstruct(kind, _shape, _code):
    """Stands in for numpy.core.multiarray._reconstruct: makes the empty array that __setstate__ fills."""
    if kind is not Ndarray:
        raise ValueError("an array is of a class other than numpy.ndarray")
    return Ndarray()


ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): reconstruct,
    ("numpy", "ndarray"): Ndarray,
    ("numpy", "dtype"): Dtype,
}


class ArrayUnpickler(pickle.Unpickler):
    """Reads numpy arrays in plain containers and refuses whatever else a pickle may ask for."""

    def find_class(self, module, name):
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"the pickle asks for {module}.{name}, which is no part of an array") from None


def tensors(weights):
    """Lists (name, array) of every layer, in the order of the names."""
    if not isinstance(weights, dict):
        raise ValueError("the pickle is no dict of layers")
    for layer, arrays in sorted(weights.items()):
        if not (isinstance(arrays, list) and len(arrays) == 2 and all(isinstance(array, Ndarray) for array in arrays)):
            raise ValueError(f"the layer {layer} is not a kernel and a bias")
        kernel, bias = arrays
        if len(kernel.shape) != 4 or bias.shape != kernel.shape[3:]:
            raise ValueError(f"the layer {layer} has a kernel {kernel.shape} and a bias {bias.shape}")
        yield f"{layer}/kernel", kernel
        yield f"{layer}/bias", bias


def safetensors(named):
    """The bytes of a safetensors file: length of the header, header, data."""
    header, data = {}, []
    offset = 0
    for name, array in named:
        end = offset + len(array.data)
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [offset, end]}
        data.append(array.data)
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the data starts at a multiple of 8
    return struct.pack("<Q", len(text)) + text + b"".join(data)


def main(source, target):
    with open(source, "rb") as file:
        weights = ArrayUnpickler(file).load()
    part = f"{target}.partial"
    with open(part, "wb") as file:
        file.write(safetensors(tensors(weights)))
    os.replace(part, target)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: to_safetensors.py PICKLE SAFETENSORS")
    try:
        main(sys.argv[1], sys.argv[2])
    except (OSError, ValueError, EOFError, pickle.UnpicklingError) as error:
        sys.exit(f"cannot convert {sys.argv[1]}: {error}")
