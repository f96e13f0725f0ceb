"""The pool as columns says what the pool as objects says."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection

from orders import pool_reader
from orders.matching.minutes import FOREVER, HOUSE
from orders.matching.tables import CHILDREN, EXTRA, OFF, Tables
from orders.pool import MARGIN, candidates_for
from orders.pool_reader import UnknownCode, read_codes
from tests.fixtures import pool_world
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.bookings import booked, offer_to
from workers.models import PoolPolicy, Skill, WorkerSkill

pytestmark = pytest.mark.django_db
START, END = NOW - timedelta(days=1), NOW + timedelta(days=5)


def rows(tables: Tables) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows, sorted; NaN as a number that equals itself."""
    return {name: _rows(getattr(tables, name)) for name in ("people", *CHILDREN)}


def _rows(columns: Any) -> list[tuple[Any, ...]]:
    listed = zip(*(columns[name].tolist() for name in sorted(columns)), strict=True)
    return sorted(tuple(-999.0 if value != value else value for value in row) for row in listed)


def from_database(worker_ids: Sequence[int] | None = None) -> Tables:
    with connection.cursor() as cursor:
        since, until = START - MARGIN, END + MARGIN
        return pool_reader.read(cursor, read_codes(), since=since, until=until, now=NOW, worker_ids=worker_ids)


def from_objects() -> Tables:
    return Tables.of(candidates_for(START, END, NOW), read_codes().catalogue)


def test_the_agency_reads_the_same(agency: Agency) -> None:
    agency.worker(latitude=None, longitude=None, stars=None)
    agency.worker(contract="part_time", skills={})
    booked(agency, agency.worker())
    offer_to(agency, agency.worker(), day=2)
    found = rows(from_database())
    assert found == rows(from_objects())
    assert len(found["bookings"]) == 2


@pytest.mark.parametrize("seed", range(4))
def test_random_worlds_read_the_same(seed: int) -> None:
    pool_world.build(120, seed)
    found = rows(from_database())
    assert found == rows(from_objects())
    assert all(found.values())


def test_extra_time_shrinks_to_whole_minutes_and_time_off_grows(agency: Agency) -> None:
    """From both forms alike; what is left of less than a minute is nothing."""
    worker, at = agency.worker(), NOW + timedelta(days=1)
    seconds = [("extra", 20, 200), ("off", 20, 200), ("extra", 60, 120), ("extra", 20, 110), ("extra", 10, 50)]
    for kind, start, end in seconds:
        worker.exceptions.create(kind=kind, start_at=at + timedelta(seconds=start), end_at=at + timedelta(seconds=end))
    found, minute = rows(from_database())["exceptions"], HOUSE.floor(at)
    assert found == rows(from_objects())["exceptions"]
    spans = sorted((kind, start - minute, end - minute) for end, kind, start, _who in found)
    assert spans == [(OFF, 0, 4), (EXTRA, 1, 2), (EXTRA, 1, 3)]


def test_some_people_are_read_as_all_of_them_are() -> None:
    people = sorted(person.pk for person in pool_world.build(60, 9).people)
    asked = people[::7]
    everybody = rows(from_database())
    at = {name: sorted(pool_world_columns(name)).index("id" if name == "people" else "who") for name in everybody}
    expected = {name: [row for row in listed if row[at[name]] in asked] for name, listed in everybody.items()}
    assert rows(from_database([*asked, people[-1] + 1000])) == expected
    assert rows(from_database([])) == {name: [] for name in everybody}


def pool_world_columns(name: str) -> Any:
    return getattr(from_database([]), name)


def test_ones_own_word_counts_as_the_policy_says() -> None:
    pool_world.build(80, 5)
    before = rows(from_database())
    PoolPolicy(self_declared_counts=False).save()
    after = rows(from_database())
    assert after == rows(from_objects())
    assert after["skills"] != before["skills"]
    assert {row[2] for row in after["skills"]} >= {1, FOREVER}


def test_the_policy_in_force_counts(agency: Agency) -> None:
    agency.worker(contract="part_time")
    PoolPolicy(part_time_week_minutes=77, fairness_days=1).save()
    assert from_database().people["cap"].tolist() == [77]
    assert rows(from_database()) == rows(from_objects())


def test_without_an_end_all_the_future_is_read(agency: Agency) -> None:
    booked(agency, agency.worker(), day=60)
    assert len(from_database().bookings["who"]) == 0
    with connection.cursor() as cursor:
        found = pool_reader.read(cursor, read_codes(), since=NOW, now=NOW).bookings
    assert found["start"].tolist() == [HOUSE.floor(NOW + timedelta(days=60))]


def test_a_code_newer_than_the_catalogue_is_told(agency: Agency) -> None:
    worker, codes = agency.worker(), read_codes()
    WorkerSkill.objects.create(worker=worker, skill=Skill.objects.create(code="new"), level=1)
    with connection.cursor() as cursor, pytest.raises(UnknownCode, match="skills"):
        pool_reader.read(cursor, codes, since=NOW, now=NOW)


def test_codes_name_the_rows_of_every_id(agency: Agency) -> None:
    ids = [Skill.objects.create(code=code).pk for code in ("zz", "aa")]
    codes = read_codes()
    assert codes.catalogue.skills == ("aa", "chat", "zz")
    assert codes.of("skills", np.array([*ids, agency.skill.pk])).tolist() == [2, 0, 1]


def test_an_empty_pool_is_read(db: None) -> None:
    assert rows(from_database()) == {name: [] for name in ("people", *CHILDREN)}


def test_rows_of_another_form_are_refused(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    agency.worker()
    bent = pool_reader.Source("SELECT id, NULL::int FROM workers_worker", (("id", ">i8"), ("value", ">i4")))
    with connection.cursor() as cursor, pytest.raises(ValueError, match="another form"):
        pool_reader._rows(cursor, bent, {})
