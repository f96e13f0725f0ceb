"""Lists as CSV and XLSX: every cell typed, nothing that a spreadsheet would run, memory bounded whatever the length."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

Value = str | int | float | Decimal | date | datetime | None
# A spreadsheet takes a cell that begins so for a formula, also behind white space; full-width forms count too.
FORMULA_STARTS: Final = "=+-@＝＋－＠\t\r\n|%"  # i18n: data
BLANKS: Final = " \u00a0\u3000\ufeff"
# What a workbook cannot hold (XML 1.0, "Char"), and Excel's longest text of a cell.
UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST: Final = 32_767
# A text of this form would be read as the character that it names (ECMA-376 part 1, 22.9.2.19).
ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK: Final = 1000
IN_MEMORY: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Column:
    """A head and what a row has under it."""

    label: Any
    value: Callable[[Any], Value]


@dataclass(frozen=True, slots=True)
class Table:
    """A list that can be taken away: its name (the file's name begins so) and its columns."""

    name: Any
    columns: Sequence[Column]


class Held(SpooledTemporaryFile[bytes]):
    """The file between its writing and its sending; an answer that nobody reads takes it away quietly."""

    def __del__(self) -> None:
        self.close()


def answer(request: HttpRequest, table: Table, rows: Iterable[Any], now: datetime) -> FileResponse:
    """The rows as a file to be saved, in the form that `format` names (csv, xlsx).

    At most `EXPORT_ROWS` rows; a last line says so if there were more. `Http404` for another form.
    """
    form = request.GET.get("format", "csv")
    if form not in TYPES:
        raise Http404
    # Written whole before the first byte is sent: what fails is an error page, not half a file.
    file = Held(max_size=IN_MEMORY)
    write = _csv if form == "csv" else _xlsx
    write(file, table, _lines(table, rows))
    file.seek(0)
    name = f"{table.name}-{timezone.localdate(now):%Y%m%d}.{form}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[form])


def _lines(table: Table, rows: Iterable[Any]) -> Iterator[Sequence[Value]]:
    """The head, the rows, and the word about what was left off."""
    most: int = settings.EXPORT_ROWS
    yield [str(column.label) for column in table.columns]
    if isinstance(rows, QuerySet):
        rows = rows[: most + 1].iterator(chunk_size=CHUNK)
    each = iter(rows)
    for row in islice(each, most):
        yield [column.value(row) for column in table.columns]
    if next(each, None) is not None:
        yield [_("只导出了前 %(n)d 行，请缩小筛选范围后再导出。") % {"n": most}]


def safe(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe goes before a dangerous start."""
    bare = text.lstrip(BLANKS)
    return f"'{text}" if bare[:1] and bare[0] in FORMULA_STARTS else text


def _csv(file: IO[bytes], table: Table, lines: Iterable[Sequence[Value]]) -> None:
    """UTF-8 with the byte order mark that lets Excel read Chinese."""
    out = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(out)
    for line in lines:
        writer.writerow([_plain(value) for value in line])
    out.detach()


def _plain(value: Value) -> str:
    """A value as CSV writes it: numbers and dates in the form that every program reads."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:.12g}"
    return "" if value is None else str(value)


def _xlsx(file: IO[bytes], table: Table, lines: Iterable[Sequence[Value]]) -> None:
    """A workbook of one sheet, written line by line."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", str(table.name))[:31])
    sheet.freeze_panes = "A2"
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    book.save(file)


def _cell(sheet: Any, value: Value) -> Any:
    """A typed cell; text stays text, whatever it begins with, also after somebody edits the cell."""
    if isinstance(value, datetime):
        value = _local(value)
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # the stubs know no date
    cell: Any = WriteOnlyCell(sheet, None)
    cell._value, cell.data_type = _writable(value), "s"
    cell.quotePrefix = safe(value) != value
    return cell


def _writable(text: str) -> str:
    return ESCAPED.sub("_x005F_", UNWRITABLE.sub("\ufffd", text))[:LONGEST]


def _local(moment: datetime) -> datetime:
    """The agency's wall clock: spreadsheets know no time zones."""
    return timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0)
