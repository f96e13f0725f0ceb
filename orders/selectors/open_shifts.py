"""Shifts that a worker may take by themselves: places nobody has, and shifts that colleagues would give away.

Every rule of matching is asked for each, over as many shifts as `LOOKED` at most; a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from orders import needs, openings
from orders.after_course import only_course
from orders.matching import Candidate, Need, ScorePart, Weights, reasons_against
from orders.matching.prepared import Index
from orders.matching.scoring import base_parts, continuity, total
from orders.matching_text import part_text
from orders.models import Assignment, Offer, Order, OrderPolicy, Shift, SwapRequest
from orders.needs import Terms, Times
from orders.pool import candidate, weights_in_force
from orders.selectors import swaps
from orders.selectors.worker import WHY_SHOWN, Pay, Place, Wages, pay_of, place_of
from orders.states import AssignmentStatus, OfferStatus
from workers.models import Course, PoolPolicy, RateCard, Worker
from workers.selectors import career, pool, training

# So many shifts are looked at, the soonest first.
LOOKED: Final = 120
LOST = (AssignmentStatus.NO_SHOW, AssignmentStatus.CANCELLED, AssignmentStatus.RELEASED)
ASKED = (OfferStatus.PENDING, OfferStatus.DECLINED, OfferStatus.EXPIRED)


@dataclass(frozen=True, slots=True)
class OpenCard:
    """One shift that may be taken: `places` nobody has, or a colleague's (`swap`); reads like an offer's card."""

    shift: Shift
    order: Order
    start: datetime
    end: datetime
    place: Place
    pay: Pay
    score: int
    why: tuple[str, ...]
    places: int
    seal: str
    swap: SwapRequest | None = None

    @property
    def why_words(self) -> str:
        """The reasons in one line."""
        return _("；").join(self.why)

    @property
    def length(self) -> timedelta:
        """Planned time."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Listing:
    """What may be taken, by start and points; `cut`: there are more shifts than were looked at; `lessons`: courses
    that would open more."""

    cards: Sequence[OpenCard]
    cut: bool
    lessons: Sequence["Lesson"] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """A course that would open so many shifts more, the first at `first`; `may_learn`: the worker can open it."""

    course: Course
    shifts: int
    first: datetime
    may_learn: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A shift as it was found: places free, CNY an hour, or the swap."""

    shift: Shift
    rate: Decimal
    places: int = 1
    swap: SwapRequest | None = None


def listing(worker: Worker, now: datetime) -> Listing:
    """Places that nobody has."""
    rows = list(_shifts(worker, now, OrderPolicy.current())[: LOOKED + 1])
    found = [Offered(row, row.pay_rate, row.places) for row in rows[:LOOKED] if row.pay_rate]  # type: ignore[attr-defined]
    made, shut = judged(worker, found)
    return Listing(made, len(rows) > LOOKED, lessons(worker, shut))


def of_colleagues(worker: Worker, now: datetime) -> Listing:
    """Shifts that colleagues would give away."""
    mine = swaps.answerable(worker, now).annotate(level=career.level_at(worker, "assignment__start_at"))
    rows = mine.annotate(pay_rate=_rate(swaps.BOOKING))
    taken = list(rows.order_by("assignment__start_at", "id")[: LOOKED + 1])
    found = [Offered(row.assignment.position.shift, row.pay_rate, swap=row) for row in taken[:LOOKED] if row.pay_rate]
    return Listing(judged(worker, found)[0], len(taken) > LOOKED)


def _shifts(worker: Worker, now: datetime, policy: OrderPolicy) -> QuerySet[Shift]:
    """Shifts with places to be had, but those the worker has been asked about or has lost; whoever has undone a claim
    may claim again."""
    free = openings.published(worker, now, policy)
    here = {"position__shift": OuterRef("pk"), "worker": worker}
    counted = free.filter(shift=OuterRef("pk")).order_by().values("shift").annotate(n=Count("pk")).values("n")
    return (
        Shift.objects.filter(Exists(free.filter(shift=OuterRef("pk"))))
        .exclude(Exists(Offer.objects.filter(**here, status__in=ASKED)))
        .exclude(Exists(Assignment.objects.filter(**here, status__in=LOST).exclude(claim__undone_at__isnull=False)))
        .select_related("order__client", "order__site__city", "order__city")
        .annotate(places=Subquery(counted), level=career.level_at(worker, "start_at"))
        .annotate(pay_rate=_rate("order"))
        .order_by("start_at", "id")
    )


def _rate(order: str) -> Subquery:
    """CNY an hour that the worker gets there by the `level` of that day; None where the rate card has a hole."""
    row = RateCard.objects.filter(
        tier=OuterRef(f"{order}__city__tier"), service_type=OuterRef(f"{order}__service_type"), level=OuterRef("level")
    )
    return Subquery(row.values("pay_rate")[:1])


def lessons(worker: Worker, shut: Mapping[str, Sequence[Shift]]) -> list[Lesson]:
    """Courses by code with the shifts that each would open, those that open most first; at most one query."""
    if not shut:
        return []
    may = Exists(training.visible(worker).filter(pk=OuterRef("pk")))
    rows = Course.objects.filter(code__in=shut, is_active=True).annotate(may_learn=may)
    found = [
        Lesson(row, len(shut[row.code]), min(shift.start_at for shift in shut[row.code]), row.may_learn) for row in rows
    ]
    return sorted(found, key=lambda lesson: (-lesson.shifts, lesson.course.pk))


def judged(worker: Worker, found: Sequence[Offered]) -> tuple[list[OpenCard], Mapping[str, Sequence[Shift]]]:
    """Those of the shifts against which no rule speaks; and by course those against which that course alone does."""
    if not found:
        return [], {}
    policy, weights = PoolPolicy.current(), weights_in_force()
    wanted = needs_of([each.shift for each in found])
    person = candidate(worker.pk, found[0].shift.start_at, max(each.shift.end_at for each in found), policy)
    wages = Wages(pool.uplift_policy(policy), pool.holiday_overrides())
    against = [reasons_against(wanted[each.shift.pk], person, weights=weights) for each in found]
    suits = [each for each, reasons in zip(found, against, strict=True) if not reasons]
    made = [_card(each, wanted[each.shift.pk], person, worker, wages, weights) for each in suits]
    shut: dict[str, list[Shift]] = defaultdict(list)
    for each, reasons in zip(found, against, strict=True):
        if course := only_course(reasons):
            shut[course].append(each.shift)
    return sorted(made, key=lambda card: (card.start, -card.score, card.shift.pk)), shut


def needs_of(shifts: Iterable[Shift]) -> dict[int, Need]:
    """What shifts of several orders ask for, by shift."""
    rows = list(shifts)
    times = [Times(row.pk, row.order_id, row.start_at, row.end_at, row.headcount) for row in rows]
    return needs.read({row.order_id: Terms.of(row.order) for row in rows}, times)


def _card(found: Offered, need: Need, person: Candidate, worker: Worker, wages: Wages, weights: Weights) -> OpenCard:
    shift, parts = found.shift, parts_of(need, person, weights)
    strongest = sorted((part for part in parts if part.points > 0), key=lambda part: -part.points)
    return OpenCard(
        shift=shift,
        order=shift.order,
        start=shift.start_at,
        end=shift.end_at,
        place=place_of(shift.order, worker),
        pay=pay_of(wages, shift.start_at, shift.end_at, found.rate),
        score=total(parts),
        why=tuple(part_text(part) for part in strongest[:WHY_SHOWN]),
        places=found.places,
        seal=openings.swap_seal(worker.pk, found.swap.pk) if found.swap else openings.seal(worker.pk, shift.pk),
        swap=found.swap,
    )


def parts_of(need: Need, person: Candidate, weights: Weights) -> tuple[ScorePart, ...]:
    """Points of one pair, aspect by aspect."""
    index = Index([need], [person], weights=weights)
    view, who = index.needs[0], index.people[person.id]
    return (*base_parts(view, who, weights), continuity(who.on_other_shift(view), weights))
