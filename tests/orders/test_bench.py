"""How many are to stand by: never more than there are places, enough with the wanted certainty."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from orders.bench import Job, Span, chosen, loss, spans_of, stood, wanted

HOUR = timedelta(hours=1)
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
counts = st.integers(0, 500)


@given(days, st.integers(1, 12))
def test_the_pieces_are_the_day(day, hours):
    found = list(spans_of(day, hours))
    assert sum((span.length for span in found), timedelta()) == 24 * HOUR
    assert all(one.end == other.start for one, other in pairwise(found))
    assert (found[0].start.hour, found[0].start.date()) == (0, day)


def test_a_piece_has_at_least_an_hour():
    with pytest.raises(ValueError, match="hour"):
        list(spans_of(date(2026, 11, 25), 0))


@given(st.integers(0, 400), st.floats(0, 1), st.floats(0.5, 0.99))
def test_enough_with_the_wanted_certainty_and_never_one_too_many(places, share, cover):
    """Against the distribution of scipy."""
    found = wanted(places, share, cover)
    assert 0 <= found <= places
    assert binom.cdf(found, places, share) >= cover - 1e-6
    assert found == 0 or binom.cdf(found - 1, places, share) < cover + 1e-6


@pytest.mark.parametrize(
    ("places", "share", "found"),
    [(0, 0.1, 0), (1, 0.1, 1), (3, 0.1, 1), (4, 0.1, 2), (10, 0.1, 3), (9, 0, 0), (9, 1, 9)],
)
def test_how_many_stand_by(places, share, found):
    assert wanted(places, share, 0.95) == found


@given(st.integers(0, 200), st.floats(0, 1), st.floats(0.5, 0.9))
def test_more_certainty_more_people(places, share, cover):
    assert wanted(places, share, cover) <= wanted(places, share, cover + 0.09)


@given(counts, counts, st.integers(0, 100), st.integers(1, 200))
def test_the_share_lies_between_what_was_assumed_and_what_was_seen(lost, kept, assumed, weight):
    share = loss(lost, lost + kept, assumed_percent=assumed, weight=weight)
    seen = lost / (lost + kept) if lost + kept else assumed / 100
    assert min(seen, assumed / 100) - 1e-9 <= share <= max(seen, assumed / 100) + 1e-9


@given(st.integers(1, 50), st.integers(1, 100))
def test_the_more_is_seen_the_nearer_to_it(times, weight):
    few, many = (loss(3 * n, 10 * n, assumed_percent=10, weight=weight) for n in (times, times + 1))
    assert 0.1 < few < many < 0.3


@given(days, st.integers(1, 12), st.floats(-10, 40))
def test_nobody_is_paid_for_more_than_the_span_nor_for_less_than_nothing(day, hours, after):
    span = next(spans_of(day, hours))
    assert timedelta() <= stood(Span(span.start, span.end), span.start + after * HOUR) <= span.length


def test_a_place_that_few_suit_gets_its_own():
    """Though whoever suits the many has more points and the many are twice as many."""
    many = Job(6, 0, {1: 90, 2: 80, 3: 70, 4: 60})
    rare = Job(3, 0, {5: 50, 6: 40})
    assert chosen([many, rare], {1, 2, 3, 4, 5, 6}, 4) == [1, 2, 5, 3]
    assert chosen([replace(many, served=3), rare], {1, 5, 6}, 2) == [5, 1]
    assert chosen([many, rare], {2, 6, 9}, 5) == [2, 6]


def test_of_equals_the_best_then_the_first():
    job = Job(1, 0, {1: 50, 2: 60, 3: 60})
    assert chosen([job], {1, 2, 3}, 3) == [2, 3, 1]


jobs = st.lists(
    st.builds(
        Job, st.integers(1, 5), st.integers(0, 3), st.dictionaries(st.integers(1, 6), st.integers(0, 100), max_size=6)
    ),
    max_size=4,
)


@given(jobs, st.sets(st.integers(1, 8)), st.integers(0, 8))
def test_nobody_twice_nobody_useless_and_never_fewer_than_can_be(found, free, most):
    asked = chosen(found, free, most)
    useful = {worker for worker in free if any(worker in job.scores for job in found)}
    assert len(asked) == len(set(asked)) == min(most, len(useful))
    assert set(asked) <= useful


@given(jobs, st.sets(st.integers(1, 8)), st.integers(1, 8))
def test_each_adds_the_most_of_who_is_left(found, free, most):
    """Against the rule said plainly: what a set is worth is the sum over places of 1 + 1/2 + 1/3 …"""

    def worth(people: list[int]) -> float:
        counts = [(job.places, job.served, sum(who in job.scores for who in people)) for job in found]
        return sum(places / (1 + number) for places, had, more in counts for number in range(had, had + more))

    asked = chosen(found, free, most)
    for n, one in enumerate(asked):
        best = max(worth([*asked[:n], other]) for other in free - set(asked[:n]))
        assert worth([*asked[:n], one]) == pytest.approx(best)
