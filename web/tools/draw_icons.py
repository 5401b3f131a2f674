"""Draws web/static/icons/*.png, the icons of the installed page, from the shapes of web/static/favicon.svg. Needs Pillow.

    python3 web/tools/draw_icons.py
"""

import xml.etree.ElementTree as xml
from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).parent.parent / "static"
# Drawn so many times as large and shrunk, for smooth edges.
OVER = 4


def draw(side, maskable):
    """The icon, `side` pixels wide. A maskable one fills the square and keeps its shapes in the middle 80 %, which no mask cuts."""
    svg = xml.parse(STATIC / "favicon.svg").getroot()
    view = float(svg.get("viewBox").split()[2])
    size = side * OVER
    shrink = 0.8 if maskable else 1.0
    scale = size / view * shrink
    start = size * (1 - shrink) / 2
    icon = Image.new("RGBA", (size, size))
    pen = ImageDraw.Draw(icon)
    for shape in svg:
        number = lambda key: float(shape.get(key))
        at = lambda x: start + x * scale
        if shape.tag.endswith("rect"):
            if maskable:
                pen.rectangle((0, 0, size, size), fill=shape.get("fill"))
                continue
            x, y, width, height = (number(key) for key in ("x", "y", "width", "height"))
            box = (at(x), at(y), at(x + width), at(y + height))
            pen.rounded_rectangle(box, number("rx") * scale, fill=shape.get("fill"))
        else:
            x, y, r = (number(key) for key in ("cx", "cy", "r"))
            pen.ellipse((at(x - r), at(y - r), at(x + r), at(y + r)), fill=shape.get("fill"))
    return icon.resize((side, side), Image.Resampling.LANCZOS)


for name, side, maskable in [("icon-192", 192, False), ("icon-512", 512, False), ("maskable-512", 512, True)]:
    draw(side, maskable).save(STATIC / "icons" / f"{name}.png", optimize=True)
