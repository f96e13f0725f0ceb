"""Lists end by themselves; a conflict of interest keeps somebody away from a client, with its own reason."""

from datetime import timedelta

import pytest
from django.utils import translation

from orders.matching import reasons_against
from orders.matching_text import reason_text
from orders.models import Client, ConflictOfInterest, DoNotSend, TeamMember
from orders.pool import candidate, needs_of, weights_in_force
from orders.selectors import client_people
from orders.services import circle, conflicts
from orders.services.circle import Terms
from orders.services.conflicts import Declared
from staffing.core.actors import actor_of
from staffing.core.errors import Invalid
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from workers.models import PoolChange, Worker

DAY = timedelta(days=1)
TODAY = NOW.date()


def words_against(agency: Agency, client: Client, worker: Worker) -> list[str]:
    """Why the worker cannot have a shift of the client, in both languages."""
    order = agency.submitted(client)
    need = needs_of(order, list(order.shifts.all()))[0]
    found = reasons_against(need, candidate(worker.pk, need.start, need.end), weights=weights_in_force())
    told = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told += [reason_text(reason) for reason in found]
    return told


def test_a_declared_conflict_keeps_somebody_away_with_its_own_reason(agency: Agency) -> None:
    worker, client = agency.worker(), agency.client()
    by = actor_of(worker.user)
    row = conflicts.declare(worker, Declared(client.name, "related", "姐姐在采购部"), by=by, now=NOW)
    assert conflicts.declare(worker, Declared(client.name, "related"), by=by, now=NOW).pk == row.pk
    drain(NOW)
    listed = DoNotSend.objects.get(client=client, worker=worker)
    assert listed.kind == DoNotSend.Kind.CONFLICT
    assert words_against(agency, client, worker)[0] == "与该客户有利益冲突"
    assert PoolChange.objects.filter(kind="worker", row_id=worker.pk).exists()


def test_a_clients_wish_has_the_other_reason_and_outlives_the_conflict(agency: Agency) -> None:
    worker, client, desk = agency.worker(), agency.client(), actor_of(agency.dispatcher())
    row = conflicts.declare(worker, Declared(client.name, "employed"), by=desk, now=NOW)
    drain(NOW)
    circle.do_not_send(client, worker, reason="迟到", by=desk, now=NOW)
    conflicts.end(row.pk, by=desk, now=NOW, reason="已离职")
    conflicts.end(row.pk, by=desk, now=NOW, reason="已离职")
    assert [one.kind for one in DoNotSend.objects.filter(client=client, worker=worker)] == ["wish"]
    assert words_against(agency, client, worker)[0] == "客户要求不再派遣"
    circle.send_again(client, worker, by=desk, now=NOW)
    assert words_against(agency, client, worker) == []


def test_a_company_nobody_knows_waits_for_a_dispatcher(agency: Agency) -> None:
    worker, client, user = agency.worker(), agency.client(), agency.dispatcher()
    row = conflicts.declare(worker, Declared("云上贸易", "competitor"), by=actor_of(worker.user), now=NOW)
    drain(NOW)
    assert not DoNotSend.objects.exists()
    assert user.notifications.filter(kind="conflict.unknown").count() == 1
    conflicts.place(row.pk, client, by=actor_of(user), now=NOW)
    conflicts.place(row.pk, client, by=actor_of(user), now=NOW)
    assert DoNotSend.objects.filter(client=client, worker=worker).count() == 1


def test_it_is_not_the_clients_to_know(agency: Agency) -> None:
    worker, client = agency.worker(), agency.client()
    conflicts.declare(worker, Declared(client.name, "related"), by=actor_of(worker.user), now=NOW)
    drain(NOW)
    assert not client_people.known(client).exists()
    assert not client_people.listed(client, "not-again").exists()


def test_both_end_after_their_last_day(agency: Agency) -> None:
    worker, other, client = agency.worker(), agency.worker(), agency.client()
    desk = actor_of(agency.dispatcher())
    conflicts.declare(worker, Declared(client.name, "related", until=TODAY + DAY), by=desk, now=NOW)
    circle.add_to_team(client, other, by=desk, now=NOW, terms=Terms("熟悉流程", TODAY + DAY))
    drain(NOW)
    assert (DoNotSend.objects.count(), TeamMember.objects.get().added_by) == (1, desk.user)
    drain(NOW + DAY)
    assert (DoNotSend.objects.count(), TeamMember.objects.count()) == (1, 1)
    drain(NOW + 2 * DAY)
    assert (DoNotSend.objects.count(), TeamMember.objects.count()) == (0, 0)
    assert ConflictOfInterest.objects.get().ended_at is not None
    assert AuditEvent.objects.filter(action="remove", reason="有效期已过").count() == 2


def test_a_day_that_is_over_and_an_empty_reason_are_refused(agency: Agency) -> None:
    worker, client, desk = agency.worker(), agency.client(), actor_of(agency.dispatcher())
    with pytest.raises(Invalid):
        circle.add_to_team(client, worker, by=desk, now=NOW, terms=Terms("x", TODAY - DAY))
    with pytest.raises(Invalid):
        conflicts.declare(worker, Declared(" ", "related"), by=desk, now=NOW)
    row = conflicts.declare(worker, Declared("某公司", "related"), by=desk, now=NOW)
    with pytest.raises(Invalid):
        conflicts.end(row.pk, by=desk, now=NOW, reason=" ")
