"""Drawing, scoring and waiting."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workers.learning import quiz
from workers.learning.quiz import Tries

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
HOURS = st.lists(st.integers(0, 400), max_size=12)


@given(st.sets(st.integers(), max_size=30), st.integers(0, 40), st.integers(0, 2**62))
def test_a_seed_draws_the_same_again_and_nothing_twice(bank: set[int], count: int, seed: int) -> None:
    rows = sorted(bank)
    drawn = quiz.draw(rows, count, seed)
    assert drawn == quiz.draw(rows, count, seed)
    assert len(drawn) == len(set(drawn)) == min(count, len(bank))
    assert set(drawn) <= bank


def test_seeds_differ() -> None:
    assert len({tuple(quiz.draw(range(30), 5, seed)) for seed in range(50)}) > 40
    assert len({tuple(quiz.shuffled("abcd", 7, number)) for number in range(20)}) > 5


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 100))
def test_the_mark_is_the_share_itself(right: int, more: int, mark: int) -> None:
    total = right + more
    assert quiz.has_passed(right, total, mark) == (total > 0 and right / total * 100 >= mark - 1e-9)
    assert 0 <= quiz.percent(right, total) <= 100


def test_only_all_that_is_right_is_right() -> None:
    assert quiz.is_right(["b", "a"], ["a", "b"])
    assert not quiz.is_right(["a"], ["a", "b"]) and not quiz.is_right(["a", "b", "c"], ["a", "b"])
    assert not quiz.is_right([], []) and not quiz.is_right([], ["a"])


@given(HOURS, st.integers(1, 5), st.integers(1, 14), st.integers(0, 3000))
def test_a_try_is_allowed_exactly_when_the_rule_says_so(hours: list[int], most: int, days: int, wait: int) -> None:
    ends = [NOW - timedelta(hours=hour) for hour in hours]
    rule = Tries(most, days, wait)
    at = quiz.may_try_at(ends, rule, NOW)
    recent = [end for end in ends if end > NOW - timedelta(days=days)]
    rested = all(end + timedelta(minutes=wait) <= NOW for end in ends)
    assert (at == NOW) == (len(recent) < most and rested)
    assert quiz.tries_left(ends, rule, NOW) == max(0, most - len(recent))
    # Whoever waits until then may.
    assert quiz.may_try_at(ends, rule, at) == at
