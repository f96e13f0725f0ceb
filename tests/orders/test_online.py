"""What keeps matching ready: a process that is warm from its start, a beat that wakes the batch, and old rows gone."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from orders import snapshot
from orders.matching import cli_warm
from orders.models import MatchRun, MatchShift
from orders.services import matching
from staffing.celery import app, warm
from staffing.core import clock
from staffing.warm import in_background
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.line import minutes, proposed
from workers.models.changes import PoolChange
from workers.tasks import purge_changes


@pytest.fixture
def cold() -> Iterator[None]:
    snapshot.clear()
    yield
    snapshot.clear()


def consume(monkeypatch: pytest.MonkeyPatch, *queues: str) -> None:
    monkeypatch.setattr(app.amqp.queues, "_consume_from", dict.fromkeys(queues))


def full_reads(now: datetime) -> int:
    return snapshot.current(now).full_reads


def test_a_process_that_matches_has_read_everybody_before_its_first_order(
    committed_agency: Agency, cold: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed_agency.worker()
    consume(monkeypatch, "matching", "timers")
    warm()
    assert snapshot._keeper._full_reads == 1
    assert full_reads(clock.now()) == 1
    assert len(snapshot.current(clock.now()).pool) == 1


def test_a_process_that_does_not_match_reads_nobody(
    committed_agency: Agency, cold: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    consume(monkeypatch, "timers", "notify")
    warm()
    assert snapshot._keeper._full_reads == 0


@pytest.mark.parametrize("broken", ["available", "clock"])
def test_a_process_that_cannot_load_starts_all_the_same(
    committed_agency: Agency, cold: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("no memory")

    consume(monkeypatch, "matching")
    monkeypatch.setattr(*((snapshot, "available", fail) if broken == "available" else (clock, "now", fail)))
    warm()
    assert "nothing loaded at the start" in caplog.text
    assert snapshot._keeper._full_reads == 0


def test_a_web_process_loads_everything_beside_its_first_requests(
    committed_agency: Agency, cold: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    monkeypatch.setattr(cli_warm, "run", lambda: called.append("compiled"))
    settings.STAFFING_ENV = "production"
    thread = in_background()
    assert thread is not None
    thread.join()
    assert (snapshot._keeper._full_reads, called) == (1, ["compiled"])


def test_a_tests_own_server_loads_nothing() -> None:
    assert in_background() is None


def beat() -> Mapping[str, Any]:
    app.loader.import_default_modules()
    return dict(app.conf.beat_schedule)


def test_the_beat_wakes_what_there_is() -> None:
    schedule = beat()
    assert {entry["task"] for entry in schedule.values()} <= set(app.tasks)
    woken = {name: (entry["schedule"], entry["options"]["queue"]) for name, entry in schedule.items()}
    assert woken["batch"] == (60.0, "matching")
    assert woken["purge-pool-changes"] == woken["empty-masks"] == (3600.0, "timers")


@pytest.mark.django_db
def test_read_changes_are_dropped_after_a_day() -> None:
    PoolChange.objects.all().delete()
    old, young = (PoolChange.objects.create(kind="worker", row_id=n) for n in (1, 2))
    with connection.cursor() as cursor:
        for row, age in ((old, "25 hours"), (young, "23 hours")):
            cursor.execute("UPDATE workers_poolchange SET at = now() - %s::interval WHERE id = %s", [age, row.pk])
    assert purge_changes() == 1
    assert list(PoolChange.objects.values_list("pk", flat=True)) == [young.pk]


def test_old_answers_forget_everybody_else_slice_by_slice(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MASKS_AT_ONCE", 2)
    agency.worker()
    answer = MatchShift.objects.get(run__order=proposed(agency))
    ages = [timedelta(days=90) + minutes(1)] * 5 + [timedelta(days=90) - minutes(1)]
    for age in ages:
        run = MatchRun.objects.get(pk=answer.run_id)
        run.pk, run.created_at = None, NOW - age
        run.save()
        answer.pk, answer.run, answer.masks = None, run, b"\x01"
        answer.save()
    assert matching.empty_masks(NOW) == 5
    assert [bytes(masks) for masks in MatchShift.objects.order_by("pk").values_list("masks", flat=True)[1:]] == [
        *[b""] * 5,
        b"\x01",
    ]
    assert matching.empty_masks(NOW) == 0


def test_an_answer_is_written_once_into_each_index_and_its_masks_as_they_are(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'orders_matchshift'")
        columns = sorted(definition.split(" USING btree ")[1] for (definition,) in cursor.fetchall())
        cursor.execute(
            "SELECT attstorage FROM pg_attribute WHERE attrelid = 'orders_matchshift'::regclass AND attname = 'masks'"
        )
        assert columns == ["(id)", "(run_id, shift_id)", "(shift_id)"]
        assert cursor.fetchone() == ("e",)
