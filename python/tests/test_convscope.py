"""The package as a user has it, beside onnxruntime's, pytorch-grad-cam's and the program's numbers: python -m unittest discover python/tests"""

import copy
import json
import os
import pickle
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import numpy as np

import convscope
from convscope._arrays import image_of

HERE = Path(__file__).parent
DATA = HERE / "data"
CAT = HERE.parent.parent / "core/examples/cat.jpg"
GOLDEN = json.loads((DATA / "golden.json").read_text())
#: Preprocessing of the network of tests/tools/make_python.py: none but the division by 255.
ANSWERS = {"scale": 1 / 255, "mean": [0, 0, 0], "std": [1, 1, 1], "short_side": 0, "input": [21, 30], "labels": list("abcde"), "device": "cpu"}


class Onnx(unittest.TestCase):
    def setUp(self):
        self.model = convscope.Model(DATA / "net.onnx", **ANSWERS)

    def test_logits_are_those_of_onnxruntime(self):
        classes = sorted(self.model.classify(DATA / "noise.png", top=10))
        self.assertEqual([each.name for each in classes], list("abcde"))
        np.testing.assert_allclose([each.logit for each in classes], GOLDEN["logits"], atol=1e-6)

    def test_maps_are_those_of_pytorch_grad_cam(self):
        seen = self.model.observe(DATA / "noise.png")
        for method, values in GOLDEN["maps"].items():
            with self.subTest(method):
                heat = seen.explain(method, target="d", convention="pytorch_grad_cam")
                values = np.array(values)
                self.assertEqual((heat.shape, heat.dtype), ((10, 14), np.float32))
                np.testing.assert_allclose(heat.signed, values, atol=2e-4 * np.abs(values).max())
                positive = values.clip(0)
                np.testing.assert_allclose(heat, positive / positive.max(), atol=1e-3)

    def test_a_blank_map_says_why(self):
        heat = self.model.explain(DATA / "noise.png", target="not e")
        self.assertEqual((float(heat.max()), heat.blank), (0.0, "all that this layer shows speaks against the class, as the signed map shows"))
        self.assertLess(heat.signed.max(), 0)
        self.assertTrue(any("speaks against" in note for note in heat.notes))

    def test_what_was_assumed_is_told(self):
        self.assertEqual((self.model.labels, self.model.device), (list("abcde"), "CPU"))
        guessed = convscope.Model(DATA / "net.onnx", input=[21, 30], device="cpu")
        self.assertTrue(guessed.notes)
        self.assertIn(guessed.id, repr(guessed))

    def test_what_does_not_fit_is_a_sentence(self):
        for answers, said in [({"preset": "nonsense"}, "preset is nonsense, but must be one of"), ({"labels": ["one"]}, "5")]:
            with self.subTest(answers), self.assertRaises(convscope.RequestError if "preset" in answers else convscope.Error) as caught:
                convscope.Model(DATA / "net.onnx", **{**ANSWERS, **answers})
            self.assertIn(said, str(caught.exception))
            self.assertTrue(caught.exception.code)
        with self.assertRaisesRegex(TypeError, "input: only a file"):
            convscope.Model("squeezenet1_1", input=224)


class Squeezenet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.model = convscope.Model("squeezenet1_1", device="cpu")
        cls.seen = cls.model.observe(CAT)

    def test_the_program_says_the_same(self):
        program = os.environ.get("CONVSCOPE_PROGRAM")
        if not program:
            self.skipTest("$CONVSCOPE_PROGRAM names no program to compare with")
        with tempfile.TemporaryDirectory() as folder:
            asked = ["explain", str(CAT), "--method", "layer_cam", "--class", "tabby", "--layer", "all", "--device", "cpu", "--out", folder]
            subprocess.run([program, *asked], check=True, capture_output=True)
            files = {path.name: np.load(path) for path in Path(folder).rglob("*.npy")}
        maps = self.seen.maps("layer_cam", target="tabby", layer="all")
        # All but the pools, whose maps are those before them made smaller.
        self.assertEqual([each.layer for each in maps], [layer for layer in self.model.layers if not layer.startswith("pool")])
        for each in maps:
            name = "." + each.layer.replace("/", "_") + "."
            same = [values for file, values in files.items() if name in file and np.array_equal(values, each)]
            self.assertTrue(same, f"{each.layer}: none of {sorted(files)}")

    def test_images_come_in_many_kinds(self):
        image = self.seen.explain().overlay()
        rng = np.random.default_rng(1)
        pixels = rng.integers(0, 256, (33, 20, 3), dtype=np.uint8)
        seen = self.model.observe(pixels)
        self.assertEqual(seen.explain().overlay().shape, (33, 20, 3))
        # The middle row seen upside down is another image; the same image as a strided view is not.
        self.assertEqual(self.model.observe(np.asfortranarray(pixels)).classes, seen.classes)
        self.assertNotEqual(self.model.observe(pixels[::-1]).classes, seen.classes)
        grey = pixels[:, :, 0]
        self.assertEqual(self.model.observe(grey).classes, self.model.observe(np.repeat(grey[:, :, None], 3, 2)).classes)
        self.assertEqual(self.model.observe(CAT.read_bytes()).classes, self.seen.classes)
        self.assertEqual(image.dtype, np.uint8)
        for wrong, said in [(pixels / 255, "float64"), (pixels[None], r"\[1, 33, 20, 3\]")]:
            with self.assertRaisesRegex(TypeError, said):
                self.model.observe(wrong)

    def test_a_map_is_an_array_that_draws_itself(self):
        heat = self.seen.explain("hires_cam", target=281)
        self.assertEqual(heat.layer, self.model.layers[-1])
        self.assertIsNone(heat.blank)
        self.assertEqual(float(heat.max()), 1.0)
        self.assertTrue(heat._repr_png_().startswith(b"\x89PNG"))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "cat.png"
            heat.save(file, colormap="viridis", opacity=0.5, contour=0.5)
            np.testing.assert_array_equal(image_of(file).rgb(), image_of(heat.overlay(colormap="viridis", opacity=0.5, contour=0.5)).rgb())
        # What is made of it is an array like any other, without an image.
        for other in [heat + 1, heat[:5], copy.copy(heat), pickle.loads(pickle.dumps(heat))]:
            self.assertIsNone(getattr(other, "_repr_png_", lambda: None)())
        with self.assertRaisesRegex(TypeError, "no image any more"):
            (heat * 2).overlay()
        with self.assertRaisesRegex(convscope.RequestError, "opacity is 2"):
            heat.overlay(opacity=2)

    def test_metrics_are_measured(self):
        [deletion] = self.seen.measure("deletion", "layer_cam", target="tabby", steps=4)
        self.assertEqual(deletion["metric"], "deletion")
        self.assertEqual(len(deletion["reading"]["curve"]["points"]), 5)

    def test_every_method_has_a_card_and_errors_name_what_there_is(self):
        ids = [card["id"] for card in convscope.methods()]
        self.assertIn("grad_cam", ids)
        self.assertIn("squeezenet1_1", convscope.models())
        with self.assertRaisesRegex(convscope.RequestError, "grad_cam") as caught:
            self.seen.explain("gradcam")
        self.assertIsInstance(caught.exception, convscope.Error)
        with self.assertRaises(convscope.ImageError):
            self.model.observe(b"no image")
        with self.assertRaises(convscope.FileError):
            self.model.observe("not/there.png")
        with self.assertRaisesRegex(TypeError, "maps of all"):
            self.seen.explain(layer="all")

    def test_progress_is_told_and_stops_the_work(self):
        steps = []
        self.seen.explain("score_cam", target="tabby", progress=lambda done, total: steps.append((done, total)))
        self.assertGreater(len(steps), 2)
        self.assertEqual(steps[-1][0], steps[-1][1])

        class Enough(Exception):
            pass

        def stop(done, total):
            raise Enough

        with self.assertRaises(Enough):
            self.seen.explain("score_cam", target="tabby", progress=stop)

    def test_other_threads_run_meanwhile(self):
        ticks, done = [], threading.Event()

        def count():
            while not done.wait(0.001):
                ticks.append(1)

        thread = threading.Thread(target=count)
        thread.start()
        self.model.observe(CAT).explain("ablation_cam", target="tabby")
        done.set()
        thread.join()
        self.assertGreater(len(ticks), 5)


if __name__ == "__main__":
    unittest.main()
