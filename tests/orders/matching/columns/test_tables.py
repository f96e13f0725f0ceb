"""Objects as rows; moments as minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from orders.matching import SHANGHAI, AvailabilityException, Booking
from orders.matching.demand import Demand
from orders.matching.minutes import HOUSE, WEEK, Scale, day_of
from orders.matching.tables import Catalogue, Tables
from tests.orders.matching.make import at, need, person


def test_weeks_of_the_scale_begin_on_mondays_at_midnight() -> None:
    assert HOUSE.floor(datetime(1970, 1, 5, tzinfo=SHANGHAI)) == 0
    monday = HOUSE.floor(at(0))
    assert monday % WEEK == 0
    assert HOUSE.moment(monday) == at(0)
    assert HOUSE.floor(at(0, 9).astimezone(UTC)) == monday + 540


def test_days_of_the_scale_are_local_days() -> None:
    assert day_of(HOUSE.floor(at(3, 0))) == at(3).date().toordinal()
    assert day_of(HOUSE.floor(at(3, 0)) - 1) == at(2).date().toordinal()


def test_parts_of_a_minute_round_to_whole_ones() -> None:
    moment = at(0, 9) + timedelta(seconds=1)
    assert (HOUSE.floor(moment), HOUSE.ceil(moment)) == (HOUSE.floor(at(0, 9)), HOUSE.floor(at(0, 9)) + 1)
    assert HOUSE.ceil(at(0, 9)) == HOUSE.floor(at(0, 9))


def test_a_zone_that_changes_its_clocks_is_refused_where_it_does() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    scale = Scale.at(berlin, datetime(2026, 10, 24, tzinfo=berlin))
    assert scale.floor(datetime(2026, 10, 20, tzinfo=berlin)) > 0
    with pytest.raises(ValueError, match="Europe/Berlin change"):
        scale.floor(datetime(2026, 10, 26, tzinfo=berlin))


def test_bookings_and_time_off_grow_and_extra_time_shrinks_to_whole_minutes() -> None:
    start, end = at(0, 9) + timedelta(seconds=20), at(0, 10) + timedelta(seconds=20)
    off, extra = (AvailabilityException(kind, start, end) for kind in ("off", "extra"))
    who = person(1, exceptions=(off, extra), bookings=(Booking(start, end),))
    tables = Tables.of([who], Catalogue.of([who]))
    nine = HOUSE.floor(at(0, 9))
    assert (tables.exceptions["start"] - nine).tolist() == [0, 1]
    assert (tables.exceptions["end"] - nine).tolist() == [61, 60]
    assert [int(tables.bookings[name][0]) - nine for name in ("start", "end")] == [0, 61]


def test_codes_outside_the_catalogue_are_refused() -> None:
    with pytest.raises(ValueError, match="no 'chat' among its skills"):
        Tables.of([person(1, skills={"chat": 1})], Catalogue(cities=("上海",)))


def test_stars_are_whole_hundredths() -> None:
    who = person(1, stars=Decimal("4.755"))
    with pytest.raises(ValueError, match="hundredths"):
        Tables.of([who], Catalogue.of([who]))


def test_columns_of_unequal_length_or_missing_are_refused() -> None:
    people = Tables.of([person(1)], Catalogue.of([person(1)])).people
    with pytest.raises(ValueError, match="skills: columns of unequal length"):
        Tables.make(people, skills={"who": [1], "code": [0], "until": [0], "level": np.empty(0)})
    with pytest.raises(ValueError, match="skills: no column level"):
        Tables.make(people, skills={"who": [1], "code": [0]})


def test_equal_needs_share_a_group_wherever_they_stand() -> None:
    needs = [need(1), need(2, priority=1), need(3, start=at(2, 9)), need(4, team=frozenset({1}))]
    demand = Demand.of(needs, Catalogue.of([], needs))
    assert demand.group.tolist() == [0, 1, 0, 2]
    assert demand.shift_of(3) == 2
    with pytest.raises(ValueError, match="no shift 9"):
        demand.shift_of(9)


def test_a_demand_refuses_a_shift_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        Demand.of([need(1), need(1)], Catalogue())


def test_the_weeks_of_a_demand_are_those_that_it_touches() -> None:
    demand = Demand.of([need(1, start=at(6, 20), hours=8)], Catalogue())
    assert (demand.edges - HOUSE.floor(at(0))).tolist() == [0, WEEK, 2 * WEEK]
    until_midnight = Demand.of([need(1, start=at(6, 16), hours=8)], Catalogue())
    assert (until_midnight.edges - HOUSE.floor(at(0))).tolist() == [0, WEEK]
    assert until_midnight.last_day.tolist() == [at(6).date().toordinal()]
