"""Row locks in their one order: order first, then workers by id."""

from collections.abc import Iterable

from django.db import connection, transaction

from orders.models import Assignment, Offer, Order, Position, Timesheet
from workers.models import Worker

# Any number will do; it only has to be the same for everyone who matches.
MATCHING_LOCK = 7_120_401


def order(order_id: int) -> Order:
    """Lock the order; everything below it is then ours."""
    return (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("client", "site", "city")
        .get(pk=order_id)
    )


def workers(ids: Iterable[int]) -> None:
    """Lock workers so that nobody else books them meanwhile. In id order, so that two lockers cannot cross."""
    list(Worker.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk").values_list("pk"))


def matching() -> None:
    """One matching at a time chooses people, until the end of the transaction (safe behind a pooler)."""
    assert transaction.get_connection().in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MATCHING_LOCK])


def position(position_id: int) -> Position:
    """The position with its order locked."""
    order_id = Position.objects.values_list("shift__order_id", flat=True).get(pk=position_id)
    locked = order(order_id)
    found = Position.objects.select_related("shift", "proposed_worker__user", "backup_worker").get(pk=position_id)
    found.shift.order = locked
    return found


def offer(offer_id: int) -> Offer:
    """The offer and its position, with their order locked."""
    place = position(Offer.objects.values_list("position_id", flat=True).get(pk=offer_id))
    found = Offer.objects.select_related("worker__user").get(pk=offer_id)
    found.position = place
    return found


def assignment(assignment_id: int) -> Assignment:
    """The assignment and its position, with their order locked."""
    place = position(Assignment.objects.values_list("position_id", flat=True).get(pk=assignment_id))
    found = Assignment.objects.select_related("worker__user").get(pk=assignment_id)
    found.position = place
    return found


def timesheet(timesheet_id: int) -> Timesheet:
    """The timesheet and its assignment, with their order locked."""
    work = assignment(Timesheet.objects.values_list("assignment_id", flat=True).get(pk=timesheet_id))
    found = Timesheet.objects.get(pk=timesheet_id)
    found.assignment = work
    return found
