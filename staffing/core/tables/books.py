"""Rows of a workbook, read one by one; a file that unpacks into far more than it may is refused before it is read."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import IO, Any, Final

import openpyxl

from staffing.core.tables.records import Record

# Text in XML packs to a tenth; what grows by more than this was made to hurt.
GROWS: Final = 60
SMALL: Final = 1 << 20
# A sheet may claim a million empty rows before its next one.
GAPS: Final = 100_000
MOST_COLUMNS: Final = 100


class Unreadable(ValueError):
    """No workbook, a broken one, or one that is larger than it looks."""


def is_book(head: bytes) -> bool:
    """Whether a file begins as a workbook does."""
    return head.startswith(b"PK\x03\x04")


def records(file: IO[bytes]) -> Iterator[Record]:
    """The rows of the first sheet that are not empty. Raises `Unreadable`, also in the middle."""
    _checked(file)
    try:
        yield from _records(file)
    except Unreadable:
        raise
    except Exception as error:
        # What a broken workbook makes the library raise is not listed anywhere: any of it means the file is bad.
        raise Unreadable(type(error).__name__) from error


def _checked(file: IO[bytes]) -> None:
    file.seek(0, 2)
    packed = file.tell()
    file.seek(0)
    try:
        whole = sum(part.file_size for part in zipfile.ZipFile(file).infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("no zip") from error
    if whole > max(SMALL, packed) * GROWS:
        raise Unreadable("grows")
    file.seek(0)


def _records(file: IO[bytes]) -> Iterator[Record]:
    book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        sheet: Any = book.worksheets[0]
        # The size that the file states is its writer's word only.
        sheet.reset_dimensions()
        empty = 0
        for line, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [text(value) for value in row[:MOST_COLUMNS]]
            if any(cell.strip() for cell in cells):
                empty = 0
                yield Record(line, cells)
            elif (empty := empty + 1) > GAPS:
                return
    finally:
        book.close()


def text(value: Any) -> str:
    """A cell as people see it: whole numbers without a point (a phone number is one), days as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
