"""Plain drawn pictures of workplaces, as a phone might have taken them: nobody real is in them."""

from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 960, 720
FLOOR = 520
WALLS = ("#e8eef0", "#f3ece2", "#e4ede6", "#eceaf4")
FLOORS = ("#b9a78f", "#a9b3b8", "#c5b8a5")
CLOTHES = ("#22566b", "#3d3f4e", "#7a4b3a", "#2f6b4f")
SKIN, HAIR = "#e2b898", "#2b2622"
Drawn = ImageDraw.ImageDraw


def jpeg(kind: str, random: Random) -> BytesIO:
    """A picture of a kind of `SCENES`, some tens of kB."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), random.choice(WALLS))
    drawn = ImageDraw.Draw(picture)
    drawn.rectangle((0, FLOOR, WIDTH, HEIGHT), random.choice(FLOORS))
    _lamp(drawn, random)
    SCENES[kind](drawn, random)
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    out.seek(0)
    return out


def _lamp(drawn: Drawn, random: Random) -> None:
    for n in range(3):
        left = 130 + 280 * n + random.randint(-20, 20)
        drawn.rounded_rectangle((left, 26, left + 150, 44), 9, "#ffffff")


def _person(drawn: Drawn, middle: int, foot: int, random: Random, *, size: int = 100) -> None:
    """Somebody of `size` per cent, standing."""
    unit = size / 100
    head, shoulder = foot - 330 * unit, foot - 250 * unit
    drawn.rounded_rectangle((middle - 62 * unit, shoulder, middle + 62 * unit, foot), 40, random.choice(CLOTHES))
    drawn.ellipse((middle - 40 * unit, head, middle + 40 * unit, head + 88 * unit), SKIN)
    drawn.chord((middle - 43 * unit, head - 8, middle + 43 * unit, head + 70 * unit), 180, 360, HAIR)
    drawn.rounded_rectangle((middle + 14 * unit, shoulder + 50, middle + 44 * unit, shoulder + 72), 3, "#ffffff")


def _desk(drawn: Drawn, random: Random) -> None:
    """A reception: two people behind a counter, a sign above."""
    drawn.rounded_rectangle((280, 100, 680, 170), 12, "#1f7a75")
    drawn.rounded_rectangle((330, 126, 630, 144), 8, "#e9f5f3")
    for middle in (340, 600):
        _person(drawn, middle + random.randint(-20, 20), 560, random)
    drawn.rectangle((120, 430, 840, 640), "#8a5f3c")
    drawn.rectangle((100, 410, 860, 446), "#a97a52")
    drawn.rounded_rectangle((440, 340, 540, 412), 6, "#2f3a40")
    _plant(drawn, 60)


def _seats(drawn: Drawn, random: Random) -> None:
    """A room with telephones: two rows of desks with screens."""
    for row, (top, size) in enumerate(((220, 62), (450, 86))):
        for n in range(4 - row):
            left = 60 + n * (225 + 60 * row) + random.randint(-8, 8)
            _person(drawn, left + 90, top + 150, random, size=size)
            drawn.rectangle((left - 10, top + 90, left + 190, top + 116), "#b08d68")
            drawn.rounded_rectangle((left + 90, top + 10, left + 186, top + 84), 6, "#27323a")
            drawn.rectangle((left + 98, top + 18, left + 178, top + 74), "#6db3c4")


def _shop(drawn: Drawn, random: Random) -> None:
    """A sales room: shelves with goods, and somebody before them."""
    for shelf in range(3):
        top = 130 + shelf * 120
        drawn.rectangle((80, top + 92, 880, top + 104), "#8c7a66")
        for n in range(13):
            left, tall = 96 + n * 60, random.randint(40, 86)
            drawn.rounded_rectangle((left, top + 92 - tall, left + 44, top + 92), 5, random.choice(GOODS))
    _person(drawn, 480 + random.randint(-160, 160), 690, random, size=112)


def _gate(drawn: Drawn, random: Random) -> None:
    """The entrance of a building: glass doors, a barrier, a plant."""
    drawn.rectangle((240, 110, 720, FLOOR), "#9fb9c2")
    for left in (250, 486):
        drawn.rectangle((left, 122, left + 224, FLOOR), "#cfe1e6")
    drawn.rectangle((476, 110, 486, FLOOR), "#6d8087")
    drawn.rounded_rectangle((120, 470, 840, 492), 8, random.choice(("#d9534f", "#e0a030")))
    drawn.rectangle((110, 460, 150, 600), "#555b60")
    _plant(drawn, 820)


def _plant(drawn: Drawn, left: int) -> None:
    for n in range(5):
        drawn.ellipse((left - 40 + n * 18, 330 + abs(n - 2) * 24, left + 10 + n * 18, 480), "#3f7d54")
    drawn.polygon(((left - 24, 470), (left + 64, 470), (left + 48, 570), (left - 8, 570)), fill="#b5643c")


GOODS = ("#d06b5a", "#4f8fa8", "#e0b257", "#6a9a6f", "#8a76a8", "#dfe3e6")
SCENES: dict[str, Callable[[Drawn, Random], None]] = {"desk": _desk, "seats": _seats, "shop": _shop, "gate": _gate}
