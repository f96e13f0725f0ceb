"""The one door to the present."""

from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries, Settings

from staffing.core import clock
from tests.fixtures.agency import NOW

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW, tick=False)
def test_the_present_runs_ahead_in_a_demo_only(settings: Settings) -> None:
    assert clock.now() == NOW
    clock.set_offset(timedelta(hours=3))
    assert clock.now() == NOW + timedelta(hours=3)
    settings.CLOCK_OFFSET_ALLOWED = False
    assert clock.now() == NOW


def test_production_asks_the_database_nothing(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.CLOCK_OFFSET_ALLOWED = False
    with django_assert_num_queries(0):
        clock.now()


def test_production_refuses_to_move(settings: Settings) -> None:
    settings.CLOCK_OFFSET_ALLOWED = False
    with pytest.raises(PermissionError):
        clock.set_offset(timedelta(hours=1))
    settings.CLOCK_OFFSET_ALLOWED = True
    assert clock.offset() == timedelta(0)


def test_it_never_goes_back() -> None:
    clock.set_offset(timedelta(hours=2))
    clock.set_offset(timedelta(hours=2))
    for back in (timedelta(hours=1), timedelta(0), timedelta(hours=-1)):
        with pytest.raises(ValueError, match="forward"):
            clock.set_offset(back)
    assert clock.offset() == timedelta(hours=2)
