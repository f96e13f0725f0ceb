"""Work from home: what is checked before, and answering while one gets ready and at work. What is kept are spans, not
single signs of life."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, Heartbeat, Order, OrderPolicy, ServicePolicy
from orders.services import locks
from orders.states import AssignmentStatus, OrderStatus
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict

Gap = tuple[datetime, datetime]


@transaction.atomic
def pulse(assignment_id: int, now: datetime) -> bool:
    """A sign of life of a remote worker's page: the running span grows, or after a gap the next begins. False if they
    are neither at work nor about to be."""
    work = locks.assignment(assignment_id)
    if not work.position.shift.order.remote or not _expected(work, now):
        return False
    last = work.heartbeats.order_by("-until").first()
    if last is not None and now - last.until <= longest(ServicePolicy.current()):
        Heartbeat.objects.filter(pk=last.pk).update(until=max(last.until, now))
    else:
        Heartbeat.objects.create(assignment=work, since=now, until=now)
    return True


def _expected(work: Assignment, now: datetime) -> bool:
    """At work, or getting ready for it: the check-in is open."""
    early = timedelta(minutes=OrderPolicy.current().check_in_from_minutes)
    getting_ready = work.status == AssignmentStatus.BOOKED and work.start_at - early <= now < work.end_at
    return getting_ready or work.status == AssignmentStatus.CHECKED_IN


def longest(policy: ServicePolicy) -> timedelta:
    """How long nothing may be heard."""
    return timedelta(minutes=policy.pulse_gap_minutes)


def gaps(spans: Iterable[Gap], start: datetime, end: datetime, allowed: timedelta) -> Sequence[Gap]:
    """The times between `start` and `end` in which nothing was heard for longer than `allowed`; `spans` in order."""
    found, heard = [], start
    for since, until in [*spans, (end, end)]:
        if min(since, end) - heard > allowed:
            found.append((heard, min(since, end)))
        heard = max(heard, until)
    return found


def gaps_of(work: Assignment, policy: ServicePolicy, now: datetime) -> Sequence[Gap]:
    """When nothing was heard of a remote worker between check-in and check-out, or until now; of the planned shift."""
    if work.checked_in_at is None:
        return []
    spans = [(beat.since, beat.until) for beat in work.heartbeats.all()]
    start, end = max(work.checked_in_at, work.start_at), min(work.checked_out_at or now, work.end_at)
    return gaps(spans, start, end, longest(policy)) if end > start else []


@transaction.atomic
def set_list(order_id: int, text: str, *, by: Actor, now: datetime) -> Order:
    """Change what the people of an order from home check before they begin. The same again changes nothing.

    Raises `Conflict` for an order on site, or one that is over.
    """
    order = locks.order(order_id)
    if not order.remote or order.status in (OrderStatus.COMPLETED, OrderStatus.CANCELLED):
        raise Conflict("wrong_state", _("当前状态已改变，不能执行此操作。请刷新后查看。"))
    if order.readiness != text:
        before, order.readiness = order.readiness, text
        order.save(update_fields=["readiness"])
        audit.record(order, "set_checklist", by=by, now=now, data={"before": before})
    return order


def sweep(now: datetime) -> int:
    """Forget old spans; returns how many."""
    old = now - timedelta(days=ServicePolicy.current().pulse_retention_days)
    return Heartbeat.objects.filter(until__lt=old).delete()[0]
