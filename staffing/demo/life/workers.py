"""Workers answer offers, come and go."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from orders.models import Assignment, BenchPlace, Offer, OrderPolicy, Site
from orders.services import attendance, bench, offers, site_codes, turning_up
from orders.services.attendance import Fix
from orders.states import AssignmentStatus, BenchStatus, OfferStatus
from staffing.core.actors import actor_of
from staffing.core.errors import DomainError
from staffing.demo import logins
from staffing.demo.life.cast import STORY_PREFIX, Act, dice, within

ACCEPTED, ANSWERED, NO_SHOW_SHARE = 0.9, 0.97, 0.012
SILENT_SHARE, SAYS_SO, STANDS_BY = 0.02, 0.8, 0.85
EARLIEST = timedelta(minutes=20)


def planned(to: datetime) -> Iterator[Act]:
    """What workers have in mind up to `to`."""
    yield from _answers()
    yield from _words(to)
    yield from _on_the_way(to)
    yield from _bench()
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


def _words(to: datetime) -> Iterator[Act]:
    """Nearly all confirm in the day before their shift; the visitor's word is taken at the last moment."""
    policy = OrderPolicy.current()
    opens, closes = timedelta(hours=policy.confirm_from_hours), timedelta(hours=policy.confirm_until_hours)
    silent = Assignment.objects.filter(
        status=AssignmentStatus.BOOKED, confirmed_at__isnull=True, start_at__gt=to - opens, start_at__lte=to + opens
    )
    for work in silent.exclude(worker__user__phone__startswith=STORY_PREFIX).select_related("worker__user"):
        last = work.start_at - closes - timedelta(minutes=1)
        if work.worker.user.phone == logins.WORKER.phone:
            yield Act(last, "confirm_coming", work.pk)
        elif dice("silent", work.pk).random() >= SILENT_SHARE:
            asked = max(work.start_at - opens, work.booked_at)
            yield Act(min(last, within("coming", work.pk, asked, 5, 900)), "confirm_coming", work.pk)


def _on_the_way(to: datetime) -> Iterator[Act]:
    leaving = Assignment.objects.filter(
        status=AssignmentStatus.BOOKED,
        departed_at__isnull=True,
        start_at__gt=to,
        start_at__lte=to + EARLIEST * 4,
        position__shift__order__remote=False,
    )
    for work in leaving.exclude(worker__user__phone__startswith=STORY_PREFIX).select_related("worker__user"):
        if work.worker.user.phone != logins.WORKER.phone and dice("leaves", work.pk).random() < SAYS_SO:
            yield Act(within("leaves-at", work.pk, work.start_at, -70, -40), "set_out", work.pk)


def _bench() -> Iterator[Act]:
    for place in BenchPlace.objects.filter(status=BenchStatus.INVITED).select_related("worker__user"):
        visitor = place.worker.user.phone == logins.WORKER.phone
        if not visitor and dice("bench", place.pk).random() < STANDS_BY:
            yield Act(within("bench-at", place.pk, place.invited_at, 5, 80), "stand_by", place.pk)


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


def confirm_coming(assignment_id: int, now: datetime) -> None:
    """Say that one comes."""
    try:
        turning_up.confirm(assignment_id, by=actor_of(_work(assignment_id).worker.user), now=now)
    except DomainError:
        return


def set_out(assignment_id: int, now: datetime) -> None:
    """Say that one is on the way."""
    try:
        turning_up.set_out(assignment_id, by=actor_of(_work(assignment_id).worker.user), now=now)
    except DomainError:
        return


def stand_by(place_id: int, now: datetime) -> None:
    """Be ready for others."""
    place = BenchPlace.objects.select_related("worker__user").get(pk=place_id)
    try:
        bench.accept(place_id, by=actor_of(place.worker.user), now=now)
    except DomainError:
        return


def check_in(assignment_id: int, now: datetime) -> None:
    """Arrive at the place."""
    work = _work(assignment_id)
    try:
        by, code = actor_of(work.worker.user), _code(work, now)
        attendance.check_in(assignment_id, by=by, now=now, fix=_here(work), code=code)
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


def _code(work: Assignment, now: datetime) -> str:
    """What the screen at the place shows, where the place asks for it."""
    site = work.position.shift.order.site
    return site_codes.shown(site, now) if site is not None and site.proof != Site.Proof.POSITION else ""


def _here(work: Assignment) -> Fix | None:
    order = work.position.shift.order
    if order.remote or order.site is None:
        return None
    random = dice("here", work.pk)
    north, east = random.uniform(-0.0008, 0.0008), random.uniform(-0.0008, 0.0008)
    return Fix(order.site.latitude + north, order.site.longitude + east, round(random.uniform(5, 40), 1))
