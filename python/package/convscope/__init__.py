"""Why an image classifier decided what it did: explanations as numpy arrays, without PyTorch and TensorFlow.

    import convscope

    heat = convscope.explain("squeezenet1_1", "cat.jpg", method="layer_cam", target="tabby")
    heat.save("cat.png")

``heat`` is an array ``[height, width]`` of float32 from 0 to 1, and draws itself over its image in a notebook. A model is a name
(``convscope.models()``), the folder of a packed model, or a file of another framework (ONNX, Keras, PyTorch weights, safetensors),
of which nothing is executed. Errors are sentences, below ``convscope.Error``; ``error.code`` names them for programs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from . import _convscope
from ._arrays import ImageLike, Map, image_of
from ._convscope import (
    DeviceError,
    Error,
    FileError,
    ImageError,
    NothingError,
    RequestError,
    WeightsError,
    __version__,
)

__all__ = [
    "Class", "DeviceError", "Error", "FileError", "ImageError", "Map", "Model", "NothingError", "Observation", "RequestError",
    "WeightsError", "__version__", "explain", "methods", "models",
]

#: Called with steps done and steps in all; what it raises stops the work.
Progress = Callable[[int, int], Any]


class Class(NamedTuple):
    """A class and what the network makes of it."""

    index: int
    name: str
    #: 0 to 1; None of a network whose outputs are no probabilities.
    probability: float | None
    logit: float


def _text(value: Any) -> str:
    """A parameter's value, as it is written on the command line."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(map(_text, value))
    return str(value)


class Observation:
    """What a network has seen of an image. Gradients are computed once and shared by all that is asked of it."""

    def __init__(self, seen: _convscope.Observation) -> None:
        self._seen = seen

    @property
    def classes(self) -> list[Class]:
        """All classes, the likeliest first."""
        return [Class(*each) for each in self._seen.classes()]

    @staticmethod
    def _asked(method: str, target: str | int | None, layer: str | Sequence[str], convention: str | None, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "method": method,
            "target": None if target is None else str(target),
            "layers": [layer] if isinstance(layer, str) else list(layer) or ["last"],
            "convention": convention,
            "parameters": [(name, _text(value)) for name, value in parameters.items()],
        }

    def maps(
        self, method: str = "grad_cam", *, target: str | int | None = None, layer: str | Sequence[str] = "all",
        convention: str | None = None, progress: Progress | None = None, **parameters: Any,
    ) -> list[Map]:
        """Maps of a method, one a layer: of those named, of ``all`` that are worth showing, of the ``last``, or ``fused`` to one."""
        asked = self._asked(method, target, layer, convention, parameters)
        return [Map(made) for made in self._seen.maps(asked, progress)]

    def explain(
        self, method: str = "grad_cam", *, target: str | int | None = None, layer: str = "last", convention: str | None = None,
        progress: Progress | None = None, **parameters: Any,
    ) -> Map:
        """The map of a method (``convscope.methods()``).

        ``target`` is a class by name or index, or a weighted sum of classes (``"tabby - tiger_cat"``); the likeliest class without it.
        Parameters are those of the method, by name.
        """
        maps = self.maps(method, target=target, layer=layer, convention=convention, progress=progress, **parameters)
        if len(maps) != 1:
            raise TypeError(
                f"{method} gives {len(maps)} maps of {layer}; ask for one layer, or for all with maps()"
                if maps else f"{method} gives no map; see convscope.methods() for those that do"
            )
        return maps[0]

    def measure(
        self, metric: str, method: str = "grad_cam", *, target: str | int | None = None, layer: str = "last",
        convention: str | None = None, progress: Progress | None = None, parameters: Mapping[str, Any] | None = None,
        **of_metric: Any,
    ) -> list[dict[str, Any]]:
        """What a metric (``deletion``, ``average_drop``, ..) says of the maps of a method, whose own parameters are ``parameters``."""
        asked = self._asked(method, target, layer, convention, parameters or {})
        values = [(name, _text(value)) for name, value in of_metric.items()]
        return json.loads(self._seen.measure(metric, values, asked, progress))


@contextmanager
def _without_desktop() -> Iterator[None]:
    """Mesa's Vulkan layer asks the desktop which GPU it is on, and complains on standard error where there is none; here it is not asked."""
    off = "NODEVICE_SELECT"
    chosen = any(os.environ.get(name) for name in ("MESA_VK_DEVICE_SELECT", "DRI_PRIME", off, "XDG_RUNTIME_DIR", "WAYLAND_DISPLAY"))
    if chosen or sys.platform != "linux":
        yield
        return
    os.environ[off] = "1"
    try:
        yield
    finally:
        del os.environ[off]


class Model:
    """A network on a device.

    ``source`` is the name of a model, the folder of a packed one, or a file of another framework. What such a file does not say is
    guessed, or given by keywords, as `convscope pack` takes them: ``preset`` (``torchvision``, ``tf``, ``caffe``, ..), ``channels``, ``scale``,
    ``mean``, ``std``, ``short_side``, ``resize``, ``input`` (a side, or height and width), ``labels`` (a list, a file, ``"imagenet"`` or
    ``"numbers"``), ``logits``, ``outputs``, ``taps``, ``until``, ``architecture``. ``notes`` says what was assumed.
    """

    def __init__(
        self, source: str | os.PathLike[str] = "squeezenet1_1", *, device: str = "auto",
        weights: str | os.PathLike[str] | None = None, **answers: Any,
    ) -> None:
        text = os.fspath(source)
        is_file = Path(text).is_file()
        if answers and not is_file:
            raise TypeError(f"{', '.join(answers)}: only a file of another framework leaves that open, and {text} is none")
        if isinstance(answers.get("input"), int):
            answers["input"] = [answers["input"]] * 2
        with _without_desktop():
            if is_file:
                self._model = _convscope.Model.read(text, device, **answers)
            else:
                self._model = _convscope.Model.load(text, None if weights is None else os.fspath(weights), device)

    @property
    def id(self) -> str:
        """Its short name."""
        return self._model.id

    @property
    def name(self) -> str:
        """Its name for people."""
        return self._model.name

    @property
    def device(self) -> str:
        """The device that it runs on."""
        return self._model.device

    @property
    def labels(self) -> list[str]:
        """The classes' names; none where it classifies nothing."""
        return self._model.labels

    @property
    def layers(self) -> list[str]:
        """The layers worth showing, the first first."""
        return self._model.layers

    @property
    def notes(self) -> list[str]:
        """Assumptions that were made of a file that did not say."""
        return self._model.notes

    def __repr__(self) -> str:
        return f"<convscope.Model {self.id} on {self.device}>"

    def observe(self, image: ImageLike) -> Observation:
        """Has the network see an image; several questions about it cost one forward pass."""
        return Observation(self._model.observe(image_of(image)))

    def classify(self, image: ImageLike, top: int = 5) -> list[Class]:
        """The likeliest classes."""
        return self.observe(image).classes[:top]

    def explain(self, image: ImageLike, method: str = "grad_cam", **asked: Any) -> Map:
        """The map of a method; see ``Observation.explain``."""
        return self.observe(image).explain(method, **asked)


def explain(model: Model | str | os.PathLike[str], image: ImageLike, method: str = "grad_cam", **asked: Any) -> Map:
    """The map of a method for an image: ``[height, width]``, float32, 0 to 1; see ``Model`` and ``Observation.explain``."""
    return (model if isinstance(model, Model) else Model(model)).explain(image, method, **asked)


def methods() -> list[dict[str, Any]]:
    """The cards of all methods: ``id``, ``title``, ``paper``, what it shows and does not prove, ``params``, .."""
    return json.loads(_convscope.methods())


def models(weights: str | os.PathLike[str] | None = None) -> list[str]:
    """The names of the models that are here."""
    return _convscope.models(None if weights is None else os.fspath(weights))
