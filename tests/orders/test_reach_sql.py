"""SQL without the columns finds exactly whom the columns find."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from orders import reach_sql, snapshot
from orders.matching import SHANGHAI, Booking, LatLng, Need, Weights, reasons_against
from orders.matching.demand import Demand
from orders.matching.pairs import find_pairs
from orders.pool import MARGIN, candidates_for
from tests.fixtures import pool_world
from tests.fixtures.agency import ALWAYS, HERE, NOW, Agency
from workers.models import AvailabilityException

pytestmark = pytest.mark.django_db
TOMORROW = (NOW + timedelta(days=1)).astimezone(SHANGHAI)
ASKED = {"shift_id": 1, "order_id": 1, "client_id": 1, "headcount": 1, "city": "shanghai"}


def by_columns(needs: Sequence[Need]) -> list[list[int]]:
    pool = snapshot.current(NOW).pool
    pairs = find_pairs(pool, Demand.of(needs, pool.catalogue), Weights())
    spans = zip(pairs.begin[:-1], pairs.begin[1:], strict=True)
    return [sorted(pool.ids[pairs.who[first:last]].tolist()) for first, last in spans]


def by_sql(need: Need) -> list[int]:
    return [who.id for who in reach_sql.eligible(need, NOW, Weights())]


def need(**fields: object) -> Need:
    site = LatLng(*HERE)
    times = {"start": TOMORROW, "end": TOMORROW + timedelta(hours=8)}
    return Need(**(ASKED | times | {"site": site} | fields))  # type: ignore[arg-type]


def test_two_thousand_people_and_two_hundred_shifts() -> None:
    world = pool_world.build(2000, 1)
    needs = [world.need(100 + number) for number in range(200)]
    expected = by_columns(needs)
    assert [by_sql(each) for each in needs] == expected
    assert sum(map(bool, expected)) > 150
    assert 0 < min(map(len, filter(None, expected))) < 20
    assert max(map(len, expected)) > 200


def test_the_superset_leaves_little_to_the_rules() -> None:
    world = pool_world.build(1000, 2)
    needs = [world.need(100 + number) for number in range(40)]
    left = sum(len(reach_sql.superset(each)) for each in needs)
    right = sum(map(len, by_columns(needs)))
    assert right <= left < 2 * right


def test_the_objects_are_those_of_the_plain_way() -> None:
    world = pool_world.build(80, 3)
    asked = need()
    plain = {who.id: who for who in candidates_for(asked.start, asked.end, NOW)}
    found = reach_sql.candidates([person.pk for person in world.people], NOW)
    far = asked.end + MARGIN
    assert [who.id for who in found] == sorted(plain)
    for who in found:
        same = plain[who.id]
        assert (who.skills, who.courses, who.certificates) == (same.skills, same.courses, same.certificates)
        near = [booking for booking in who.bookings if booking.start < far and booking.end > asked.start - MARGIN]
        assert sorted(near, key=_start) == sorted(same.bookings, key=_start)
        assert reasons_against(asked, replace(who, bookings=tuple(near))) == reasons_against(asked, same)


def _start(booking: Booking) -> datetime:
    return booking.start


@pytest.mark.parametrize("end", [1440, 1441, 2879])
def test_a_window_that_passes_the_week_holds_its_monday(agency: Agency, end: int) -> None:
    sunday = agency.worker(windows=[(6, 600, min(end, 2039)), (0, 1439, 1440)])
    midnight = TOMORROW.replace(hour=0) + timedelta(days=6)
    assert midnight.weekday() == 0
    asked = need(start=midnight - timedelta(hours=2), end=midnight + timedelta(minutes=1))
    assert by_sql(asked) == ([sunday.pk] if end > 1440 else [])
    assert by_columns([asked]) == [by_sql(asked)]


def test_extra_time_opens_and_time_off_closes(agency: Agency) -> None:
    extra, off = agency.worker(windows=()), agency.worker(windows=ALWAYS)
    asked = need()
    for person, kind in ((extra, "extra"), (off, "off")):
        AvailabilityException.objects.create(worker=person, kind=kind, start_at=asked.start, end_at=asked.end)
    assert by_sql(asked) == [extra.pk]


def test_nobody_is_lost_across_the_date_line_or_at_a_pole(agency: Agency) -> None:
    fiji = agency.worker(latitude=-17.0, longitude=-179.99, max_km=20)
    pole = agency.worker(latitude=89.99, longitude=-90.0, max_km=20)
    assert by_sql(need(site=LatLng(-17.0, 179.99))) == [fiji.pk]
    assert by_sql(need(site=LatLng(89.99, 90.0))) == [pole.pk]


def test_somebody_exactly_at_the_limit_is_found(agency: Agency) -> None:
    # 15 km to the north to within a millimetre
    edge = agency.worker(latitude=HERE[0] + 15 / 111.19492664455873, max_km=15)
    agency.worker(latitude=HERE[0] + 15.1 / 111.19492664455873, max_km=15)
    assert by_sql(need()) == [edge.pk]


@pytest.mark.parametrize("count", [1, 4])
def test_the_number_of_queries_is_constant(agency: Agency, count: int, django_assert_num_queries: Any) -> None:
    for _ in range(count):
        agency.worker()
    with django_assert_num_queries(16):
        assert len(by_sql(need())) == count


@pytest.mark.parametrize("where", [{}, {"remote": True, "site": None}])
def test_people_and_what_they_have_are_found_by_indexes(where: dict[str, object]) -> None:
    pool_world.build(500, 4)
    asked = need(skills={"a": 2}, languages={"english": 1}, certificates=frozenset({"health"}), **where)
    with connection.cursor() as cursor:
        # On so few rows a planner rightly reads a table whole; this asks whether it has to.
        cursor.execute("ANALYZE; SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (COSTS OFF) " + reach_sql.statement(asked)[0], reach_sql.statement(asked)[1])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    # Extra times are few: the planner may read them once into a hash instead of looking them up for each person.
    assert "Seq Scan" not in plan.replace("Seq Scan on workers_availabilityexception", "")


def test_a_site_alone_is_found_by_its_box() -> None:
    pool_world.build(500, 5)
    asked = need(site=LatLng(31.5, 121.6))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE; SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (COSTS OFF) " + reach_sql.statement(asked)[0], reach_sql.statement(asked)[1])
        assert "sent_places" in "\n".join(row[0] for row in cursor.fetchall())
