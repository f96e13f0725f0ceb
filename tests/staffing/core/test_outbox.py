"""The queue of record: one row a subscriber, effects once, back-off, set aside, leases."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from staffing.core import outbox
from staffing.core.models import City, Heartbeat, OutboxMessage
from tests.fixtures.agency import NOW

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Mapping[str, Any]]]:
    """A topic "probe" whose handler writes down what it was given."""
    monkeypatch.setattr(outbox, "_subscribers", dict(outbox._subscribers))
    monkeypatch.setattr(outbox, "_by_topic", dict(outbox._by_topic))
    monkeypatch.setattr(outbox, "_send_nudge", lambda queue: None)
    seen: list[Mapping[str, Any]] = []

    @outbox.on("probe")
    def probe(payload: Mapping[str, Any], now: object) -> None:
        if payload.get("fails"):
            City.objects.create(code="x", name_zh="甲", name_en="X", tier=1, latitude=0, longitude=0)
            raise ValueError("poison")
        seen.append(payload)

    yield seen


def publish(key: str = "1", **payload: Any) -> None:
    outbox.publish("probe", payload, key=key, now=NOW)


@pytest.mark.django_db
def test_a_row_is_handled_once(handled: list[Any]) -> None:
    publish(id=7)
    assert outbox.sweep("timers", NOW) == 1
    assert outbox.sweep("timers", NOW) == 0
    assert handled == [{"id": 7}]


@pytest.mark.django_db
def test_the_same_fact_twice_is_one_row(handled: list[Any]) -> None:
    publish("same")
    publish("same")
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_a_topic_nobody_follows_costs_nothing(handled: list[Any]) -> None:
    outbox.publish("unheard", {}, key="1", now=NOW)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_caller_leaves_no_row(handled: list[Any]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        publish()
        raise RuntimeError
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_nothing_is_done_before_it_is_due(handled: list[Any]) -> None:
    outbox.publish("probe", {}, key="1", now=NOW, due_at=SOON)
    assert outbox.sweep("timers", SOON - timedelta(seconds=1)) == 0
    assert outbox.sweep("timers", SOON) == 1


@pytest.mark.django_db(transaction=True)
def test_a_failed_handler_leaves_no_effect_and_backs_off(handled: list[Any]) -> None:
    publish(fails=True)
    outbox.sweep("timers", NOW)
    row = OutboxMessage.objects.get()
    assert not City.objects.exists()
    assert (row.done_at, row.attempts, row.due_at) == (None, 1, NOW + outbox.backoff(1))
    assert "poison" in row.last_error


@pytest.mark.django_db(transaction=True)
def test_a_poisoned_row_is_set_aside_and_can_be_tried_again(handled: list[Any], settings: Any) -> None:
    settings.OUTBOX_MAX_ATTEMPTS = 3
    publish(fails=True)
    now = NOW
    for _ in range(5):
        outbox.sweep("timers", now)
        now += timedelta(hours=2)
    row = OutboxMessage.objects.get()
    assert (row.attempts, row.done_at) == (3, None)
    assert row.set_aside_at is not None

    OutboxMessage.objects.update(payload={"id": 1})
    assert outbox.retry(row.pk, now)
    outbox.sweep("timers", now)
    assert handled == [{"id": 1}]
    assert not outbox.retry(row.pk, now)


@pytest.mark.django_db
def test_one_poisoned_row_does_not_hold_the_others(handled: list[Any]) -> None:
    publish("bad", fails=True)
    publish("good", id=2)
    outbox.sweep("timers", NOW)
    assert handled == [{"id": 2}]


@pytest.mark.django_db(transaction=True)
def test_a_lease_keeps_others_away_until_it_ends(handled: list[Any], settings: Any) -> None:
    publish(id=1)
    (lost,) = outbox.claim("timers", NOW)
    assert outbox.claim("timers", NOW) == []
    later = NOW + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    (mine,) = outbox.claim("timers", later)

    assert not outbox.run(lost, later), "whoever lost the lease must not act"
    assert outbox.run(mine, later)
    assert handled == [{"id": 1}]


@pytest.mark.django_db
def test_a_claim_takes_the_oldest_first_in_one_statement(handled: list[Any], django_assert_num_queries: Any) -> None:
    for key, ago in (("late", 1), ("early", 3), ("latest", 0)):
        outbox.publish("probe", {}, key=key, now=NOW, due_at=NOW - timedelta(minutes=ago))
    with django_assert_num_queries(1):
        rows = outbox.claim("timers", NOW, 2)
    assert [row.key.split(":")[1] for row in rows] == ["early", "late"]
    stored = OutboxMessage.objects.get(pk=rows[0].pk)
    assert stored.lease_token is not None
    assert [(row.lease_token, row.attempts, row.payload) for row in rows] == [(stored.lease_token, 1, {})] * 2
    assert [row.key.split(":")[1] for row in outbox.claim("timers", NOW, 2)] == ["latest"]


@pytest.mark.django_db
def test_a_sweep_leaves_a_heartbeat(handled: list[Any]) -> None:
    outbox.sweep("matching", NOW)
    assert Heartbeat.objects.get(name="sweep-matching").beat_at == NOW


@pytest.mark.django_db
def test_done_rows_are_purged_after_their_time(handled: list[Any]) -> None:
    publish(id=1)
    outbox.sweep("timers", NOW)
    publish("2", id=2)
    assert outbox.purge(NOW + timedelta(days=14), timedelta(days=14)) == 0
    assert outbox.purge(NOW + timedelta(days=15), timedelta(days=14)) == 1
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_does_not_reach_the_user(handled: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(queue: str) -> None:
        raise ConnectionError("broker away")

    monkeypatch.setattr(outbox, "_send_nudge", refuse)
    with transaction.atomic():
        publish(id=1)
    assert outbox.sweep("timers", NOW) == 1


def test_backoff_doubles_up_to_an_hour() -> None:
    assert [outbox.backoff(n).total_seconds() for n in (1, 2, 3, 20)] == [10, 20, 40, 3600]


@pytest.mark.django_db(transaction=True)
def test_the_time_limit_ends_the_sweep_and_the_row_comes_back(
    handled: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(payload: Mapping[str, Any], now: object) -> None:
        raise SoftTimeLimitExceeded

    publish(id=1)
    name = OutboxMessage.objects.get().subscriber
    real = outbox._subscribers[name]
    monkeypatch.setitem(outbox._subscribers, name, replace(real, handle=endless))
    with pytest.raises(SoftTimeLimitExceeded):
        outbox.sweep("timers", NOW)
    monkeypatch.setitem(outbox._subscribers, name, real)
    outbox.sweep("timers", NOW + outbox.backoff(1))
    assert handled == [{"id": 1}]
