"""Superpixels of scikit-image's slic, for src/methods/perturbation/superpixels: `python superpixels.py > ../data/superpixels.json`.

Needs numpy and scikit-image (made with 0.26). The image is four plain quadrants of odd sizes, cut away from where clusters start, so that
there is one clear answer; and the colours are checked in CIELAB.
"""

import json

import numpy as np
from skimage.color import rgb2lab
from skimage.segmentation import slic

COLOURS = [[200, 30, 40], [20, 160, 60], [250, 220, 20], [30, 60, 210]]
HEIGHT, WIDTH, ROW, COLUMN = 23, 31, 9, 18


def main():
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for index, colour in enumerate(COLOURS):
        rows = slice(0, ROW) if index < 2 else slice(ROW, HEIGHT)
        columns = slice(0, COLUMN) if index % 2 == 0 else slice(COLUMN, WIDTH)
        image[rows, columns] = colour
    labels = slic(image, n_segments=4, compactness=10, start_label=0)
    lab = rgb2lab(np.array([COLOURS + [[0, 0, 0], [255, 255, 255], [9, 9, 9]]], np.uint8))
    print(
        json.dumps(
            {
                "size": [HEIGHT, WIDTH],
                "split": [ROW, COLUMN],
                "labels": labels.flatten().tolist(),
                "colours": COLOURS + [[0, 0, 0], [255, 255, 255], [9, 9, 9]],
                "lab": lab[0].tolist(),
            }
        )
    )


if __name__ == "__main__":
    main()
