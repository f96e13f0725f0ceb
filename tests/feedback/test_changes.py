"""Which figures changed most: against the formula on real samples, and what must hold of any."""

from dataclasses import replace
from math import inf, sqrt
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.changes import Sample, largest, standardised

NUMBERS = st.lists(st.floats(-1e4, 1e4).map(lambda x: round(x, 3)), min_size=2, max_size=30)
SAMPLES = NUMBERS.map(lambda rows: Sample(len(rows), mean(rows), stdev(rows)))
MAYBE = st.none() | SAMPLES
PAIRS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(MAYBE, MAYBE), max_size=8)


@given(NUMBERS, NUMBERS)
def test_the_step_is_welchs(new: list[float], old: list[float]) -> None:
    error = sqrt(stdev(new) ** 2 / len(new) + stdev(old) ** 2 / len(old))
    now, before = (Sample(len(rows), mean(rows), stdev(rows)) for rows in (new, old))
    if error:
        assert standardised(now, before) == pytest.approx((mean(new) - mean(old)) / error)


@given(SAMPLES, SAMPLES)
def test_going_back_is_the_same_step_the_other_way(now: Sample, before: Sample) -> None:
    assert standardised(now, before) == -standardised(before, now)


@given(SAMPLES, SAMPLES, st.floats(0.01, 100))
def test_the_unit_does_not_matter(now: Sample, before: Sample, scale: float) -> None:
    def scaled(one: Sample) -> Sample:
        return replace(one, mean=one.mean * scale, spread=(one.spread or 0) * scale)

    step = standardised(now, before)
    if abs(now.mean - before.mean) > 1e-3 and abs(step) < inf:
        assert standardised(scaled(now), scaled(before)) == pytest.approx(step, rel=1e-6)


def test_without_any_spread_a_step_is_beyond_measure_and_none_is_none() -> None:
    sure, lost = Sample(20, 1.0, 0.0), Sample(20, 0.0, 0.0)
    assert (standardised(sure, lost), standardised(lost, sure), standardised(sure, sure)) == (inf, -inf, 0)
    assert [one.key for one in largest({"b": (sure, lost), "a": (lost, sure)}, count=2, sample=2)] == ["a", "b"]


@pytest.mark.parametrize("bad", [Sample(0, 1.0), Sample(3, inf), Sample(3, float("nan"))])
def test_a_sample_that_is_none_is_refused(bad: Sample) -> None:
    with pytest.raises(ValueError, match="sample"):
        standardised(bad, Sample(3, 1.0, 1.0))


@given(PAIRS, st.integers(0, 5), st.integers(2, 12))
def test_the_largest_come_first_and_nothing_larger_is_left_out(
    pairs: dict[str, tuple[Sample | None, Sample | None]], count: int, sample: int
) -> None:
    found = largest(pairs, count=count, sample=sample)
    sizes = [abs(one.size) for one in found]
    assert len(found) <= count
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes)
    told = {
        key: abs(standardised(now, before))
        for key, (now, before) in pairs.items()
        if now and before and min(now.n, before.n) >= sample and now.mean != before.mean
    }
    left = [size for key, size in told.items() if key not in {one.key for one in found}]
    assert {one.key for one in found} <= set(told)
    assert len(found) == count or not left
    assert not left or not sizes or max(left) <= sizes[-1]


def test_small_samples_are_left_out_however_far_they_went() -> None:
    wild, steady = (Sample(9, 100.0, 1.0), Sample(500, 0.0, 1.0)), (Sample(50, 1.1, 1.0), Sample(50, 1.0, 1.0))
    assert [one.key for one in largest({"wild": wild, "steady": steady}, count=3, sample=10)] == ["steady"]
