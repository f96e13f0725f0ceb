"""Draws the app's icons for the home screen, the mark of `static/img/favicon.svg`: run once, files committed."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

IMG = Path(__file__).resolve().parent.parent / "static" / "img"
TEAL, WHITE = (15, 118, 110, 255), (255, 255, 255, 255)
# The mark is drawn on a square of 32 units, four times too large, and made smaller for smooth edges.
UNITS, FINE = 32, 4


def drawn(size: int, *, full: bool) -> Image.Image:
    """The icon; `full`: to the edges, with the mark inside the safe circle of a maskable icon (80 %)."""
    side = size * FINE
    image = Image.new("RGBA", (side, side), TEAL if full else (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if not full:
        draw.rounded_rectangle((0, 0, side - 1, side - 1), side // 4, fill=TEAL)
    headset(draw, side, 0.72 if full else 1.0)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def headset(draw: ImageDraw.ImageDraw, side: int, scale: float) -> None:
    """Band, two cushions and the microphone."""
    unit = side / UNITS * scale
    shift = side * (1 - scale) / 2
    width = round(2.4 * unit)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return (shift + left * unit, shift + top * unit, shift + right * unit, shift + bottom * unit)

    half = 1.2
    draw.arc(box(8 - half, 8 - half, 24 + half, 24 + half), 180, 360, WHITE, width)
    for x in (8, 24):
        draw.rectangle(box(x - half, 16, x + half, 18), fill=WHITE)
    for left in (6, 20.5):
        draw.rounded_rectangle(box(left - half, 17 - half, left + 5 + half, 24 + half), 3.2 * unit, WHITE)
        draw.rounded_rectangle(box(left + half, 17 + half, left + 5 - half, 24 - half), 0.8 * unit, TEAL)
    draw.arc(box(13 - half, 21 - half, 23 + half, 27 + half), 0, 90, WHITE, width)
    draw.ellipse(box(18 - half, 27 - half, 18 + half, 27 + half), fill=WHITE)


def save(name: str, size: int, *, full: bool) -> None:
    """Few colours are enough, and small."""
    image = drawn(size, full=full)
    reduced = image.convert("RGB").quantize(32) if full else image.quantize(32, Image.Quantize.FASTOCTREE)
    reduced.save(IMG / f"app-{name}.png", optimize=True)


def main() -> None:
    """All of them."""
    save("192", 192, full=False)
    save("512", 512, full=False)
    save("180", 180, full=True)
    save("maskable-512", 512, full=True)


if __name__ == "__main__":
    main()
