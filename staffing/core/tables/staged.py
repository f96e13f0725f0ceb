"""A table on its way in: read once, kept as one JSON list a line, so that any row is found again by its offset."""

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Final

from staffing.core import secret_numbers
from staffing.core.tables import books, encoding, records
from staffing.core.tables.records import Record

# The longest text that a workbook's cell may hold; what is cut is told by its length.
LONGEST: Final = 32_767
CUT: Final = LONGEST + 1
MOST_COLUMNS: Final = books.MOST_COLUMNS
MOST_HEAD: Final = 200


class TooManyRows(ValueError):
    """More rows than are allowed."""


@dataclass(frozen=True, slots=True)
class Found:
    """How a file was read: `encoding` is "xlsx" for a workbook; the head; how many rows stand under it."""

    encoding: str
    delimiter: str
    head: list[str]
    rows: int


@dataclass(frozen=True, slots=True)
class Row:
    """A kept row: its line in the file, its cells, whether a quote was never closed, the offset of the next row."""

    line: int
    cells: list[str]
    unclosed: bool
    next_at: int


def stage(file: IO[bytes], out: IO[bytes], most: int) -> Found:
    """Read the file and write its rows under the head to `out`.

    Raises `TooManyRows` above `most`, `books.Unreadable` for a workbook that is none, ValueError without a head.
    """
    file.seek(0)
    if books.is_book(file.read(4)):
        return _kept(books.records(file), out, most, "xlsx", "")
    name = encoding.detect(file)
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding=name, errors="replace", newline=None)
    try:
        first = next(lines, "")
        sign = encoding.delimiter(first)
        return _kept(records.records(chain([first], lines), sign), out, most, name, sign)
    finally:
        # The file is its owner's to close.
        lines.detach()


def _kept(rows: Iterable[Record], out: IO[bytes], most: int, name: str, sign: str) -> Found:
    each = iter(rows)
    head = next(each, None)
    if head is None:
        raise ValueError("no head")
    number = 0
    for number, row in enumerate(each, start=1):
        if number > most:
            raise TooManyRows
        line = json.dumps([row.line, row.unclosed, *_cells(row)], ensure_ascii=True)
        out.write(line.encode("ascii") + b"\n")
    # A file without a head has somebody's row in its place.
    return Found(name, sign, [cell.strip()[:MOST_HEAD] for cell in _cells(head)], number)


def _cells(row: Record) -> list[str]:
    """Nobody asks for identity numbers here: what stands in a column that is not read is not kept either."""
    return [secret_numbers.hide(cell[:CUT]) for cell in row.cells[:MOST_COLUMNS]]


def rows(kept: IO[bytes], at: int = 0) -> Iterator[Row]:
    """The kept rows from an offset on."""
    kept.seek(at)
    while line := kept.readline():
        number, unclosed, *cells = json.loads(line)
        yield Row(number, cells, unclosed, kept.tell())
