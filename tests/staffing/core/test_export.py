"""Lists as files: any text stays text, numbers and dates are typed, nothing is a formula, and long lists say so."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from staffing.core import export
from staffing.core.export import Column, Table
from tests.fixtures.agency import NOW

DANGEROUS = "=+-@＝＋－＠\t\r\n|%"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60) | st.builds(
    lambda start, rest: start + rest,
    st.sampled_from([*DANGEROUS, " =", "\u3000＝", "_x000D_", "'="]),
    st.text("1+a\n", max_size=5),
)


def table(*columns: Any) -> Table:
    return Table("订单/清单", [Column(f"列{at}", value) for at, value in enumerate(columns)])


def file_of(form: str, shown: Table, rows: Any) -> bytes:
    answer = export.answer(RequestFactory().get("/", {"format": form}), shown, rows, NOW)
    return answer.getvalue()


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list[Any]]:
    return [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]


@given(TEXT)
@settings(deadline=None, max_examples=150)
def test_any_text_survives_csv_and_never_is_a_formula(text):
    cell = read_csv(file_of("csv", table(lambda row: row, lambda row: "x"), [text]))[1][0]
    assert cell == text or (cell == f"'{text}" and text.strip(" \u00a0\u3000\ufeff")[:1] in DANGEROUS)
    assert not cell.lstrip(" \u00a0\u3000\ufeff").startswith(tuple(DANGEROUS))


@given(TEXT)
@settings(deadline=None, max_examples=60)
def test_any_text_survives_a_workbook_and_never_is_a_formula(text):
    cell = read_xlsx(file_of("xlsx", table(lambda row: row), [text]))[1][0]
    lines = export.UNWRITABLE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    assert (cell.value or "").replace("_x005F_", "_") == lines
    assert cell.data_type in ("s", "inlineStr", "n")
    assert cell.data_type != "n" or text == ""


@pytest.mark.parametrize("start", DANGEROUS)
def test_a_dangerous_start_is_marked_in_both_forms(start):
    text = f"{start}HYPERLINK(1)"
    assert read_csv(file_of("csv", table(lambda row: row), [text]))[1] == [f"'{text}"]
    cell = read_xlsx(file_of("xlsx", table(lambda row: row), [text]))[1][0]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_numbers_and_dates_are_typed():
    values = (Decimal("1234.50"), 3, -2.5, NOW, date(2026, 11, 23), None)
    shown = table(*((lambda row, at=at: row[at]) for at in range(6)))
    assert read_csv(file_of("csv", shown, [values]))[1] == [
        "1234.50",
        "3",
        "-2.5",
        "2026-11-23 09:00",
        "2026-11-23",
        "",
    ]
    cells = read_xlsx(file_of("xlsx", shown, [values]))[1]
    assert [cell.data_type for cell in cells] == ["n", "n", "n", "d", "d", "n"]
    assert str(cells[3].value) == "2026-11-23 09:00:00"
    assert cells[0].value == 1234.5


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_left_off_is_said(form, settings):
    settings.EXPORT_ROWS = 2
    read = {"csv": read_csv, "xlsx": lambda content: [[c.value for c in row] for row in read_xlsx(content)]}[form]
    shown = table(lambda row: str(row))
    assert [row[0] for row in read(file_of(form, shown, range(2)))] == ["列0", "0", "1"]
    cut = [row[0] for row in read(file_of(form, shown, range(3)))]
    assert cut[:3] == ["列0", "0", "1"]
    assert "2" in cut[3]
    assert len(cut) == 4


def test_the_files_name_holds_list_and_day():
    answer = export.answer(RequestFactory().get("/"), Table("订单", []), [], NOW)
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E8%AE%A2%E5%8D%95-20261123.csv"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_another_form_is_not_found():
    with pytest.raises(Http404):
        export.answer(RequestFactory().get("/", {"format": "exe"}), Table("x", []), [], NOW)
