"""The reserve bench: people who stand by in a city for some hours, asked first when somebody is missing.

The evening before, the day's bench is counted (`orders.bench`) and people are invited who could take most of the places
that begin in those hours, and who are free for the whole time by every rule. Standing by is taken time for any other
matching (`orders.pool_reader`), but not for a call: whoever is booked while standing by has been called.

The count is kept: when bookings or orders of a day change, it is made again some minutes later, once for all changes
of that time; when somebody who was counted on is called, booked elsewhere or says no before the hours begin, the next
is invited at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import psycopg2.errors
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from orders import bench, snapshot, ways
from orders.bench import Span
from orders.matching import Candidate, Need, Ranked, Weights, reasons_against, score_of
from orders.models import Assignment, BenchPlace, BenchShift, OrderPolicy, Position, Shift
from orders.needs import ceil_minute, floor_minute
from orders.pool import candidate, gone_from, needs_of, on_shift, weights_in_force
from orders.services import bookings, lessons, locks, matching
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, BenchStatus, OrderStatus, PositionStatus
from orders.timetable import HOUSE
from staffing.core import audit, outbox
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict
from staffing.core.models import City
from staffing.core.money import for_minutes
from staffing.core.transitions import change

# What would be promised to nobody is not counted.
PROMISED = (PositionStatus.PROPOSED, PositionStatus.OFFERED, PositionStatus.FILLED)
# Who was called before the hours began stands by no longer.
HELD = (BenchStatus.INVITED, BenchStatus.STANDING_BY)
PLAN = "bench.plan"
# Of the shifts that begin in some hours, the largest say whom to ask; the others ask for much the same.
LOOKED_AT = 12


def schedule(work: Assignment, now: datetime) -> None:
    """Have the bench of the booking's city and day counted, the evening before; and again if that is over."""
    recount(work.position.shift.order.city_id, {work.start_at.astimezone(HOUSE).date()}, now)


def schedule_order(order_id: int, now: datetime) -> None:
    """An order has changed, or was called off: the bench of its days is counted again."""
    shifts = Shift.objects.filter(order=order_id, start_at__gt=now).select_related("order")
    days: dict[int, set[date]] = {}
    for shift in shifts:
        days.setdefault(shift.order.city_id, set()).add(shift.start_at.astimezone(HOUSE).date())
    for city_id, found in days.items():
        recount(city_id, found, now)


def recount(city_id: int, days: Collection[date], now: datetime) -> None:
    """Have days counted in a city: the evening before, once; after that with the other changes of the same minutes."""
    policy = OrderPolicy.current()
    for day in sorted(days):
        evening = datetime.combine(day - timedelta(days=1), time(policy.bench_plan_hour), HOUSE)
        if now < datetime.combine(day + timedelta(days=1), time(), HOUSE):
            _count_at(city_id, day, "", max(evening, now), now)
        if evening <= now:
            due = bench.next_count(now, policy.bench_recount_minutes)
            _count_at(city_id, day, f":{due.timestamp():.0f}", due, now)


def _count_at(city_id: int, day: date, mark: str, due: datetime, now: datetime) -> None:
    payload = {"city": city_id, "day": day.isoformat()}
    outbox.publish(PLAN, payload, key=f"{city_id}:{day}{mark}", now=now, due_at=due)


def _refill(place: BenchPlace, now: datetime) -> None:
    """Somebody who was counted on is gone: if the hours have not begun, the next is invited."""
    if now < place.start_at:
        _count_at(place.shift.city_id, place.start_at.astimezone(HOUSE).date(), f":after:{place.pk}", now, now)


@transaction.atomic
def plan(city_id: int, day: date, now: datetime) -> list[BenchShift]:
    """Count what a day wants in a city, and invite for what has not begun. Repeating it invites nobody twice."""
    locks.matching()
    policy, city = OrderPolicy.current(), City.objects.get(pk=city_id)
    share = _share(policy, now)
    found = []
    for span in bench.spans_of(day, policy.bench_hours):
        places, extra = _places(city, span), lessons.standing_by(_wanted_places(city, span))
        known = BenchShift.objects.filter(city=city, start_at=span.start).first()
        if span.start <= now or not (places or known):
            continue
        shift = known or BenchShift(city=city, start_at=span.start, end_at=span.end)
        cover = policy.bench_cover_percent / 100
        shift.wanted, shift.positions, shift.loss = bench.wanted(places, share, cover) + extra, places, share
        shift.planned_at = now
        shift.save()
        if not invite(shift, now):
            _uninvite_surplus(shift, now)
        found.append(shift)
    return found


def _uninvite_surplus(shift: BenchShift, now: datetime) -> None:
    """Fewer are wanted than were: invitations that wait are taken back, the latest first. Who has said yes stays."""
    held = shift.places.filter(status__in=HELD)
    surplus = held.count() - shift.wanted
    if surplus > 0:
        waiting = list(held.filter(status=BenchStatus.INVITED).order_by("-pk")[:surplus])
        locks.workers(place.worker_id for place in waiting)
        for place in held.filter(pk__in=[place.pk for place in waiting]):
            _let_go(place, now)


def _let_go(place: BenchPlace, now: datetime) -> None:
    if place.status == BenchStatus.INVITED:
        place.ended_at = now
        change(place, "expire", by=SYSTEM, now=now, also=["ended_at"])


def _share(policy: OrderPolicy, now: datetime) -> float:
    """What share of places was lost of late: no-shows and cancellations at the last moment; an agency that assumes none
    wants no bench."""
    if not policy.bench_loss_percent:
        return 0.0
    since, last = now - timedelta(days=policy.risk_history_days), timedelta(hours=policy.last_cancel_hours)
    called_off = Q(status=AssignmentStatus.CANCELLED, ended_at__gt=F("start_at") - last)
    lost = Q(status=AssignmentStatus.NO_SHOW) | called_off
    said = Q(status=AssignmentStatus.COMPLETED) | lost
    rows = Assignment.objects.filter(start_at__gte=since, start_at__lt=now)
    counts = rows.aggregate(all=Count("pk", filter=said), lost=Count("pk", filter=lost))
    return bench.loss(
        counts["lost"],
        counts["all"],
        assumed_percent=policy.bench_loss_percent,
        weight=policy.bench_loss_weight,
    )


def _wanted_places(city: City, span: Span) -> Q:
    return Q(
        shift__order__city=city,
        shift__start_at__gte=span.start,
        shift__start_at__lt=span.end,
        shift__headcount__gt=0,
        status__in=PROMISED,
    )


def _places(city: City, span: Span) -> int:
    ended = (OrderStatus.CANCELLED, OrderStatus.COMPLETED)
    return Position.objects.filter(_wanted_places(city, span)).exclude(shift__order__status__in=ended).count()


def span_of(row: BenchShift | BenchPlace) -> Span:
    """When it is."""
    return Span(row.start_at, row.end_at)


def invite(shift: BenchShift, now: datetime) -> int:
    """Ask as many as are missing, the most useful first; how many were asked. The matching lock must be held."""
    asked = dict(shift.places.values_list("worker_id", "status"))
    missing = shift.wanted - sum(status in HELD for status in asked.values())
    if missing <= 0 or now >= shift.start_at:
        return 0
    chosen = _useful(shift, asked, now, missing)
    for worker_id in chosen:
        _ask(shift, worker_id, now)
    return len(chosen)


def _ask(shift: BenchShift, worker_id: int, now: datetime) -> None:
    policy = OrderPolicy.current()
    until = min(now + timedelta(minutes=policy.bench_answer_minutes), shift.start_at)
    place = BenchPlace.objects.create(
        shift=shift,
        worker_id=worker_id,
        start_at=shift.start_at,
        end_at=shift.end_at,
        invited_at=now,
        answer_by=until,
        pay_rate=policy.bench_pay_rate,
    )
    event = audit.record(place, "invite", by=SYSTEM, now=now, to_state=place.status)
    outbox.publish("benchplace.invite", {"id": place.pk}, key=str(event.pk), now=now)
    outbox.publish("benchplace.expiry", {"id": place.pk}, key=str(place.pk), now=now, due_at=until)


def _useful(shift: BenchShift, asked: Mapping[int, str], now: datetime, most: int) -> list[int]:
    """Who is free all the time and, together with those who stand by already, suits as many of the places that begin
    in these hours as can be (`orders.bench.chosen`)."""
    weights, jobs = weights_in_force(), list[bench.Job]()
    held = [_called(who) for who in _people((pk for pk, state in asked.items() if state in HELD), now)]
    for one, need, verdict in _verdicts(shift, now, weights):
        scores = {entry.worker_id: entry.score for entry in verdict if entry.taken_by is None}
        served = sum(not reasons_against(need, who, weights=weights) for who in held)
        jobs.append(bench.Job(one.headcount, served, scores))
    need = _standing(shift)
    able = {worker for job in jobs for worker in job.scores}.difference(asked)
    return bench.chosen(jobs, {who.id for who in _people(able, now) if _may_stand(need, who, weights)}, most)


def _people(ids: Iterable[int], now: datetime) -> Collection[Candidate]:
    return snapshot.candidates(ids, now, snapshot.available(now)).values()


def _verdicts(shift: BenchShift, now: datetime, weights: Weights) -> Iterable[tuple[Shift, Need, Sequence[Ranked]]]:
    rows = Position.objects.filter(_wanted_places(shift.city, span_of(shift)))
    largest = Shift.objects.filter(pk__in=rows.values("shift")).order_by("-headcount", "pk")[:LOOKED_AT]
    for one in largest.select_related("order__client", "order__site", "order__city"):
        need = needs_of(one.order, [one], weights=weights)[0]
        gone = gone_from([one.pk]).get(one.pk, frozenset())
        seat = matching.Seat(need, gone, on_shift(one.pk, but=0), None)
        yield one, need, matching.next_for(seat, now, weights)[0].ranked


def _standing(shift: BenchShift | BenchPlace) -> Need:
    """Standing by as the rules read a shift: only time, hours and rest are asked; the place was asked by the shifts."""
    start, end = floor_minute(shift.start_at), ceil_minute(shift.end_at)
    return Need(shift_id=0, order_id=0, client_id=0, start=start, end=end, headcount=1, city="", remote=True)


def _may_stand(need: Need, who: Candidate, weights: Weights) -> bool:
    return not reasons_against(need, replace(who, remote_ok=True), weights=weights)


@transaction.atomic
def accept(place_id: int, *, by: Actor, now: datetime) -> BenchPlace:
    """Stand by. Repeating it changes nothing. Raises `Conflict` if the invitation has passed or the time is taken."""
    place = _locked(place_id)
    if place.status in (BenchStatus.STANDING_BY, BenchStatus.CALLED):
        return place
    if place.status != BenchStatus.INVITED or now >= place.answer_by:
        raise Conflict("bench_gone", _("这次候补邀请已过答复时限，谢谢您愿意帮忙。"))
    need, person = _standing(place), candidate(place.worker_id, place.start_at, place.end_at)
    against = reasons_against(need, replace(person, remote_ok=True), weights=weights_in_force())
    if any(reason.code not in bookings.OWN_WORD for reason in against):
        raise Conflict("double_booked", _("该时段您已有其他班次，或本周工时已满。"))
    place.answered_at = now
    try:
        with transaction.atomic():
            change(place, "accept", by=by, now=now, also=["answered_at"])
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg2.errors.ExclusionViolation):
            raise Conflict("double_booked", _("该时段您已在候补待命。")) from error
        raise
    outbox.publish("benchplace.end", {"id": place.pk}, key=str(place.pk), now=now, due_at=place.end_at)
    return place


@transaction.atomic
def decline(place_id: int, *, by: Actor, now: datetime) -> BenchPlace:
    """Say no, or no longer stand by; somebody else is invited. Repeating it changes nothing.

    Raises `Conflict` once called or over.
    """
    locks.matching()
    place = _locked(place_id)
    if place.status == BenchStatus.DECLINED:
        return place
    place.answered_at, place.ended_at = place.answered_at or now, now
    change(place, "decline", by=by, now=now, also=["answered_at", "ended_at"])
    invite(place.shift, now)
    return place


@transaction.atomic
def expire(place_id: int, now: datetime) -> bool:
    """Let an unanswered invitation go and ask the next. False if it was answered, or its time has not come."""
    locks.matching()
    place = _locked(place_id)
    if place.status != BenchStatus.INVITED or now < place.answer_by:
        return False
    _let_go(place, now)
    invite(place.shift, now)
    return True


@transaction.atomic
def release(place_id: int, *, by: Actor, now: datetime) -> BenchPlace:
    """A dispatcher needs somebody no longer; the time stood by until now is paid. Repeating it changes nothing."""
    place = _locked(place_id)
    if place.status != BenchStatus.RELEASED:
        _end(place, "release", by=by, now=now)
    return place


@transaction.atomic
def finish(place_id: int, now: datetime) -> bool:
    """The hours are over and nobody called: the allowance is earned. False if they were called, or it is too early."""
    place = _locked(place_id)
    if place.status != BenchStatus.STANDING_BY or now < place.end_at:
        return False
    _end(place, "finish", by=SYSTEM, now=now)
    return True


@transaction.atomic
def call(assignment_id: int, now: datetime) -> int:
    """Whoever is booked while they stand by has been called, and is no longer asked to stand by at those hours; how
    many bench places ended so (one query more). The next are invited for hours that have not begun."""
    work = Assignment.objects.select_related("worker").get(pk=assignment_id)
    locks.workers([work.worker_id])
    if work.status not in ACTIVE_ASSIGNMENT:
        return 0
    rest = timedelta(minutes=work.worker.min_rest_minutes)
    mine = BenchPlace.objects.filter(worker=work.worker_id, status__in=HELD).select_related("shift")
    near = mine.filter(start_at__lt=work.end_at + rest, end_at__gt=work.start_at - rest).order_by("start_at")
    standing = [place for place in near if place.status == BenchStatus.STANDING_BY and _meets(place, work)]
    for n, place in enumerate(standing):
        place.called_for = None if n else work
        _end(place, "call", by=SYSTEM, now=now, also=["called_for"])
        _refill(place, now)
    for place in near:
        if place.status == BenchStatus.INVITED:
            _let_go(place, now)
            _refill(place, now)
    return len(standing)


def _meets(place: BenchPlace, work: Assignment) -> bool:
    return place.start_at < work.end_at and place.end_at > work.start_at


def _end(place: BenchPlace, action: str, *, by: Actor, now: datetime, also: Sequence[str] = ()) -> None:
    place.ended_at = now
    minutes = bench.stood(span_of(place), now) // timedelta(minutes=1)
    place.amount = for_minutes(place.pay_rate, minutes)
    data = {"amount": str(place.amount)}
    change(place, action, by=by, now=now, data=data, also=["ended_at", "amount", *also])


def ready(place: Position, now: datetime, *, but: Collection[int] = (), again: Collection[int] = ()) -> list[Ranked]:
    """Who stands by at the hour of the place's shift (or now), in its city or for work at home anywhere, and may take
    it: whoever can be there soonest first, of those the best. `again` may be asked although they let an offer lapse."""
    order, shift, weights = place.shift.order, place.shift, weights_in_force()
    need = needs_of(order, [shift], not_before=now, weights=weights)[0]
    at = max(shift.start_at, now)
    rows = BenchPlace.objects.filter(status=BenchStatus.STANDING_BY, start_at__lte=at, end_at__gt=at)
    if not order.remote:
        rows = rows.filter(shift__city=order.city_id)
    ids = set(rows.values_list("worker_id", flat=True)) - set(but)
    if not ids:
        return []
    gone = gone_from([shift.pk]).get(shift.pk, frozenset()).difference(again) | on_shift(shift.pk, but=place.pk)
    people = snapshot.candidates(ids - gone, now, snapshot.available(now)).values()
    free = [who for who in map(_called, people) if not reasons_against(need, who, weights=weights)]
    policy, found = OrderPolicy.current(), [Ranked(who.id, score_of(need, who, weights), ()) for who in free]
    late = ways.quarters_late(shift, free, policy, now)
    return sorted(found, key=lambda entry: (late[entry.worker_id], -entry.score, entry.worker_id))


def _called(who: Candidate) -> Candidate:
    """Without the hours that they stand by: these end with the call."""
    return replace(who, bookings=tuple(booking for booking in who.bookings if booking.order_id is not None))


def _locked(place_id: int) -> BenchPlace:
    """The place with its worker locked."""
    locks.workers([BenchPlace.objects.values_list("worker_id", flat=True).get(pk=place_id)])
    return BenchPlace.objects.select_related("shift__city", "worker__user").get(pk=place_id)
