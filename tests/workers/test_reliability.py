"""Reliability: between its bounds, moved by each shift, the newer the more."""

from hypothesis import given
from hypothesis import strategies as st

from workers.reliability import Memory, reliability

MEMORY = Memory()
worth = st.integers(0, 100)
outcomes = st.lists(st.tuples(st.floats(0, 720), worth), max_size=40)


def test_nothing_known_is_the_start():
    assert reliability([], MEMORY) == 80


@given(outcomes)
def test_it_stays_between_the_worst_and_the_best(rows):
    known = [*(value for _, value in rows), MEMORY.start]
    assert min(known) <= reliability(rows, MEMORY) <= max(known)


@given(outcomes, st.floats(0, 720))
def test_a_missed_shift_never_helps_and_a_good_one_never_harms(rows, age):
    before = reliability(rows, MEMORY)
    assert reliability([*rows, (age, 0)], MEMORY) <= before <= reliability([*rows, (age, 100)], MEMORY)


@given(st.floats(0, 300), st.floats(0, 300))
def test_the_newer_counts_more(one, other):
    newer, older = sorted((one, other))
    assert reliability([(newer, 0)], MEMORY) <= reliability([(older, 0)], MEMORY)


def test_a_half_life_halves():
    assert reliability([(60.0, 0)] * 10, MEMORY) == reliability([(0.0, 0)] * 5, MEMORY) == 40
