"""JPEG files of every kind that is read, and their pixels as Pillow (libjpeg) decodes them: jpeg.json.

    pip install pillow && python3 test/vectors/jpeg.py
"""

import base64
import io
import json
import math
import os

from PIL import Image, ImageOps

width, height = 21, 13


def drawing():
    image = Image.new("RGB", (width, height), (240, 235, 220))
    for y in range(height):
        for x in range(width):
            if (x - 6) ** 2 + (y - 5) ** 2 < 17:
                image.putpixel((x, y), (200, 30, 40))
            elif x > 12:
                image.putpixel((x, y), (10 * y, int(120 + 90 * math.sin(x)), 12 * x))
    return image


def entry(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", **options)
    seen = ImageOps.exif_transpose(Image.open(io.BytesIO(file.getvalue())))
    return {
        "width": seen.width,
        "height": seen.height,
        "file": base64.b64encode(file.getvalue()).decode(),
        "rgb": base64.b64encode(seen.convert("RGB").tobytes()).decode(),
    }


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


colour, grey = drawing(), drawing().convert("L")
vectors = {
    "baseline 4:4:4": entry(colour, quality=90, subsampling=0),
    "baseline 4:2:2": entry(colour, quality=90, subsampling=1),
    "baseline 4:2:0": entry(colour, quality=75, subsampling=2),
    "progressive 4:4:4": entry(colour, quality=90, subsampling=0, progressive=True),
    "progressive 4:2:0": entry(colour, quality=75, subsampling=2, progressive=True),
    "grey": entry(grey, quality=80),
    "progressive grey": entry(grey, quality=80, progressive=True),
    "RGB without YCbCr": entry(colour, quality=90, keep_rgb=True),
    "with restart markers": entry(colour, quality=75, restart_marker_blocks=1),
    "coarse": entry(colour, quality=5),
    "one pixel": entry(colour.crop((5, 5, 6, 6)), quality=90),
    **{f"orientation {i}": entry(colour, quality=75, exif=turned(i)) for i in range(1, 9)},
}
vectors["CMYK"] = entry(colour.convert("CMYK"), quality=75)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jpeg.json")
with open(path, "w") as out:
    json.dump(vectors, out, indent=1)
    out.write("\n")
