"""How alike two short texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.likeness import closest, likeness, pieces

TEXT = st.text(max_size=40)


@given(TEXT, TEXT)
def test_it_is_a_share_and_has_no_direction(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1


@given(TEXT)
def test_a_text_is_wholly_like_itself_unless_it_says_nothing(text: str) -> None:
    assert likeness(text, text) == (1 if pieces(text) else 0)


@given(st.text(alphabet="甲乙丙丁abc", min_size=1, max_size=12), st.text(alphabet=" ，。！?-", max_size=5))
def test_spaces_and_punctuation_say_nothing(text: str, noise: str) -> None:
    assert likeness(text, noise.join(text)) == 1


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("退货运费谁承担？", "退货的运费由谁承担", True),
        ("优惠券不能叠加使用", "优惠券为什么不能叠加", True),
        ("How do I change the invoice title", "How to change invoice title?", True),
        ("退货运费谁承担", "发票抬头怎么改", False),
        ("物流三天没更新", "优惠券不能叠加使用", False),
    ],
)
def test_what_people_would_call_the_same(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, other) >= 0.45) == alike


def test_the_closest_is_found_and_nothing_below_the_limit() -> None:
    known = [(1, "发票抬头怎么改"), (2, "退货的运费由谁承担"), (3, "退货运费谁承担")]
    assert closest("退货运费谁承担？", known, 45) == 3
    assert closest("海外仓什么时候上线", known, 45) is None
    assert closest("任何内容", [], 0) is None
    assert closest("甲乙", [(1, "丙丁")], 0) is None
