"""What of today needs a dispatcher now, place by place: nobody yet, at risk, late, not there, being replaced."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from orders import risk, risk_text, strikes, ways
from orders.models import Assignment, CallNote, Offer, OrderPolicy, Position
from orders.risk import Before, Signal, Watch
from orders.selectors.desk.figures import day_of
from orders.services import offers
from orders.services.proposing import CONFIRMED
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core import geo
from staffing.core.bulk import among

KINDS: Final = ("unconfirmed", "at_risk", "late", "no_show", "replacing")
WANTING: Final = (PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED)
# A shift of today may follow on work that began yesterday.
NEAR: Final = timedelta(hours=14)
ANSWERS: Final = (OfferStatus.DECLINED, OfferStatus.EXPIRED)
OF_A_ROW: Final = (
    "shift__order__client",
    "shift__order__site",
    "proposed_worker__user",
    "work__worker__user",
    "lost__worker__user",
    "seeking",
)


@dataclass(slots=True)
class Progress:
    """A running search: its wave (0: one after the other), who is asked and who has answered no, and what comes next.

    `next_at`: when the next wave goes out; `until`: how long those asked may answer.
    """

    wave: int
    waiting: Sequence[str]
    refused: int
    next_at: datetime | None
    until: datetime | None

    @property
    def invited(self) -> int:
        """Who has been asked so far."""
        return len(self.waiting) + self.refused


@dataclass(slots=True)
class Row:
    """One place in trouble; `work`: who is booked and has not come, `lost`: who did not come."""

    place: Position
    work: Assignment | None
    lost: Assignment | None
    signals: Sequence[Signal]
    kinds: frozenset[str]
    findable: bool
    progress: Progress | None = None
    calls: Sequence[CallNote] = ()

    @property
    def weight(self) -> int:
        """How much speaks for trouble."""
        return risk.weight(self.signals)

    @property
    def name(self) -> str:
        """Whom the row is about."""
        who = self.work or self.lost
        return str(who.worker.user.name) if who else ""

    @property
    def words(self) -> list[str]:
        """The signals of risk."""
        return [risk_text.words(signal) for signal in self.signals]

    @property
    def running(self) -> bool:
        """Whether several are asked at once now."""
        return self.place.status == PositionStatus.OFFERED and self.place.wave > 0

    @property
    def confirmed(self) -> bool:
        """Whether people are asked for the order at all."""
        return self.place.shift.order.status in CONFIRMED


def places(now: datetime, policy: OrderPolicy) -> QuerySet[Any]:
    """Places of running shifts, of today's and of those so near that silence is a risk, of which somebody is wanted,
    awaited, or did not come (one query).
    """
    start, end = day_of(now)
    end = max(end, now + timedelta(hours=policy.confirm_until_hours))
    joined: QuerySet[Any] = Position.objects.annotate(
        work=FilteredRelation("assignments", condition=Q(assignments__status=AssignmentStatus.BOOKED)),
        lost=FilteredRelation("assignments", condition=Q(assignments__status=AssignmentStatus.NO_SHOW)),
        seeking=FilteredRelation(
            "replacements", condition=Q(replacements__found__isnull=True, replacements__failed_at__isnull=True)
        ),
    )
    today = Q(shift__start_at__lt=end, shift__end_at__gt=start, shift__headcount__gt=0)
    wanting = Q(status__in=WANTING, shift__end_at__gt=now)
    return (
        joined.filter(today, wanting | Q(work__isnull=False) | Q(lost__isnull=False))
        .exclude(shift__order__status__in=(OrderStatus.DRAFT, OrderStatus.CANCELLED))
        .select_related(*OF_A_ROW)
        .order_by("shift__start_at", "shift_id", "number", "lost__id")
    )


def rows(now: datetime, policy: OrderPolicy) -> list[Row]:
    """Everything that needs a look, the nearest start first, in a fixed number of queries."""
    found = list(places(now, policy))
    works = [work for place in found if (work := _work(place))]
    watched, scale = _watches([work for work in works if work.start_at > now], policy, now), ways.scale_of(policy)
    listed: list[Row] = []
    seen: set[int] = set()
    for place in found:
        work = _work(place)
        signals = risk.signals(watched[work.pk], now, scale) if work and work.pk in watched else []
        kinds = _kinds(place, work, risk.at_risk(signals, scale), now, first=place.pk not in seen)
        seen.add(place.pk)
        if kinds:
            listed.append(_row(place, work, signals, kinds, now, policy))
    return listed


def _work(place: Any) -> Assignment | None:
    """Who is booked; their place is at hand."""
    work: Assignment | None = getattr(place, "work", None)
    if work is not None:
        work.position = place
    return work


def _kinds(place: Any, work: Assignment | None, risky: bool, now: datetime, *, first: bool) -> frozenset[str]:
    """A place whose second no-show is told is counted once as what it is now."""
    told = {"no_show"} if getattr(place, "lost", None) else set()
    if not first:
        return frozenset(told)
    if place.status in WANTING and place.shift.end_at > now:
        told.add("unconfirmed")
        told |= {"replacing"} if getattr(place, "seeking", None) or place.wave else set()
    if work is not None:
        told |= {"late"} if work.start_at <= now else {"at_risk"} if risky else set()
    return frozenset(told)


def _row(
    place: Any,
    work: Assignment | None,
    signals: Sequence[Signal],
    kinds: frozenset[str],
    now: datetime,
    policy: OrderPolicy,
) -> Row:
    wanted = place.status in WANTING or work is not None
    may = place.shift.order.status in CONFIRMED and not offers.too_late(place, policy, now)
    running = place.status == PositionStatus.OFFERED and place.wave > 0
    return Row(place, work, getattr(place, "lost", None), signals, kinds, wanted and may and not running)


def of_kind(found: Iterable[Row], kind: str) -> list[Row]:
    """Only rows of this kind; those at risk with the heaviest first."""
    listed = [row for row in found if kind in row.kinds]
    return sorted(listed, key=lambda row: -row.weight) if kind == "at_risk" else listed


def counts(found: Iterable[Row]) -> dict[str, int]:
    """How many rows there are of each kind."""
    listed = list(found)
    return {kind: sum(kind in row.kinds for row in listed) for kind in KINDS}


def _watches(works: Sequence[Assignment], policy: OrderPolicy, now: datetime) -> Mapping[int, Watch]:
    """By assignment: what is known of somebody who is awaited (two queries)."""
    people = {work.worker_id for work in works}
    history = _history(people, policy, now) if works else {}
    others = _others(works) if works else {}
    window = timedelta(hours=policy.confirm_until_hours)
    return {
        work.pk: _watch(work, history.get(work.worker_id, (0, 0)), others[work.worker_id], window) for work in works
    }


def _watch(work: Assignment, history: tuple[int, int], others: Sequence[Assignment], window: timedelta) -> Watch:
    order, worker = work.position.shift.order, work.worker
    site = None if order.remote else order.site
    here = geo.Point(site.latitude, site.longitude) if site else None
    home = None
    if worker.latitude is not None and worker.longitude is not None:
        home = geo.Point(worker.latitude, worker.longitude)
    last = max((other for other in others if other.end_at <= work.start_at), key=lambda one: one.end_at, default=None)
    before = None if last is None else Before(last.end_at, _between(last, here))
    km = geo.distance_km(home, here) if home and here else None
    confirm_by = None if work.confirmed_at else work.start_at - window
    departed = work.departed_at is not None
    return Watch(work.start_at, order.remote, km, *history, before=before, confirm_by=confirm_by, departed=departed)


def _between(last: Assignment, here: geo.Point | None) -> float | None:
    order = last.position.shift.order
    if order.remote or order.site is None or here is None:
        return None
    km = geo.distance_km(geo.Point(order.site.latitude, order.site.longitude), here)
    return km if km > 0 else None


def _history(people: Iterable[int], policy: OrderPolicy, now: datetime) -> Mapping[int, tuple[int, int]]:
    """By worker: how often late, and how often missing or called off at the last moment without an excuse."""
    since, last = now - timedelta(days=policy.risk_history_days), timedelta(hours=policy.last_cancel_hours)
    past = Assignment.objects.filter(among("worker_id", people), start_at__gte=since, start_at__lt=now)
    late = Count("pk", filter=Q(timesheet__late_minutes__gt=0))
    called_off = Q(status=AssignmentStatus.CANCELLED, ended_at__gt=F("start_at") - last)
    missed = Count("pk", filter=(Q(status=AssignmentStatus.NO_SHOW) | called_off) & ~Q(strikes.excused()))
    found = past.values("worker_id").order_by().annotate(late=late, missed=missed)
    return {row["worker_id"]: (row["late"], row["missed"]) for row in found}


def _others(works: Sequence[Assignment]) -> Mapping[int, Sequence[Assignment]]:
    first, last = min(work.start_at for work in works), max(work.start_at for work in works)
    near = Assignment.objects.filter(
        among("worker_id", {work.worker_id for work in works}),
        status__in=ACTIVE_ASSIGNMENT,
        end_at__gt=first - NEAR,
        end_at__lte=last,
    )
    found: dict[int, list[Assignment]] = defaultdict(list)
    for work in near.select_related("position__shift__order__site"):
        found[work.worker_id].append(work)
    return found


def with_progress(shown: Sequence[Row], policy: OrderPolicy) -> Sequence[Row]:
    """The rows of one page with how far their searches are, and the calls that were made (two queries)."""
    told: dict[int, list[Offer]] = defaultdict(list)
    asked = Offer.objects.filter(among("position_id", {row.place.pk for row in shown}))
    for offer in asked.select_related("worker__user").order_by("wave", "id"):
        told[offer.position_id].append(offer)
    calls = _calls(row.work for row in shown)
    for row in shown:
        row.calls = calls.get(row.work.pk, ()) if row.work else ()
        if row.place.status in WANTING:
            row.progress = _progress(row.place, told[row.place.pk], policy)
    return shown


def _calls(works: Iterable[Assignment | None]) -> Mapping[int, Sequence[CallNote]]:
    ids = {work.pk for work in works if work}
    found: dict[int, list[CallNote]] = defaultdict(list)
    if ids:
        for one in CallNote.objects.filter(among("assignment_id", ids)).select_related("by"):
            found[one.assignment_id].append(one)
    return found


def _progress(place: Any, asked: Sequence[Offer], policy: OrderPolicy) -> Progress | None:
    seeking = getattr(place, "seeking", None)
    run = [offer for offer in asked if seeking is None or offer.sent_at >= seeking.started_at]
    waiting = [offer for offer in run if offer.status == OfferStatus.PENDING]
    refused = sum(offer.status in ANSWERS for offer in run)
    if not waiting and not refused and seeking is None:
        return None
    last = max((offer.sent_at for offer in waiting if place.wave and offer.wave == place.wave), default=None)
    return Progress(
        place.wave,
        [offer.worker.user.name for offer in waiting],
        refused,
        last + timedelta(minutes=policy.wave_minutes) if last else None,
        max((offer.expires_at for offer in waiting), default=None),
    )
