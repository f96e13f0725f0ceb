"""The items of a list that is written one a line."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from orders import checklist
from orders.models import GateProfile

words = st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30), max_size=checklist.MOST)


@given(words, st.sampled_from(["", "- ", "· ", "  * "]))
def test_marks_blank_lines_and_repeats_say_nothing(items: list[str], mark: str) -> None:
    text = "\n\n".join(f"{mark}{item}  " for item in items * 2)
    assert checklist.lines(text) == list(dict.fromkeys(items))
    checklist.check(text)


@pytest.mark.parametrize("text", ["\n".join("abcdefghijk"), "x" * (checklist.LONGEST + 1)])
def test_nobody_reads_more(text: str) -> None:
    with pytest.raises(ValidationError):
        checklist.check(text)


def test_without_a_list_everybody_is_asked_the_usual() -> None:
    assert list(checklist.of_profile(None)) == list(checklist.of_profile(GateProfile(readiness_zh=" \n"))) != []
    assert checklist.of_profile(GateProfile(readiness_zh="耳麦", readiness_en="Headset")) == ["耳麦"]
