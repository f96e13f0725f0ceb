"""Pictures from strangers: what is taken, what is refused, and what is left of either."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image

from staffing.core import photos
from staffing.core.errors import Invalid

LEFT, RIGHT = (200, 30, 30), (30, 30, 200)
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
SECRET = b"N31 13.824 E121 28.422"


def drawn(width: int = 400, height: int = 200) -> Image.Image:
    """Red to the left, blue to the right."""
    picture = Image.new("RGB", (width, height), LEFT)
    picture.paste(RIGHT, (width // 2, 0, width, height))
    return picture


def encoded(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def clean(content: bytes) -> photos.Safe:
    return photos.clean(io.BytesIO(content))


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        clean(content)
    assert str(refused.value)
    return refused.value.code


def header_of_png(width: int, height: int) -> bytes:
    """A PNG whose pixels, all alike, take no room: a bomb."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = bytes(1 + width * 3)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_formats_are_taken_and_drawn_anew(kind: str) -> None:
    found = clean(encoded(drawn(), kind))
    picture = opened(found.content)
    assert (picture.format, picture.size, (found.width, found.height)) == ("WEBP", (400, 200), (400, 200))
    assert opened(found.small).size == (320, 160)
    assert all(abs(one - other) < 12 for one, other in zip(pixel(picture, 20, 100), LEFT, strict=True))


def test_a_big_one_is_made_smaller() -> None:
    found = clean(encoded(drawn(4000, 3000), "JPEG"))
    assert (found.width, found.height) == (1600, 1200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_left_of_the_metadata_and_the_picture_stands_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = SECRET.decode()
    exif.get_ifd(GPS)[1] = "N"
    content = encoded(drawn(), kind, exif=exif)
    assert SECRET in content
    found = clean(content)
    assert (found.width, found.height) == (200, 400)
    for file in (found.content, found.small):
        assert SECRET not in file
        assert not opened(file).getexif()
        assert b"EXIF" not in file and b"XMP" not in file and b"ICCP" not in file


def test_a_tail_that_is_a_page_or_an_archive_is_gone() -> None:
    for tail in (b"<script>alert(1)</script>", b"PK\x03\x04evil"):
        found = clean(encoded(drawn(), "JPEG") + tail)
        assert tail not in found.content and tail not in found.small


def test_what_shows_through_becomes_white() -> None:
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    assert min(pixel(opened(clean(encoded(clear, "PNG")).content), 25, 25)) > 245


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16"])
def test_odd_kinds_of_pixels_are_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = Image.new("I;16", (40, 40)) if mode == "I;16" else drawn(40, 40).convert(mode)
    assert opened(clean(encoded(picture, kind)).content).mode == "RGB"


def test_an_animation_gives_its_first_frame() -> None:
    frames = [Image.new("RGB", (60, 60), colour) for colour in (LEFT, RIGHT, RIGHT)]
    for kind in ("WEBP", "PNG"):
        found = clean(encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50))
        picture = opened(found.content)
        assert getattr(picture, "n_frames", 1) == 1
        assert pixel(picture, 30, 30)[0] > 150


OTHERS: dict[str, Callable[[], bytes]] = {
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(%pipe%id) (r) file\n%%EOF\n",
    "gif": lambda: encoded(drawn(40, 40), "GIF"),
    "bmp": lambda: encoded(drawn(40, 40), "BMP"),
    "tiff": lambda: encoded(drawn(40, 40), "TIFF"),
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "html with a head": lambda: b"\xff\xd8<script>alert(1)</script>",
    "zip": lambda: b"PK\x03\x04" + bytes(200),
    "executable": lambda: b"\x7fELF" + bytes(200),
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", OTHERS)
def test_everything_else_is_refused_whatever_it_is_called(name: str) -> None:
    assert refusal(OTHERS[name]()) in ("photo_unknown", "photo_broken")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_picture_is_refused(kind: str) -> None:
    content = encoded(drawn(), kind)
    assert refusal(content[: len(content) // 2]) in ("photo_broken", "photo_unknown")


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_a_damaged_one_is_either_drawn_or_refused_in_words(kind: str, data: st.DataObject) -> None:
    content = bytearray(encoded(drawn(40, 40), kind))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=6)):
        content[at] = data.draw(st.integers(0, 255))
    try:
        assert clean(bytes(content)).content[:4] == b"RIFF"
    except Invalid as refused:
        assert refused.code.startswith("photo_")


def test_too_many_bytes_and_too_many_pixels_are_refused(settings) -> None:
    settings.PHOTO_BYTES = 1000
    assert refusal(bytes(1001)) == "photo_too_large"
    settings.PHOTO_BYTES, settings.PHOTO_PIXELS = 10_000_000, 400 * 200 - 1
    assert refusal(encoded(drawn(), "PNG")) == "photo_too_many_pixels"
    settings.PHOTO_PIXELS += 1
    assert clean(encoded(drawn(), "PNG")).width == 400


IN_ITS_OWN_PROCESS = """
import io, sys
from django.conf import settings
settings.configure(PHOTO_BYTES=10_000_000, PHOTO_PIXELS=40_000_000, USE_I18N=False)
from staffing.core import photos
from staffing.core.errors import Invalid
content = sys.stdin.buffer.read()
try:
    photos.clean(io.BytesIO(content))
    said = "taken"
except Invalid as refused:
    said = refused.code
# Not ru_maxrss: that begins with what the process held from which this one was started.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(said, int(peak.split()[1]) // 1024)
"""


def most_memory(content: bytes) -> tuple[str, int]:
    """What is said to the file, and how many MB the process ever held."""
    done = subprocess.run([sys.executable, "-c", IN_ITS_OWN_PROCESS], input=content, capture_output=True, check=True)
    said, megabytes = done.stdout.decode().split()
    return said, int(megabytes)


def test_a_bomb_of_169_megapixels_is_refused_within_300_megabytes() -> None:
    said, megabytes = most_memory(header_of_png(13_000, 13_000))
    assert (said, megabytes < 300) == ("photo_too_many_pixels", True), megabytes


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_largest_that_is_taken_stays_within_300_megabytes(kind: str) -> None:
    size = (4_000, 3_333) if kind == "WEBP" else (8_000, 5_000)
    content = header_of_png(*size) if kind == "PNG" else encoded(Image.new("RGB", size), kind)
    said, megabytes = most_memory(content)
    assert (said, megabytes < 300) == ("taken", True), megabytes


def test_a_webp_may_have_a_third_of_the_pixels() -> None:
    assert refusal(encoded(Image.new("RGB", (4_000, 3_334)), "WEBP")) == "photo_too_many_pixels"


def test_a_progressive_one_may_have_half_of_them() -> None:
    said, megabytes = most_memory(encoded(Image.new("RGB", (5_000, 4_000)), "JPEG", progressive=True))
    assert (said, megabytes < 300) == ("taken", True), megabytes


def test_what_is_measured_grows_with_the_picture() -> None:
    """Otherwise the limits above would say nothing."""
    small, large = (most_memory(encoded(Image.new("RGB", size), "PNG"))[1] for size in ((100, 100), (6_000, 5_000)))
    assert 10 < small < large - 30
