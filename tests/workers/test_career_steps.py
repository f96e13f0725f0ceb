"""The ladder, and what is missing to the next step."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.career_steps import DIRECTIONS, Facts, Need, gaps, months_between, next_step, ready, usual

NEED = Need(20, Decimal("4.2"), 3, {"calm": "安抚"})
GOOD = Facts(20, Decimal("4.2"), 3, frozenset({"calm"}))


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        (("service", "junior", ""), ("service", "senior")),
        (("service", "junior", "qa"), ("service", "senior")),
        (("service", "senior", ""), None),
        (("service", "senior", "qa"), ("qa", "supervisor")),
        (("service", "supervisor", "management"), ("management", "manager")),
        (("management", "supervisor", ""), ("management", "manager")),
        (("management", "director", ""), None),
        (("trainer", "manager", ""), None),
    ],
)
def test_what_comes_next(here: tuple[str, str, str], expected: tuple[str, str] | None) -> None:
    assert next_step(*here) == expected


def test_every_step_has_a_rule() -> None:
    table = usual()
    for wish in DIRECTIONS:
        track, level = "service", "junior"
        while (step := next_step(track, level, wish)) is not None:
            assert step in table
            track, level = step


def test_each_thing_that_is_missing_is_named() -> None:
    assert ready(NEED, GOOD)
    for poorer, kind in (
        (Facts(19, GOOD.stars, 3, GOOD.courses), "services"),
        (Facts(20, None, 3, GOOD.courses), "stars"),
        (Facts(20, Decimal("4.1"), 3, GOOD.courses), "stars"),
        (Facts(20, GOOD.stars, 2, GOOD.courses), "months"),
        (Facts(20, GOOD.stars, 3, frozenset()), "course"),
    ):
        assert [gap.kind for gap in gaps(NEED, poorer) if not gap.met] == [kind]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 3000))
def test_months_only_grow(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    assert 0 <= months_between(first, last) <= months_between(first, last + timedelta(days=1))


def test_months_are_counted_like_birthdays() -> None:
    assert months_between(date(2026, 1, 15), date(2026, 4, 14)) == 2
    assert months_between(date(2026, 1, 15), date(2026, 4, 15)) == 3
