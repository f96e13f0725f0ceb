from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import diagnosis
from feedback.diagnosis import CAUSES, CHECKS, CODES, Facts, Limits
from feedback.states import Cause

LIMITS = Limits()
COUNTS = ("shortage", "refusals", "no_shows", "empty", "slowest", "late", "reply", "worker_cases")
few = st.integers(0, 200)
stars = st.none() | st.integers(1, 5)
facts = st.builds(
    Facts,
    skill_match=stars,
    attitude=stars,
    attendance=stars,
    category=st.sampled_from(["", "attendance", "skill", "attitude", "communication", "cost", "other"]),
    score=st.none() | st.integers(0, 100),
    **dict.fromkeys(COUNTS, few),
)


def codes(known: Facts) -> set[str]:
    return {signal.code for signal in diagnosis.signals(known, LIMITS)}


def test_the_causes_are_those_of_the_cases() -> None:
    assert set(CAUSES) == set(Cause.values)
    assert {check.cause for check in CHECKS} == set(CAUSES)
    assert len(CODES) == len(CHECKS)


@pytest.mark.parametrize(
    ("known", "cause"),
    [
        (Facts(), ""),
        (Facts(skill_match=2), "matching"),
        (Facts(attitude=1), "communication"),
        (Facts(attendance=1, no_shows=1), "emergency"),
        (Facts(late=2, no_shows=1), "emergency"),
        (Facts(category="cost"), "other"),
        (Facts(score=59, reply=121, late=1), "communication"),
        (Facts(score=60, reply=120, slowest=60, refusals=2, skill_match=3), ""),
    ],
)
def test_what_the_facts_point_to(known: Facts, cause: str) -> None:
    assert diagnosis.suggested(codes(known)) == cause


@given(facts)
def test_the_strongest_is_suggested_and_the_sums_are_whole(known: Facts) -> None:
    found = diagnosis.signals(known, LIMITS)
    sums = diagnosis.weights(signal.code for signal in found)
    assert sum(sums.values()) == sum(signal.weight for signal in found)
    assert sums.get(diagnosis.suggested(codes(known)), 0) == max(sums.values(), default=0)
    assert all(signal.n > 0 for signal in found)


@given(facts, st.sampled_from(COUNTS))
def test_more_of_a_fact_never_takes_a_signal_away(known: Facts, name: str) -> None:
    assert codes(known) <= codes(replace(known, **{name: getattr(known, name) + 1}))


@given(st.lists(st.sampled_from([*CODES, "gone", ""]), max_size=30))
def test_ticks_count_once_and_unknown_ones_not_at_all(ticked: list[str]) -> None:
    assert diagnosis.weights(ticked) == diagnosis.weights(set(ticked) & set(CODES))
