"""By when somebody can be at a place of work: the way by the rule of matching, and some minutes to get ready."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import ways
from orders.matching import Candidate, LatLng
from orders.models import OrderPolicy
from tests.fixtures.agency import HERE, NOW
from workers.models import Worker

pytestmark = pytest.mark.django_db
POLICY = OrderPolicy()
# A tenth of a degree of latitude is 11.1 km, a way of 15 + 3 × 11.1 minutes.
FAR = LatLng(HERE[0] + 0.1, HERE[1])


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def shift(start: float, *, remote: bool = False) -> Any:
    site = None if remote else SimpleNamespace(latitude=HERE[0], longitude=HERE[1])
    return SimpleNamespace(start_at=NOW + minutes(start), order=SimpleNamespace(remote=remote, site=site))


def late(of: Any, home: LatLng | None) -> int:
    return ways.quarters_late(of, [Candidate(id=1, city="x", location=home)], POLICY, NOW)[1]


@pytest.mark.parametrize(
    ("start", "home", "remote", "quarters"),
    [
        (64, FAR, False, 0),
        (50, FAR, False, 0),
        (49, FAR, False, 1),
        (0, FAR, False, 4),
        (0, LatLng(*HERE), False, 2),
        (0, None, False, 4),
        (0, FAR, True, 1),
        (15, FAR, True, 0),
    ],
)
def test_who_comes_how_late(start, home, remote, quarters):
    assert late(shift(start, remote=remote), home) == quarters


@given(st.floats(-0.3, 0.3), st.integers(-120, 600))
def test_further_is_never_sooner_and_later_is_never_in_time(degrees, start):
    near, far = LatLng(HERE[0] + degrees / 2, HERE[1]), LatLng(HERE[0] + degrees, HERE[1])
    here = late(shift(start), near)
    assert 0 <= here <= late(shift(start), far)
    assert here <= late(shift(start - 15), near)


def test_many_are_judged_by_one_query(django_assert_num_queries):
    people = [Candidate(id=number, city="x", location=FAR) for number in range(5)]
    with django_assert_num_queries(1):
        assert ways.quarters_late(shift(0), people, POLICY, NOW) == dict.fromkeys(range(5), 4)


def test_somebody_booked_is_expected_at_the_start_or_once_they_can_be_there():
    def expected(booked: float, **home: float | None) -> float:
        worker = Worker(**({"latitude": FAR.lat, "longitude": FAR.lng} | home))
        work: Any = SimpleNamespace(
            start_at=NOW,
            booked_at=NOW + minutes(booked),
            position=SimpleNamespace(shift=shift(0)),
            worker=worker,
        )
        return (ways.arrival_of(work, POLICY) - NOW) / minutes(1)

    assert expected(-600) == expected(-64) == 0
    assert expected(-60) == 4
    assert expected(10) == 74
    assert expected(10, latitude=None) == 70
