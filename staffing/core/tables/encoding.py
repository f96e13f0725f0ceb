"""Which encoding a file of text has, and what parts its columns. Pure but for the file that is read."""

import codecs
from collections.abc import Iterator
from typing import IO, Final

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# GB18030 holds all of GBK and GB2312; which of the two reads with fewer broken characters is the one it was.
CANDIDATES: Final = ("utf-8", "gb18030")
BROKEN: Final = "\ufffd"
DELIMITERS: Final = ",\t;|，"  # i18n: data
BLOCK: Final = 1 << 16
# Half of all bytes of western text in UTF-16 are zero, of Chinese text still its digits and line ends.
ZEROS: Final = 0.1


def detect(file: IO[bytes]) -> str:
    """The name of the encoding; the file is read as often as there are candidates, and left at its beginning."""
    file.seek(0)
    head = file.read(BLOCK)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if (wide := _without_mark(head)) is not None:
        return wide
    broken = {name: _broken(file, name) for name in CANDIDATES}
    file.seek(0)
    return min(CANDIDATES, key=lambda name: broken[name])


def _without_mark(head: bytes) -> str | None:
    """UTF-16 without its mark: zeros at every other place, nearly none in between."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < ZEROS * len(head) / 2 or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _broken(file: IO[bytes], name: str) -> int:
    """How many characters could not be read."""
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    return sum(decoder.decode(block, final=not block).count(BROKEN) for block in _blocks(file))


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(BLOCK):
        yield block
    yield b""


def delimiter(head: str) -> str:
    """What parts the columns of the first line: the sign that stands in it most often, a comma if there is none."""
    return max(DELIMITERS, key=lambda sign: (head.count(sign), -DELIMITERS.index(sign)))
