"""The log of changes: what writes it, and that a reader misses nothing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connection, transaction

from staffing.core.models import City, User
from tests.fixtures.agency import NOW, Agency
from workers import pool_changes
from workers.models import (
    AvailabilityException,
    AvailabilityWindow,
    CertificateType,
    Course,
    Language,
    PoolPolicy,
    Skill,
    Worker,
    WorkerCertificate,
    WorkerCourse,
    WorkerLanguage,
    WorkerSkill,
)
from workers.models.changes import PoolChange

Told = list[tuple[str, int | None]]


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


def told(change: Callable[[], object]) -> Told:
    """What the log gains by it."""
    last = PoolChange.objects.order_by("pk").last()
    change()
    rows = PoolChange.objects.filter(pk__gt=last.pk if last else 0)
    return sorted(set(rows.values_list("kind", "row_id")), key=str)


def child_rows(agency: Agency, worker: Worker) -> dict[type[Any], Any]:
    other = Skill.objects.create(code="other")
    paper = CertificateType.objects.create(code="paper")
    course = Course.objects.create(code="course")
    tongue = Language.objects.create(code="tongue")
    span = {"start_at": NOW, "end_at": NOW + timedelta(hours=1)}
    return {
        WorkerSkill: ({"skill": other, "level": 2}, {"level": 3}),
        WorkerLanguage: ({"language": tongue, "level": 2}, {"level": 3}),
        WorkerCertificate: ({"type": paper}, {"expires_on": NOW.date()}),
        WorkerCourse: ({"course": course, "passed_on": NOW.date()}, {"valid_until": NOW.date()}),
        AvailabilityWindow: ({"weekday": 1, "start_minute": 0, "end_minute": 9}, {"end_minute": 10}),
        AvailabilityException: ({"kind": "off", **span}, {"kind": "extra"}),
    }


CHILDREN = [WorkerSkill, WorkerLanguage, WorkerCertificate, WorkerCourse, AvailabilityWindow, AvailabilityException]


@pytest.mark.parametrize("model", CHILDREN)
def test_a_row_of_a_worker_put_in_changed_moved_and_deleted(agency: Agency, worker: Worker, model: type[Any]) -> None:
    fields, change = child_rows(agency, worker)[model]
    other = agency.worker()
    mine, both = [("worker", worker.pk)], sorted([("worker", worker.pk), ("worker", other.pk)], key=str)
    assert told(lambda: model.objects.create(worker=worker, **fields)) == mine
    row = model.objects.filter(worker=worker).order_by("pk").last()
    rows = model.objects.filter(pk=row.pk)
    assert told(lambda: rows.update(**change)) == mine
    assert told(lambda: rows.update(**change)) == []
    assert told(lambda: rows.update(worker=other)) == both
    assert told(lambda: rows.delete()) == [("worker", other.pk)]


@pytest.mark.parametrize("fields", [{"valid_until": NOW.date()}, {"verified_on": NOW.date()}])
def test_until_when_a_level_counts_and_whether_it_was_verified(worker: Worker, fields: dict[str, Any]) -> None:
    for rows in (WorkerSkill.objects.filter(worker=worker), WorkerLanguage.objects.filter(worker=worker)):
        assert told(lambda rows=rows: rows.update(**fields)) == [("worker", worker.pk)]  # type: ignore[misc]
        assert told(lambda rows=rows: rows.update(source="paper")) == []  # type: ignore[misc]


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": 30.0},
        {"longitude": None},
        {"max_km": 7},
        {"remote_ok": False},
        {"stars": None},
        {"reliability": 3},
        {"services_done": 9},
        {"clearance": 2},
        {"clearance_until": NOW.date()},
        {"contract": "part_time"},
        {"weekly_cap_minutes": 5},
        {"min_rest_minutes": 30},
        {"status": "left"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_each_field_of_a_worker_that_matching_reads(worker: Worker, fields: dict[str, Any]) -> None:
    rows = Worker.objects.filter(pk=worker.pk)
    assert told(lambda: rows.update(**fields)) == [("worker", worker.pk)]
    assert told(lambda: rows.update(**fields)) == []


def test_what_matching_does_not_read_is_not_logged(agency: Agency, worker: Worker) -> None:
    assert told(lambda: Worker.objects.update(level="senior")) == []
    assert told(lambda: User.objects.update(last_login=NOW)) == []
    assert told(lambda: Skill.objects.update(name_en="Other")) == []
    assert told(lambda: agency.dispatcher()) == []


def test_a_login_closed_or_renamed(worker: Worker) -> None:
    mine = User.objects.filter(pk=worker.user_id)
    assert told(lambda: mine.update(is_active=False)) == [("user", worker.user_id)]
    assert told(lambda: mine.update(name="改名")) == [("user", worker.user_id)]


@pytest.mark.parametrize("model", [Skill, Language, CertificateType, Course, City])
def test_the_catalogues_stand_for_everything(agency: Agency, model: type[Any]) -> None:
    place = {"tier": 1, "latitude": 1.0, "longitude": 2.0} if model is City else {}
    everything = [("all", None)]
    assert told(lambda: model.objects.create(code="x", **place)) == everything
    assert told(lambda: model.objects.filter(code="x").update(code="y")) == everything
    assert told(lambda: model.objects.filter(code="y").delete()) == everything
    assert told(lambda: model.objects.filter(code="y").delete()) == []


def test_the_policy_stands_for_everything(agency: Agency) -> None:
    assert told(lambda: PoolPolicy().save()) == [("all", None)]
    assert told(lambda: PoolPolicy(night_percent=50).save()) == []
    assert told(lambda: PoolPolicy(fairness_days=7).save()) == [("all", None)]
    assert told(lambda: PoolPolicy(fairness_days=7, self_declared_counts=False).save()) == [("all", None)]


def test_a_new_worker_and_a_deleted_one(agency: Agency) -> None:
    assert told(agency.worker) == [("worker", Worker.objects.get().pk)]
    person = Worker.objects.get()
    expected = [("worker", person.pk)]
    assert told(person.delete) == expected


def test_many_rows_of_one_statement_are_logged_once_a_worker(agency: Agency) -> None:
    people = [agency.worker() for _ in range(5)]
    skills = [Skill.objects.create(code=code) for code in "pq"]
    own = PoolChange.objects.filter(kind="worker")
    before = own.count()
    Worker.objects.update(reliability=1)
    assert own.count() == before + 5
    WorkerSkill.objects.bulk_create(WorkerSkill(worker=who, skill=skill, level=1) for who in people for skill in skills)
    assert own.count() == before + 10
    AvailabilityWindow.objects.all().delete()
    assert own.count() == before + 15


@pytest.mark.django_db(transaction=True)
def test_truncate_stands_for_everything() -> None:
    with connection.cursor() as cursor:
        assert told(lambda: cursor.execute("TRUNCATE workers_workerskill")) == [("all", None)]


@pytest.fixture
def other(committed_agency: Agency) -> Iterator[Any]:
    """A second connection to the same database, in a transaction of its own."""
    own = connection.get_connection_params()
    opened = psycopg2.connect(**{key: own[key] for key in own if key not in ("cursor_factory", "context")})
    yield opened
    opened.close()


def test_a_commit_that_comes_late_is_not_missed(committed_agency: Agency, other: Any) -> None:
    early, late = committed_agency.worker(), committed_agency.worker()
    seen = pool_changes.since(None).seen
    other.cursor().execute("UPDATE workers_worker SET reliability = 1 WHERE id = %s", [early.pk])
    Worker.objects.filter(pk=late.pk).update(reliability=2)
    first = pool_changes.since(seen)
    last_id = PoolChange.objects.order_by("pk").values_list("pk", flat=True).last()
    assert [change.row_id for change in first.others] == [late.pk]

    other.commit()
    assert [change.row_id for change in pool_changes.since(first.seen).others] == [early.pk]
    # A reader that counts by ids has passed the row already.
    assert last_id is not None
    assert not PoolChange.objects.filter(pk__gt=last_id).exists()
    assert pool_changes.since(pool_changes.since(first.seen).seen).others == ()


def test_a_rollback_leaves_nothing(committed_agency: Agency, other: Any) -> None:
    worker, seen = committed_agency.worker(), pool_changes.since(None).seen
    after = pool_changes.since(seen).seen
    other.cursor().execute("UPDATE workers_worker SET reliability = 1 WHERE id = %s", [worker.pk])
    other.rollback()
    assert pool_changes.since(after).others == ()


def test_ones_own_changes_come_apart_and_again_after_the_commit(committed_agency: Agency) -> None:
    worker = committed_agency.worker()
    seen = pool_changes.since(None).seen
    with transaction.atomic():
        Worker.objects.update(reliability=1)
        with transaction.atomic():
            Worker.objects.update(reliability=2)
        inside = pool_changes.since(seen)
        assert [change.row_id for change in inside.own] == [worker.pk]
        assert inside.others == ()
        assert pool_changes.since(inside.seen).own == inside.own
    after = pool_changes.since(inside.seen)
    assert [change.row_id for change in after.others] == [worker.pk]
    assert after.own == ()
    assert pool_changes.since(after.seen).others == ()


def test_a_savepoint_rolled_back_is_not_ones_own_change(committed_agency: Agency) -> None:
    committed_agency.worker()
    with transaction.atomic():
        with transaction.atomic():
            Worker.objects.update(reliability=1)
            transaction.set_rollback(True)
        assert pool_changes.since(None).own == ()


def test_too_many_changes_are_told(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        agency.worker()
    monkeypatch.setattr(pool_changes, "MOST", 3)
    changes = pool_changes.since(None)
    assert changes.too_many
    assert pool_changes.everything(changes.own)


def test_rows_are_purged_after_a_day(agency: Agency) -> None:
    agency.worker()
    count = PoolChange.objects.count()
    assert pool_changes.purge() == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workers_poolchange SET at = at - interval '25 hours' WHERE kind = 'all'")
        old = cursor.rowcount
    assert 0 < old < count
    assert pool_changes.purge() == old
    assert PoolChange.objects.count() == count - old
