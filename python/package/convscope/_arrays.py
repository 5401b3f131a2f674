"""Images and maps as arrays."""

from __future__ import annotations

import os
from io import BytesIO
from typing import Any, Union

import numpy as np

from . import _convscope

#: A file, the bytes of one, an array ``[H, W]``, ``[H, W, 1]`` or ``[H, W, 3]`` of uint8, or an image of Pillow.
ImageLike = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, np.ndarray, Any]


def image_of(image: ImageLike) -> _convscope.Image:
    if isinstance(image, (str, os.PathLike)):
        return _convscope.Image.open(os.fspath(image))
    if isinstance(image, (bytes, bytearray, memoryview)):
        return _convscope.Image.decode(bytes(image))
    if hasattr(image, "mode") and hasattr(image, "save") and image.mode not in ("L", "RGB"):
        # What lies behind transparency, and what other colours are, is decided in one place.
        png = BytesIO()
        image.save(png, "PNG")
        return _convscope.Image.decode(png.getvalue())
    pixels = np.asarray(image)
    if pixels.dtype != np.uint8:
        raise TypeError(
            f"an image is an array of uint8 from 0 to 255, and this one is of {pixels.dtype}; "
            "scale it to 0..255 and convert it with .astype(numpy.uint8)"
        )
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3):
        raise TypeError(f"an image is an array [height, width] or [height, width, 3], and this one is {list(pixels.shape)}")
    height, width = pixels.shape[:2]
    rgb = np.ascontiguousarray(np.broadcast_to(pixels, (height, width, 3)))
    return _convscope.Image.from_rgb(width, height, rgb.tobytes())


def pixels_of(image: _convscope.Image) -> np.ndarray:
    return np.frombuffer(image.rgb(), np.uint8).reshape(*image.shape, 3)


class Map(np.ndarray):
    """Attribution map: ``[height, width]``, float32, 0 to 1, which draws itself over its image.

    What is made of it (slices, sums) are arrays like any other.
    """

    _made: _convscope.Map | None = None

    def __new__(cls, made: _convscope.Map) -> Map:
        map = np.frombuffer(made.normalised(), "<f4").reshape(made.shape).astype(np.float32).view(cls)
        map._made = made
        return map

    def __array_finalize__(self, base: Any) -> None:
        # Of another array: no longer the map that was made.
        self._made = None

    def __reduce__(self) -> Any:
        # Pickled and copied as the numbers that it is.
        return np.asarray(self).__reduce__()

    def _map(self) -> _convscope.Map:
        if self._made is None:
            raise TypeError("this array was made of a map and has no image any more; keep the map itself to draw it")
        return self._made

    @property
    def layer(self) -> str:
        """The layer that it is of."""
        return self._map().layer

    @property
    def signed(self) -> np.ndarray:
        """The numbers as they were computed, with their signs."""
        made = self._map()
        return np.frombuffer(made.signed(), "<f4").reshape(made.shape)

    @property
    def blank(self) -> str | None:
        """Why it shows nothing, where it shows nothing."""
        return self._map().blank

    @property
    def notes(self) -> list[str]:
        """What is to be known about it before it is believed."""
        return self._map().notes

    def _drawn(self, colormap: str | None, opacity: float | None, blend: str | None, signed: bool, contour: float | None) -> _convscope.Image:
        return self._map().overlay(colormap, opacity, blend, signed, contour)

    def overlay(
        self, *, colormap: str | None = None, opacity: float | None = None, blend: str | None = None, signed: bool = False,
        contour: float | None = None,
    ) -> np.ndarray:
        """The map over its image: ``[H, W, 3]``, uint8, in the image's size."""
        return pixels_of(self._drawn(colormap, opacity, blend, signed, contour))

    def save(
        self, path: str | os.PathLike[str], *, colormap: str | None = None, opacity: float | None = None,
        blend: str | None = None, signed: bool = False, contour: float | None = None,
    ) -> None:
        """Writes the map over its image to a PNG file."""
        self._drawn(colormap, opacity, blend, signed, contour).save(os.fspath(path))

    def _repr_png_(self) -> bytes | None:
        return None if self._made is None else self._drawn(None, None, None, False, None).png()
