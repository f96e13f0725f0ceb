"""A lesson's text as data."""

from hypothesis import given
from hypothesis import strategies as st

from workers.learning.markup import Block, blocks

TEXT = """## 先安抚
先听完，再说话。
不要打断。

- 复述问题
- 说明时间
! 不承诺做不到的事"""


def test_marks_make_headings_lists_notes_and_paragraphs() -> None:
    assert blocks(TEXT) == [
        Block("heading", ("先安抚",)),
        Block("text", ("先听完，再说话。", "不要打断。")),
        Block("list", ("复述问题", "说明时间")),
        Block("note", ("不承诺做不到的事",)),
    ]


def test_two_headings_are_two() -> None:
    assert [block.lines for block in blocks("## a\n## b")] == [("a",), ("b",)]


@given(st.text(alphabet="a#-! \n\r<", max_size=60))
def test_no_word_is_lost_and_no_block_is_empty(text: str) -> None:
    found = blocks(text)
    assert all(block.lines for block in found)
    kept = "".join(line for block in found for line in block.lines)
    assert kept.count("a") == text.count("a") and kept.count("<") == text.count("<")
