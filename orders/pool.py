"""Turns rows into what the pure engine reads: needs and candidates."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import F, Q, Sum

from orders import needs
from orders.matching import AvailabilityException, Booking, Candidate, LatLng, Need, Weights, Window
from orders.matching.types import UNVERIFIED
from orders.matching.value import held_for_novices
from orders.models import Assignment, BenchPlace, MatchWeights, Offer, Order, Position, Shift
from orders.needs import Terms, Times, ceil_minute, floor_minute
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, BenchStatus, OfferStatus, PositionStatus
from staffing.core.bulk import among, together
from workers.models import PoolPolicy, Worker
from workers.selectors.pool import Attained, Profile, profile, profiles

# Who had the place and lost it is not asked for it again.
LOST = (AssignmentStatus.NO_SHOW, AssignmentStatus.CANCELLED, AssignmentStatus.RELEASED)

# A week either side of the shifts: rest and weekly hours look that far and no further.
MARGIN = timedelta(days=8)
# Where the work of a booking is done, as seen from its order.
ORDER_OF_BOOKING = ("pk", "remote", "site__latitude", "site__longitude")


def weights_in_force() -> Weights:
    """The newest saved weights; the engine's defaults if none were saved."""
    row = MatchWeights.objects.first()
    return Weights(version=row.version, **row.values) if row else Weights()


def booking(start: datetime, end: datetime, order_id: int | None, place: LatLng | None) -> Booking:
    """Time given away, in whole minutes."""
    return Booking(floor_minute(start), ceil_minute(end), order_id, place)


def needs_of(
    order: Order, shifts: Sequence[Shift], *, not_before: datetime | None = None, weights: Weights | None = None
) -> list[Need]:
    """One need a shift, in whole minutes; `weights` (those in force if not given) say how many novices are wanted.

    With `not_before`, a shift that has begun counts from then (a replacement comes late).
    """
    share = (weights or weights_in_force()).novice_percent
    begin = [max(shift.start_at, not_before) if not_before else shift.start_at for shift in shifts]
    times = [
        Times(shift.pk, order.pk, at, shift.end_at, shift.headcount) for at, shift in zip(begin, shifts, strict=True)
    ]
    plain = needs.read({order.pk: Terms.of(order)}, times)
    return [replace(need, novice_places=held_for_novices(need, share)) for need in plain.values()]


def candidates_for(start: datetime, end: datetime, now: datetime) -> list[Candidate]:
    """The whole pool with the bookings that matter around `[start, end)`; a fixed number of queries.

    Places proposed or offered elsewhere count as taken, so that two orders do not court the same person; so does
    standing by, from which only a call from the bench takes somebody.
    """
    policy = PoolPolicy.current()
    busy = _bookings(start - MARGIN, end + MARGIN)
    courted = _courted(start - MARGIN, end + MARGIN)
    standing = _standing_by(start - MARGIN, end + MARGIN)
    recent, taken = _recent_minutes(now, policy), (busy, courted, standing)
    return [
        _candidate(who, tuple(chain(*(of.get(who.id, ()) for of in taken))), recent.get(who.id, 0), policy)
        for who in profiles()
    ]


def courted_candidate(worker_id: int, now: datetime) -> Candidate | None:
    """One worker as a matching sees them: places proposed or offered elsewhere count as taken. None if unknown."""
    from orders import reach_sql

    return next(iter(reach_sql.candidates([worker_id], now)), None)


def candidate(worker_id: int, start: datetime, end: datetime, policy: PoolPolicy | None = None) -> Candidate:
    """One worker with real bookings only: what a booking is checked with, under the worker's lock. `policy`: the one
    in force, if it is at hand.
    """
    busy = _bookings(start - MARGIN, end + MARGIN, worker_id)
    return _candidate(profile(worker_id), tuple(busy.get(worker_id, ())), 0, policy or PoolPolicy.current())


def _bookings(start: datetime, end: datetime, worker_id: int | None = None) -> Mapping[int, list[Booking]]:
    own = Q(worker=worker_id) if worker_id is not None else Q()
    rows = Assignment.objects.filter(own, status__in=ACTIVE_ASSIGNMENT, start_at__lt=end, end_at__gt=start)
    order = (f"position__shift__order__{name}" for name in ORDER_OF_BOOKING)
    return _booked(rows.values_list("worker_id", "start_at", "end_at", *order))


def _courted(start: datetime, end: datetime) -> Mapping[int, list[Booking]]:
    rows = Position.objects.filter(
        status__in=(PositionStatus.PROPOSED, PositionStatus.OFFERED), shift__start_at__lt=end, shift__end_at__gt=start
    )
    order = (f"shift__order__{name}" for name in ORDER_OF_BOOKING)
    return _booked(rows.values_list("proposed_worker_id", "shift__start_at", "shift__end_at", *order))


def _standing_by(start: datetime, end: datetime) -> Mapping[int, list[Booking]]:
    rows = BenchPlace.objects.filter(status=BenchStatus.STANDING_BY, start_at__lt=end, end_at__gt=start)
    found: dict[int, list[Booking]] = defaultdict(list)
    for worker, begins, ends in rows.values_list("worker_id", "start_at", "end_at"):
        found[worker].append(booking(begins, ends, None, None))
    return found


def _booked(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, list[Booking]]:
    found: dict[int, list[Booking]] = defaultdict(list)
    for worker, begins, ends, order, remote, latitude, longitude in rows:
        place = None if remote or latitude is None else LatLng(latitude, longitude)
        found[worker].append(booking(begins, ends, order, place))
    return found


def _recent_minutes(now: datetime, policy: PoolPolicy) -> Mapping[int, int]:
    since = now - timedelta(days=policy.fairness_days)
    rows = (
        Assignment.objects.filter(status__in=ACTIVE_ASSIGNMENT, start_at__gte=since)
        .values("worker_id")
        .annotate(worked=Sum(F("end_at") - F("start_at")))
        .values_list("worker_id", "worked")
    )
    return {worker: int(worked.total_seconds() // 60) for worker, worked in rows}


def _candidate(who: Profile, bookings: tuple[Booking, ...], recent: int, policy: PoolPolicy) -> Candidate:
    place = None
    if who.latitude is not None and who.longitude is not None:
        place = LatLng(who.latitude, who.longitude)
    return Candidate(
        id=who.id,
        name=who.name,
        city=who.city,
        location=place,
        max_km=who.max_km,
        remote_ok=who.remote_ok,
        **_attained("skills", who.skills, policy),
        **_attained("languages", who.languages, policy),
        certificates=who.certificates,
        courses=who.courses,
        stars=who.stars,
        clearance=who.clearance,
        clearance_until=who.clearance_until,
        min_rest=timedelta(minutes=who.min_rest_minutes),
        weekly_cap=weekly_cap(who, policy),
        windows=tuple(Window(*window) for window in who.windows),
        exceptions=tuple(_exceptions(who)),
        bookings=bookings,
        reliability=who.reliability,
        recent_minutes=recent,
        services_done=who.services_done,
        active=who.active,
    )


def _attained(name: str, have: Mapping[str, Attained], policy: PoolPolicy) -> dict[str, Any]:
    """Levels and the last days of those that end."""
    until = {code: _until(attained, policy) for code, attained in have.items()}
    ends = {code: day for code, day in until.items() if day is not None}
    return {name: {code: attained.level for code, attained in have.items()}, f"{name}_until": ends}


def _until(attained: Attained, policy: PoolPolicy) -> date | None:
    own_word = attained.verified_on is None
    return UNVERIFIED if own_word and not policy.self_declared_counts else attained.until


def _exceptions(who: Profile) -> Iterator[AvailabilityException]:
    """Time off grows to whole minutes, extra time shrinks to them: nobody is assumed there for a part of a minute."""
    for kind, start, end in who.exceptions:
        if kind == "off":
            yield AvailabilityException("off", floor_minute(start), ceil_minute(end))
        elif ceil_minute(start) < floor_minute(end):
            yield AvailabilityException("extra", ceil_minute(start), floor_minute(end))


def weekly_cap(worker: Worker | Profile, policy: PoolPolicy) -> timedelta | None:
    """The worker's own cap, or the contract's: 非全日制 has one, 劳务 has none (B4)."""
    if worker.weekly_cap_minutes is not None:
        return timedelta(minutes=worker.weekly_cap_minutes)
    if worker.contract == Worker.Contract.PART_TIME:
        return timedelta(minutes=policy.part_time_week_minutes)
    return None


def gone_from(shift_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """By shift: workers who said no, let an offer expire, cancelled or did not show; they are not asked again."""
    ids = list(shift_ids)
    refusals = (OfferStatus.DECLINED, OfferStatus.EXPIRED)
    mine, columns = among("position__shift_id", ids), ("position__shift_id", "worker_id")
    rows = together(
        (Offer.objects.filter(mine, status__in=refusals), columns),
        (Assignment.objects.filter(mine, status__in=LOST), columns),
    )
    found: dict[int, set[int]] = defaultdict(set)
    for shift, worker in chain(*rows):
        found[shift].add(worker)
    return {shift: frozenset(workers) for shift, workers in found.items()}


def lapsed_on(shift_id: int, before: datetime) -> frozenset[int]:
    """Workers who let their offers for a shift lapse before a moment, and never said no to it or lost it: silence is
    no refusal, so they may be asked once more."""
    offers = Offer.objects.filter(position__shift=shift_id)
    lost = Assignment.objects.filter(position__shift=shift_id, status__in=LOST).values("worker")
    recent = offers.filter(status=OfferStatus.EXPIRED, expires_at__gte=before).values("worker")
    refused = offers.filter(status=OfferStatus.DECLINED).values("worker")
    silent = offers.filter(status=OfferStatus.EXPIRED).exclude(worker__in=lost.union(recent, refused))
    return frozenset(silent.values_list("worker_id", flat=True))


def on_shift(shift_id: int, *, but: int) -> frozenset[int]:
    """Workers proposed, offered or booked on other positions of the shift than `but`."""
    taken = Q(status__in=(PositionStatus.PROPOSED, PositionStatus.OFFERED))
    courted = Position.objects.filter(taken, shift=shift_id).exclude(pk=but)
    booked = Assignment.objects.filter(position__shift=shift_id, status__in=ACTIVE_ASSIGNMENT).exclude(position=but)
    rows = together((courted, ["proposed_worker_id"]), (booked, ["worker_id"]))
    return frozenset(worker for (worker,) in chain(*rows))
