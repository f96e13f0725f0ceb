"""State machines as tables: who may, what the state allows, and what is written with a change."""

import pytest
from django.db import transaction

from feedback.states import CASE
from orders.models import Order
from orders.states import ASSIGNMENT, OFFER, ORDER, POSITION, TIMESHEET, OrderStatus
from staffing.core.actors import SYSTEM, actor_of
from staffing.core.errors import Conflict, Forbidden
from staffing.core.models import AuditEvent, Role
from staffing.core.transitions import Table, allowed, change
from tests.fixtures.agency import NOW, Agency

TABLES = {
    "order": ORDER,
    "position": POSITION,
    "offer": OFFER,
    "assignment": ASSIGNMENT,
    "timesheet": TIMESHEET,
    "case": CASE,
}
ACTORS = {*Role.values, "system", "link"}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_every_rule_names_known_roles(table: Table) -> None:
    assert all(rule.who and rule.who <= ACTORS for rule in table.values())


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_every_state_can_be_reached_from_the_first(table: Table) -> None:
    """The first state is the one no rule needs: the source of the table's first row."""
    first = str(next(iter(table))[0])
    reached, fresh = {first}, {first}
    while fresh:
        fresh = {str(rule.to) for (state, _), rule in table.items() if str(state) in fresh} - reached
        reached |= fresh
    assert reached == {str(state) for state, _ in table} | {rule.to for rule in table.values()}


def test_a_change_writes_status_audit_and_nothing_else(agency: Agency) -> None:
    order = agency.draft()
    with transaction.atomic():
        change(order, "submit", by=agency.acting_client(order.client), now=NOW, reason="赶时间")
    event = AuditEvent.objects.get(action="submit")
    assert Order.objects.get().status == OrderStatus.SUBMITTED
    assert (event.from_state, event.to_state, event.reason) == ("draft", "submitted", "赶时间")
    assert (event.order_id, event.actor_role) == (order.pk, Role.CLIENT)


def test_the_state_forbids_before_the_role_does(agency: Agency) -> None:
    order = agency.draft()
    with transaction.atomic(), pytest.raises(Conflict):
        change(order, "complete", by=SYSTEM, now=NOW)


def test_the_role_may_not(agency: Agency) -> None:
    order, worker = agency.draft(), agency.worker()
    with transaction.atomic(), pytest.raises(Forbidden):
        change(order, "submit", by=actor_of(worker.user), now=NOW)
    assert not allowed(ORDER, order.status, "submit", actor_of(worker.user))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_refuses() -> None:
    order = Agency().draft()
    with pytest.raises(RuntimeError):
        change(order, "submit", by=SYSTEM, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_audit_cannot_be_changed_or_deleted() -> None:
    from django.db.utils import InternalError

    Agency().draft()
    for attack in (lambda: AuditEvent.objects.update(reason="x"), lambda: AuditEvent.objects.all().delete()):
        with pytest.raises(InternalError, match="Cannot"):
            attack()
