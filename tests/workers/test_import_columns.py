"""What columns are called and how their cells are read."""

import pytest

from staffing.core.export import safe
from workers import import_columns as columns


def test_heads_are_recognised_in_both_languages_and_widths():
    head = ["序号", "学员姓名", "联系电话（必填）", "Ｅｍａｉｌ", "所在城市", "打字速度(字/分)", "其他"]
    assert columns.guess(head) == {"1": "name", "2": "phone", "3": "email", "4": "city", "5": "typing_wpm"}
    assert columns.guess(["Name", "Phone Number", "City"]) == {"0": "name", "1": "phone", "2": "city"}


def test_each_field_is_guessed_once():
    assert columns.guess(["手机", "电话", "姓名"]) == {"0": "phone", "2": "name"}
    assert columns.guess(["家长电话", "手机号"]) == {"1": "phone"}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("１３８０００００００１", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("13800000001.0", "13800000001"),
        (" 138 0000 0001\u200b", "13800000001"),
    ],
)
def test_a_phone_however_it_is_written(cell, found):
    assert columns.phone(cell) == found


@pytest.mark.parametrize(
    ("read", "cell", "code"),
    [
        (columns.phone, "12345", "phone"),
        (columns.phone, " ", "missing"),
        (columns.word, "=1+1", "formula"),
        (columns.word, "＝HYPERLINK(1)", "formula"),
        (columns.word, "\u3000@a", "formula"),
        (columns.word, "a\x00b", "control"),
        (columns.word, "a\ufffd", "broken"),
        (columns.text, "x" * 32_768, "long"),
        (columns.number, "1.5", "number"),
        (columns.number, "٣", "number"),
        (columns.yes, "也许", "yes_no"),
        (columns.city({}), "上海", "city"),
        (columns.needed(columns.word), "", "missing"),
    ],
)
def test_what_cannot_be_read_has_a_code(read, cell, code):
    with pytest.raises(ValueError, match=f"^{code}$"):
        read(cell)
    assert code in columns.PROBLEMS


def test_cells_are_read():
    assert columns.word(" 林　晓\t") == "林 晓"
    assert columns.number("１２０") == 120
    assert columns.number("") is None
    assert [columns.yes(cell) for cell in ("是", "ｙ", "否", "")] == [True, True, False, False]
    assert columns.city({"上海": 1})("上海市") == 1
    assert columns.text("第一行\n第二行") == "第一行\n第二行"


def test_our_own_apostrophe_comes_off_again():
    cells = [safe("=1+1"), "'plain", "13800000001"]
    assert columns.cells_by_field(cells, {"0": "name", "1": "city", "9": "email"}) == {
        "name": "=1+1",
        "city": "'plain",
        "email": "",
    }
