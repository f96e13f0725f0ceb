"""Shifts that change hands, and a strike in dispute: something for the shown worker and for the dispatcher's desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from orders import strikes
from orders.models import Assignment, OrderPolicy, SwapRequest
from orders.selectors import open_shifts
from orders.selectors.open_shifts import Offered
from orders.services import appeals, attendance, swaps, waves
from orders.states import AssignmentStatus
from staffing.core.actors import actor_of
from staffing.core.errors import DomainError
from staffing.core.models import User
from staffing.demo import logins
from workers.models import Worker
from workers.states import MATCHED

LOOKED = 40
NOTES = ("学校临时调课，这个班来不了，麻烦大家。", "家里有事，谁有空接一下？")
WORDS = "我 8:55 就到了，手机定位一直不准，前台小姐姐可以作证。"


def build(now: datetime) -> None:
    """Shifts that the shown worker may take, one that waits for a dispatcher, and an appeal."""
    visitor = Worker.objects.select_related("user").get(user__phone=logins.WORKER.phone)
    works = _ahead(visitor, now)
    offered = [Offered(work.position.shift, work.pay_rate) for work in works]
    fits = {card.shift.pk for card in open_shifts.judged(visitor, offered)[0]}
    suiting = [work for work in works if work.position.shift_id in fits]
    for work in suiting[:1]:
        _ask(work, NOTES[0], now)
    for work in suiting[1:2]:
        _called_off(work, now)
    _taken([work for work in works if work.position.shift_id not in fits], now)
    _appeal(now)


def _ahead(visitor: Worker, now: datetime) -> Sequence[Assignment]:
    """Bookings of others that may still be swapped, one a shift, the soonest first."""
    rows = Assignment.objects.filter(status=AssignmentStatus.BOOKED, start_at__gt=now + timedelta(hours=12))
    order = "position__shift__order"
    related = ("worker__user", f"{order}__client", f"{order}__site__city", f"{order}__city")
    found = rows.exclude(worker=visitor).select_related(*related).order_by("start_at", "id")[:LOOKED]
    return list({work.position.shift_id: work for work in found}.values())


def _ask(work: Assignment, note: str, now: datetime) -> SwapRequest:
    return swaps.ask(work.pk, by=actor_of(work.worker.user), now=now - timedelta(minutes=20), note=note)


def _called_off(work: Assignment, now: datetime) -> None:
    """Somebody cannot come: several are asked at once, and whoever is quicker may take the place by themselves."""
    attendance.cancel(work.pk, by=actor_of(work.worker.user), now=now - timedelta(minutes=3), reason="身体不适")
    by = actor_of(User.objects.get(phone=logins.DISPATCHER.phone))
    waves.start(work.position_id, by=by, now=now - timedelta(minutes=2))


def _taken(works: Sequence[Assignment], now: datetime) -> None:
    """The first for which somebody of the same city is free: they have said yes."""
    for work in works[:5]:
        swap = _ask(work, NOTES[1], now)
        people = Worker.objects.filter(city=work.position.shift.order.city, status__in=MATCHED)
        for worker in people.exclude(pk=work.worker_id).select_related("user").order_by("id")[:LOOKED]:
            try:
                swaps.take(swap.pk, by=actor_of(worker.user), now=now - timedelta(minutes=8))
            except DomainError:
                continue
            return


def _appeal(now: datetime) -> None:
    """The newest no-show, in dispute."""
    policy = OrderPolicy.current()
    recent = now - timedelta(days=policy.appeal_days - 1)
    rows = Assignment.objects.filter(strikes.made(policy), ended_at__gt=recent, ended_at__lt=now - timedelta(hours=2))
    work = rows.filter(status=AssignmentStatus.NO_SHOW).select_related("worker__user").order_by("-ended_at").first()
    if work is not None:
        appeals.file(work.pk, by=actor_of(work.worker.user), now=now - timedelta(hours=1), text=WORDS)
