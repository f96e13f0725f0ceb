"""Rows of delimited text. A quote that nobody closes costs its own line, not the rest of the file."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# A cell with more line breaks than this was not meant as one.
MOST_LINES: Final = 50
# As long as a whole file may be: what is too long is said of the cell, not of the file.
csv.field_size_limit(1 << 30)


@dataclass(frozen=True, slots=True)
class Record:
    """A row: the number of its first line from 1, its cells, and whether a quote in it was never closed."""

    line: int
    cells: list[str]
    unclosed: bool = False


class _OpenQuote(Exception):
    """The reader asks for more lines than a cell has."""


def records(lines: Iterable[str], sign: str) -> Iterator[Record]:
    """The rows of the lines, empty ones left out."""
    source, back, at = iter(lines), deque[str](), 1
    while True:
        taken: list[str] = []
        try:
            # Strict: a quote closes its cell only where the cell ends, so that no stray one swallows the rows below.
            cells = next(csv.reader(_fed(source, back, taken), delimiter=sign, strict=True))
        except StopIteration:
            return
        except (_OpenQuote, csv.Error) as error:
            back.extendleft(reversed(taken[1:]))
            yield _first(taken, at, sign, unclosed=isinstance(error, _OpenQuote) or len(taken) > 1)
            at += 1
            continue
        if any(cell.strip() for cell in cells):
            yield Record(at, cells)
        at += len(taken)


def _first(taken: Sequence[str], at: int, sign: str, *, unclosed: bool) -> Record:
    """The first of the lines by itself: as it stands, or, if only its own quotes are odd, as the reader takes them."""
    if unclosed:
        return Record(at, taken[0].rstrip("\r\n").split(sign), unclosed=True)
    return Record(at, next(csv.reader(taken[:1], delimiter=sign)))


def _fed(source: Iterator[str], back: "deque[str]", taken: list[str]) -> Iterator[str]:
    """Line after line, kept in `taken`; the end of the file inside a quote is an open quote too."""
    while len(taken) < MOST_LINES:
        line = back.popleft() if back else next(source, None)
        if line is None:
            if taken:
                raise _OpenQuote
            return
        taken.append(line)
        yield line
    raise _OpenQuote
