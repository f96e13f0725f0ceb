"""What came of a run, read from its rows."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db.models import Q

from orders.models import Assignment, Offer, OrderPolicy, Position, Replacement
from orders.states import AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.models import OutboxMessage
from staffing.demo.simulate import ledger
from staffing.demo.simulate.ledger import MINUTE, Reason, Stay
from staffing.demo.simulate.plan import Plan


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of positions, minutes by what they were, and times in minutes.

    `wanted`: positions of shifts in the period that were not closed. `promised`: those for which somebody had said yes
    when the shift began; `arrived`: of these, where somebody checked in before its end; `in_time`: within the grace of
    a no-show. `minutes` are those of the promised ones. `missed`: bookings by how they were lost. `found_minutes`:
    median from a loss to the next yes; `failed`: losses for which nobody was found.
    """

    wanted: int
    promised: int
    filled_late: int
    arrived: int
    in_time: int
    minutes: Mapping[Reason, int]
    bookings: int
    missed: Mapping[str, int]
    losses: int
    replaced: int
    failed: int
    found_minutes: float | None
    offers: int
    answers: Mapping[str, int]
    failures: int

    @property
    def covered(self) -> float:
        """Share of promised position-hours during which somebody was there."""
        whole = sum(self.minutes.values())
        return self.minutes["covered"] / whole if whole else 1.0

    @property
    def fill(self) -> float:
        """Share of wanted positions for which somebody had said yes when the shift began."""
        return self.promised / self.wanted if self.wanted else 1.0

    @property
    def offers_a_position(self) -> float:
        """Questions for each wanted position."""
        return self.offers / self.wanted if self.wanted else 0.0

    def as_dict(self) -> dict[str, object]:
        """Everything, for JSON."""
        shares = {"covered": self.covered, "fill": self.fill, "offers_a_position": self.offers_a_position}
        return asdict(self) | {name: round(value, 5) for name, value in shares.items()}


def of(plan: Plan) -> Report:
    """Read what happened on the shifts of the plan's days."""
    grace = timedelta(minutes=OrderPolicy.current().no_show_minutes)
    inside = Q(shift__start_at__gte=plan.begin, shift__start_at__lt=plan.end)
    wanted = list(Position.objects.filter(inside).exclude(status=PositionStatus.CLOSED).select_related("shift"))
    works = _works(inside)
    minutes: Counter[Reason] = Counter(dict.fromkeys(ledger.REASONS, 0))
    counts: Counter[str] = Counter()
    for place in wanted:
        stays, start, end = works[place.pk], place.shift.start_at, place.shift.end_at
        if not ledger.promised(stays, start):
            counts["filled_late"] += any(stay.came for stay in stays)
            continue
        counts["promised"] += 1
        first = min((stay.came for stay in stays if stay.came is not None), default=None)
        counts["arrived"] += first is not None and first < end
        counts["in_time"] += first is not None and first < start + grace
        minutes.update(ledger.account(stays, start, end))
    losses = list(Replacement.objects.filter(_within(inside)))
    return Report(
        len(wanted),
        counts["promised"],
        counts["filled_late"],
        counts["arrived"],
        counts["in_time"],
        dict(minutes),
        *_bookings(inside),
        len(losses),
        sum(loss.found_id is not None for loss in losses),
        sum(loss.failed_at is not None for loss in losses),
        _median([(loss.filled_at - loss.started_at) / MINUTE for loss in losses if loss.filled_at]),
        *_offers(inside),
        OutboxMessage.objects.exclude(last_error="").count(),
    )


def _within(inside: Q) -> Q:
    """The same condition for a row that belongs to a position."""
    return Q(position__in=Position.objects.filter(inside))


def _works(inside: Q) -> Mapping[int, list[Stay]]:
    found: dict[int, list[Stay]] = defaultdict(list)
    rows = Assignment.objects.filter(_within(inside)).order_by("booked_at", "pk")
    for pk, booked, *rest in rows.values_list(
        "position_id", "booked_at", "checked_in_at", "checked_out_at", "ended_at"
    ):
        found[pk].append(Stay(booked, *rest))
    return found


def _bookings(inside: Q) -> tuple[int, Mapping[str, int]]:
    found = Counter(Assignment.objects.filter(_within(inside)).values_list("status", flat=True))
    lost = (AssignmentStatus.NO_SHOW, AssignmentStatus.CANCELLED, AssignmentStatus.RELEASED)
    return found.total(), {status.value: found[status] for status in lost}


def _offers(inside: Q) -> tuple[int, Mapping[str, int]]:
    found = Counter(Offer.objects.filter(_within(inside)).values_list("status", flat=True))
    return found.total(), {status.value: found[status] for status in OfferStatus}


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 1) if values else None
