"""Pictures for the demonstration's evidence: small drawn street scenes, each a little different."""

import io

from PIL import Image, ImageDraw

from portal.demo.times import seed

SIZE = (480, 320)
SKIES = ("#cfdfee", "#e9dfc9", "#d8e6dc", "#dcdce8")
WALLS = ("#8aa0b5", "#b59d8a", "#9aab97", "#a79bb0")


def scene(caption: str) -> bytes:
    """A JPEG that shows houses, a street and a lamp, drawn from the caption's number."""
    number = seed(caption)
    image = Image.new("RGB", SIZE, SKIES[number % 4])
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 250, 480, 320), fill="#7f8489")
    draw.line((0, 285, 480, 285), fill="#f2f2f2", width=4)
    for house in range(4):
        left = house * 120 + (number >> house) % 20
        top = 90 + (number >> (house * 3)) % 90
        draw.rectangle((left, top, left + 96, 250), fill=WALLS[(number + house) % 4])
        for row in range(top + 14, 235, 34):
            for column in range(left + 12, left + 84, 26):
                lit = (number >> ((row + column) % 17)) & 1
                draw.rectangle((column, row, column + 14, row + 18), fill="#f6e7b0" if lit else "#5c6b7a")
    lamp = 40 + number % 400
    draw.line((lamp, 262, lamp, 150), fill="#2b333b", width=5)
    draw.ellipse((lamp - 11, 138, lamp + 11, 160), fill="#f9d976")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()
