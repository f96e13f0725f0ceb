"""Background checks: one person for standard, two different ones for high trust, whatever two hands try at once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, DomainError, Forbidden, Invalid
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.papers import IDENTITY
from workers.models import BackgroundCheck, Clearance, Worker
from workers.paper_states import CheckStatus
from workers.services import checks
from workers.services.checks import Wanted

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), timedelta(days=1)
STANDARD, HIGH = Clearance.STANDARD.value, Clearance.HIGH.value


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def people(agency: Agency) -> tuple[Actor, Actor]:
    return actor_of(agency.dispatcher()), actor_of(agency.manager())


def asked(worker: Worker, level: int, by: Actor, days: int = 300) -> BackgroundCheck:
    return checks.request(worker.pk, Wanted(level, "无犯罪记录证明", TODAY + days * DAY), by=by, now=NOW)


def cleared(worker: Worker) -> tuple[int, object]:
    worker.refresh_from_db()
    return worker.clearance, worker.clearance_until


def test_one_person_passes_standard(worker, people):
    checks.approve(asked(worker, STANDARD, people[0]).pk, by=people[0], now=NOW)
    assert cleared(worker) == (STANDARD, TODAY + 300 * DAY)


def test_high_trust_needs_two(worker, people):
    row = asked(worker, HIGH, people[0])
    assert checks.approve(row.pk, by=people[0], now=NOW).status == CheckStatus.HALF
    assert cleared(worker) == (0, None)
    with pytest.raises(Forbidden) as refusal:
        checks.approve(row.pk, by=people[0], now=NOW)
    assert refusal.value.code == "same_person" and cleared(worker) == (0, None)
    assert checks.approve(row.pk, by=people[1], now=NOW).status == CheckStatus.PASSED
    assert cleared(worker) == (HIGH, TODAY + 300 * DAY)


def test_the_database_holds_it_as_well(worker, people):
    row = asked(worker, HIGH, people[0])
    rows, user = BackgroundCheck.objects.filter(pk=row.pk), people[0].user
    for wrong in ({"first_by": user, "second_by": user}, {"second_by": user}, {"status": "passed", "first_by": user}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_a_lower_check_counts_again_when_the_higher_is_over_or_revoked(worker, people):
    checks.approve(asked(worker, STANDARD, people[0], 300).pk, by=people[0], now=NOW)
    row = asked(worker, HIGH, people[0], 100)
    for by in people:
        checks.approve(row.pk, by=by, now=NOW)
    assert cleared(worker) == (HIGH, TODAY + 100 * DAY)
    assert checks.expire(NOW + 100 * DAY) == 0
    assert checks.expire(NOW + 101 * DAY) == 1 and checks.expire(NOW + 101 * DAY) == 0
    assert cleared(worker) == (STANDARD, TODAY + 300 * DAY)
    checks.revoke(worker.checks.get(level=STANDARD).pk, "材料不实", by=people[1], now=NOW + 102 * DAY)
    assert cleared(worker) == (0, None)
    assert sorted(worker.checks.values_list("status", flat=True)) == ["expired", "revoked"]


def test_refused_changes_nothing_and_stays(worker, people):
    checks.approve(asked(worker, STANDARD, people[0]).pk, by=people[0], now=NOW)
    row = checks.refuse(asked(worker, HIGH, people[0]).pk, "缺少证明", by=people[1], now=NOW)
    assert row.status == CheckStatus.REFUSED and cleared(worker)[0] == STANDARD
    assert asked(worker, HIGH, people[0]).status == CheckStatus.REQUESTED


def test_what_is_refused(worker, people):
    row = asked(worker, STANDARD, people[0])
    with pytest.raises(Conflict):
        asked(worker, HIGH, people[0])
    with pytest.raises(Conflict):
        checks.revoke(row.pk, "x", by=people[0], now=NOW)
    with pytest.raises(Conflict):
        checks.approve(row.pk, by=people[0], now=NOW + 301 * DAY)
    for reason in ("", f"身份证 {IDENTITY}"):
        with pytest.raises(Invalid):
            checks.refuse(row.pk, reason, by=people[0], now=NOW)
    other = Worker.objects.exclude(pk=worker.pk).first() or worker
    wrong = ((0, "x", TODAY), (1, " ", TODAY), (1, "x", TODAY - DAY), (1, "x", TODAY + 999 * DAY))
    for wanted in (Wanted(*each) for each in wrong):
        with pytest.raises(Invalid):
            checks.request(other.pk, wanted, by=people[0], now=NOW)


def both_at_once(row: BackgroundCheck, by: Actor) -> list[str]:
    """The same person approves twice in the same moment; what each attempt came to."""
    told: list[str] = []
    gate = threading.Barrier(2)

    def attempt() -> None:
        try:
            gate.wait(timeout=20)
            told.append(checks.approve(row.pk, by=by, now=NOW).status)
        except (DomainError, IntegrityError) as refusal:
            told.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(told)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_person_at_two_screens_is_one_person(agency, worker, people):
    row = asked(worker, HIGH, people[0])
    assert both_at_once(row, people[0]) == ["Forbidden", "half"]
    row.refresh_from_db()
    assert (row.status, row.second_by_id) == (CheckStatus.HALF, None) and cleared(worker) == (0, None)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_still_refuses(agency, worker, people, monkeypatch):
    """The negative control: both read "requested" and both write a first word; with a second word of the same person
    only the constraint is left, and it holds."""
    row = asked(worker, HIGH, people[0])
    monkeypatch.setattr(checks, "_locked", lambda pk: BackgroundCheck.objects.select_related("worker").get(pk=pk))
    gate = threading.Barrier(2)
    real = checks._first

    def slow(*args: Any) -> None:
        gate.wait(timeout=20)
        real(*args)

    monkeypatch.setattr(checks, "_first", slow)
    assert both_at_once(row, people[0]) == ["half", "half"]
    monkeypatch.setattr(checks, "_second", lambda found, by, now: _same_hand(found, by))
    with pytest.raises(IntegrityError), transaction.atomic():
        checks.approve(row.pk, by=people[0], now=NOW)
    assert cleared(worker) == (0, None)


def _same_hand(row: BackgroundCheck, by: Actor) -> None:
    row.status, row.second_by, row.second_at, row.decided_at = CheckStatus.PASSED, by.user, NOW, NOW
    row.save()
