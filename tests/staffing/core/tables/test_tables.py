"""Reading tables: encodings, delimiters, quotes that nobody closes, workbooks, and never more memory than a part."""

import contextlib
import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from staffing.core.tables import books, encoding, records, staged

HEAD = "姓名,手机号,城市"
TEXT = f"{HEAD}\r\n林晓,13800000001,上海\r\n王芳,13800000002,北京\r\n"


def read(content: bytes, most: int = 100) -> tuple[staged.Found, list[staged.Row]]:
    out = io.BytesIO()
    found = staged.stage(io.BytesIO(content), out, most)
    return found, list(staged.rows(out))


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("utf-8", b""),
        ("utf-8-sig", b""),
        ("gbk", b""),
        ("gb18030", b""),
        ("utf-16", b""),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
def test_every_encoding_reads_the_same(name, mark):
    found, rows = read(mark + TEXT.encode(name))
    assert found.head == ["姓名", "手机号", "城市"]
    assert [row.cells[2] for row in rows] == ["上海", "北京"]
    assert (found.rows, [row.line for row in rows]) == (2, [2, 3])


def test_one_broken_byte_does_not_change_the_encoding():
    broken = TEXT.encode().replace("王".encode(), "王".encode()[:2])
    found, rows = read(broken)
    assert found.encoding == "utf-8"
    assert "\ufffd" in rows[1].cells[0]
    assert rows[0].cells[0] == "林晓"


@pytest.mark.parametrize("sign", [",", "\t", ";", "|", "，"])
def test_every_delimiter(sign):
    found, rows = read(TEXT.replace(",", sign).encode())
    assert (found.delimiter, rows[0].cells[1]) == (sign, "13800000001")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(end):
    assert read(TEXT.replace("\r\n", end).encode())[0].rows == 2


def test_a_quote_that_is_never_closed_costs_its_own_line():
    lines = [HEAD, '"林晓,1,上海', *(f"王{n},{n},北京" for n in range(200)), '李"雷,3,"南\n京"', '"末,4,5']
    _, rows = read("\n".join(lines).encode(), 1000)
    assert [row.line for row in rows if row.unclosed] == [2, 205]
    assert rows[0].cells[0] == '"林晓'
    assert rows[-2].cells == ['李"雷', "3", "南\n京"]
    assert len(rows) == 203


def test_a_stray_quote_further_down_closes_no_cell():
    lines = [HEAD, '"林晓,1,上海', '=cmd|"/c calc",2,x', '王,"3"4,y', '"李", 5,z']
    _, rows = read("\n".join(lines).encode())
    assert [(row.line, row.unclosed) for row in rows] == [(2, True), (3, False), (4, False), (5, False)]
    assert rows[1].cells == ['=cmd|"/c calc"', "2", "x"]
    assert rows[2].cells == ["王", "34", "y"]


def test_empty_rows_do_not_count():
    assert read(f"{HEAD}\n,,\n\n \n林,1,2\n".encode())[1][0].line == 5


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_a_file_without_a_head(content):
    with pytest.raises(ValueError, match="no head"):
        read(content)


def test_too_many_rows():
    with pytest.raises(staged.TooManyRows):
        read(TEXT.encode(), 1)


def test_a_row_is_found_again_by_where_it_begins():
    out = io.BytesIO()
    staged.stage(io.BytesIO(TEXT.encode()), out, 10)
    first, second = staged.rows(out)
    assert next(staged.rows(out, first.next_at)) == second


def test_identity_numbers_are_not_kept():
    _, rows = read(f"{HEAD}\n林,11010519491231002X,x\n".encode())
    assert "19491231" not in rows[0].cells[1]


def workbook(*rows, **parts) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for cell, value in parts.items():
        sheet[cell] = value
    book.save(out)
    return out.getvalue()


def test_a_workbook_reads_as_people_see_it():
    day = datetime(2026, 11, 22)
    found, rows = read(workbook(["姓名", "手机号"], ["林", 13800000001.0], [], ["王", None, day, True, "=1+1", 1.5]))
    assert found.encoding == "xlsx"
    assert rows[0].cells[:2] == ["林", "13800000001"]
    assert rows[1].cells == ["王", "", "2026-11-22", "1", "=1+1", "1.5"]
    assert [row.line for row in rows] == [2, 4]
    assert books.text(date(2026, 1, 2)) == "2026-01-02"


def test_a_row_far_below_is_not_waited_for():
    _, rows = read(workbook(["姓名"], ["林"], A1000000="far"))
    assert len(rows) == 1


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", workbook(["a"])[:-30]])
def test_what_is_no_workbook(content):
    with pytest.raises(books.Unreadable):
        read(content)


def test_a_zip_that_is_no_workbook_or_grows_too_much():
    for name, content in (("x.txt", b"a"), ("xl/workbook.xml", bytes(200 << 20))):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(name, content)
        with pytest.raises(books.Unreadable):
            read(out.getvalue())


@given(st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=4), max_size=20), st.sampled_from(",;\t|"))
@example([["\x85"]], ",")
def test_every_line_of_any_text_is_in_exactly_one_record(rows, sign):
    text = "\n".join(sign.join(row) for row in rows)
    lines = io.StringIO(text, newline=None).readlines()
    found = list(records.records(lines, sign))
    taken = [record.line for record in found]
    assert taken == sorted(set(taken))
    assert all(1 <= line <= len(lines) for line in taken)
    filled = [at for at, line in enumerate(lines, 1) if line.replace(sign, " ").replace('"', " ").strip()]
    begun = set(taken)
    assert all(begun & set(range(max(1, at - records.MOST_LINES), at + 1)) for at in filled)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    with contextlib.suppress(ValueError, staged.TooManyRows):
        read(content)


@given(st.lists(st.text(st.characters(exclude_characters='\x00\r\n",', exclude_categories=["Cs"]), min_size=1)))
def test_the_delimiter_of_text_without_any_is_a_comma(words):
    assert encoding.delimiter("".join(word for word in words if not set(word) & set(encoding.DELIMITERS))) == ","


PEAK = """
import resource, sys
from staffing.core.tables import staged
import tempfile
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[1], "rb") as file, tempfile.TemporaryFile() as out:
    found = staged.stage(file, out, 10_000)
    number = sum(1 for _ in staged.rows(out))
print(found.rows, number, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_stays_small_however_large_the_file(tmp_path):
    """20 MB, 18 of them in cells of a megabyte each."""
    path = tmp_path / "large.csv"
    with path.open("w", encoding="gb18030") as file:
        file.write(f"{HEAD}\n")
        for number in range(9_990):
            file.write("大" * (1 << 19) + f",{number},x\n" if number % 600 == 0 else f"林{number},{number},上海\n")
    assert path.stat().st_size > 17 << 20
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    rows, kept, kilobytes = map(int, done.stdout.split())
    assert rows == kept == 9_990
    assert kilobytes < 40 << 10
