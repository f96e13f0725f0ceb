"""Workers answer offers, come and go."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from orders.models import Assignment, Offer
from orders.services import attendance, offers
from orders.services.attendance import Fix
from orders.states import AssignmentStatus, OfferStatus
from staffing.core.actors import actor_of
from staffing.core.errors import DomainError
from staffing.demo import logins
from staffing.demo.life.cast import STORY_PREFIX, Act, dice, within

ACCEPTED, ANSWERED, NO_SHOW_SHARE = 0.9, 0.97, 0.012
EARLIEST = timedelta(minutes=20)


def planned(to: datetime) -> Iterator[Act]:
    """What workers have in mind up to `to`."""
    yield from _answers()
    yield from _arrivals(to)
    yield from _departures(to)


def _answers() -> Iterator[Act]:
    waiting = Offer.objects.filter(status=OfferStatus.PENDING).exclude(worker__user__phone__startswith=STORY_PREFIX)
    for offer in waiting.select_related("worker__user"):
        if offer.worker.user.phone == logins.WORKER.phone:
            # The visitor's to answer; at the last moment somebody has to.
            yield Act(offer.expires_at - timedelta(minutes=1), "accept", offer.pk)
            continue
        roll = dice("answer", offer.pk).random()
        if roll < ANSWERED:
            limit = (offer.expires_at - offer.sent_at) / timedelta(minutes=1)
            at = within("answer-at", offer.pk, offer.sent_at, 0.5, min(25, limit * 0.8))
            yield Act(at, "accept" if roll < ACCEPTED else "decline", offer.pk)


def _arrivals(to: datetime) -> Iterator[Act]:
    booked = Assignment.objects.filter(status=AssignmentStatus.BOOKED, start_at__lte=to + EARLIEST)
    for work in booked.exclude(worker__user__phone__startswith=STORY_PREFIX).select_related("worker__user"):
        shown = work.worker.user.phone == logins.WORKER.phone
        if dice("absent", work.pk).random() < NO_SHOW_SHARE and not shown and work.replaces_id is None:
            continue
        if work.start_at <= work.booked_at:
            yield Act(within("late", work.pk, work.booked_at, 15, 45), "check_in", work.pk)
        elif shown:
            yield Act(work.start_at - timedelta(minutes=1), "check_in", work.pk)
        else:
            yield Act(within("arrive", work.pk, work.start_at, -15, -2), "check_in", work.pk)


def _departures(to: datetime) -> Iterator[Act]:
    inside = Q(status=AssignmentStatus.CHECKED_IN, end_at__lte=to)
    for work in Assignment.objects.filter(inside).exclude(worker__user__phone__startswith=STORY_PREFIX):
        yield Act(within("leave", work.pk, work.end_at, 0, 8), "check_out", work.pk)


def accept(offer_id: int, now: datetime) -> None:
    """Say yes; who is no longer free has it taken back by the service."""
    offer = Offer.objects.select_related("worker__user").get(pk=offer_id)
    try:
        offers.accept(offer_id, by=actor_of(offer.worker.user), now=now)
    except DomainError:
        return


def decline(offer_id: int, now: datetime) -> None:
    """Say no."""
    offer = Offer.objects.select_related("worker__user").get(pk=offer_id)
    try:
        offers.decline(offer_id, by=actor_of(offer.worker.user), now=now, reason="时间冲突")
    except DomainError:
        return


def check_in(assignment_id: int, now: datetime) -> None:
    """Arrive at the place."""
    work = _work(assignment_id)
    try:
        attendance.check_in(assignment_id, by=actor_of(work.worker.user), now=now, fix=_here(work))
    except DomainError:
        return


def check_out(assignment_id: int, now: datetime) -> None:
    """Go home."""
    work = _work(assignment_id)
    try:
        attendance.check_out(assignment_id, by=actor_of(work.worker.user), now=now, fix=_here(work))
    except DomainError:
        return


def _work(assignment_id: int) -> Assignment:
    return Assignment.objects.select_related("worker__user", "position__shift__order__site").get(pk=assignment_id)


def _here(work: Assignment) -> Fix | None:
    order = work.position.shift.order
    if order.remote or order.site is None:
        return None
    random = dice("here", work.pk)
    north, east = random.uniform(-0.0008, 0.0008), random.uniform(-0.0008, 0.0008)
    return Fix(order.site.latitude + north, order.site.longitude + east, round(random.uniform(5, 40), 1))
