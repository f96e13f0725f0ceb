"""What a worker's pages show about offers and single shifts. All reads take a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote, urlencode

from django.db.models import Case, Count, F, Func, JSONField, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.matching.explain import part_from_dict
from orders.matching_text import part_text
from orders.models import Assignment, Offer, Order, OrderPolicy, Site
from orders.services import turning_up
from orders.states import ACTIVE_ASSIGNMENT, AssignmentStatus, OfferStatus
from staffing.core import geo
from staffing.core.holidays import Overrides, is_holiday
from staffing.core.models import Role, User
from staffing.core.money import ZERO
from staffing.core.templatetags import formats
from workers.models import PoolPolicy, Worker
from workers.pay.minutes import Span
from workers.pay.rates import Kind, Line, UpliftPolicy, price, total
from workers.selectors import pool

ORDER = "position__shift__order"
MINUTE = timedelta(minutes=1)
WHY_SHOWN = 3
Turn = Literal["wait", "in", "out", "over"]


class OwnRank(Func):
    """The entry of a run's ranking that is about the worker of the row; the rest stays in the database."""

    function = "jsonb_path_query_first"
    template = "%(function)s(%(expressions)s)"
    arg_joiner = ", '$[*] ? (@.worker == $worker)', "
    output_field = JSONField()


@dataclass(frozen=True, slots=True)
class Wages:
    """What is needed to price a shift for the worker."""

    policy: UpliftPolicy
    overrides: Overrides

    @classmethod
    def current(cls) -> "Wages":
        """The rules in force (two queries)."""
        return cls(pool.uplift_policy(PoolPolicy.current()), pool.holiday_overrides())

    def lines(self, start: datetime, end: datetime, rate: Decimal) -> tuple[Line, ...]:
        """Pay for `[start, end)` at `rate` CNY an hour, by uplift."""
        return price(Span(start, end), rate, self.policy, lambda day: is_holiday(day, self.overrides))


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay of one shift: CNY an hour, CNY in all, and the uplifts inside it in words."""

    rate: Decimal
    total: Decimal
    uplifts: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shift is: `km` from the worker's home (None: remote or unknown), `map_uri` for the phone's own
    map, `amap_uri` for AMap, which reads GCJ-02."""

    remote: bool
    name: str
    address: str
    km: float | None
    map_uri: str
    amap_uri: str = ""


@dataclass(frozen=True, slots=True)
class OfferCard:
    """One offer as the worker sees it."""

    offer: Offer
    order: Order
    start: datetime
    end: datetime
    place: Place
    pay: Pay
    why: tuple[str, ...]

    @property
    def why_words(self) -> str:
        """The reasons in one line."""
        return _("；").join(self.why)

    @property
    def length(self) -> timedelta:
        """Planned time."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class WorkCard:
    """One booking as the worker sees it; `turn` says which punch is due, `opens_at` from when one may check in, `say`
    what is to be said before (by `confirm_by` at best)."""

    work: Assignment
    order: Order
    place: Place
    pay: Pay
    turn: Turn
    opens_at: datetime
    early: bool
    steps: tuple[Mapping[str, str], ...]
    say: turning_up.Say = ""
    confirm_by: datetime | None = None

    @property
    def length(self) -> timedelta:
        """Planned time."""
        return self.work.end_at - self.work.start_at

    @property
    def cancellable(self) -> bool:
        """Whether the worker may still call off."""
        return self.work.status == AssignmentStatus.BOOKED


def with_order(rows: QuerySet[Offer]) -> QuerySet[Offer]:
    """Offers with all that a card reads, and the worker's entry in the ranking as `own_rank`."""
    rank = OwnRank(F("position__match__ranked"), JSONObject(worker="worker_id"))
    return rows.select_related(f"{ORDER}__client", f"{ORDER}__site__city", f"{ORDER}__city").annotate(own_rank=rank)


def pending(worker: Worker, now: datetime) -> QuerySet[Offer]:
    """Offers that wait for this worker's answer, the most urgent first."""
    return worker.offers.filter(status=OfferStatus.PENDING, expires_at__gt=now).order_by("expires_at", "id")


def offer_cards(worker: Worker, now: datetime, wages: Wages | None = None) -> list[OfferCard]:
    """The pending offers with pay, place and reasons; `wages`: those in force, if they are at hand."""
    wages = wages or Wages.current()
    return [offer_card(row, worker, wages, now) for row in with_order(pending(worker, now))]


def offer_card(offer: Offer, worker: Worker, wages: Wages, now: datetime) -> OfferCard:
    """One offer, counted as it would be booked now: a shift that has begun counts from this minute."""
    shift, order = offer.position.shift, offer.position.shift.order
    start = max(shift.start_at, min(now.replace(second=0, microsecond=0), shift.end_at))
    return OfferCard(
        offer=offer,
        order=order,
        start=start,
        end=shift.end_at,
        place=place_of(order, worker),
        pay=pay_of(wages, start, shift.end_at, offer.pay_rate),
        why=why(getattr(offer, "own_rank", None)),
    )


def why(entry: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The strongest score parts in words; empty where a person was chosen by hand."""
    parts = [part_from_dict(data) for data in (entry or {}).get("parts", ())]
    strongest = sorted((part for part in parts if part.points > 0), key=lambda part: -part.points)
    return tuple(part_text(part) for part in strongest[:WHY_SHOWN])


def pay_of(wages: Wages, start: datetime, end: datetime, rate: Decimal) -> Pay:
    """The estimate for `[start, end)`."""
    lines = wages.lines(start, end, rate)
    names = {Kind.NIGHT: _("夜班"), Kind.HOLIDAY: _("节假日")}
    raised = [f"{names[line.code]} +{line.percent:.0f}%" for line in lines if line.percent]
    return Pay(rate, total(lines) if lines else ZERO, _("、").join(raised))


def place_of(order: Order, worker: Worker) -> Place:
    """Where the order is served, seen from the worker's home."""
    site = order.site
    if order.remote or site is None:
        return Place(True, _("远程"), "", None, "")
    point = f"{site.latitude:.6f},{site.longitude:.6f}"
    phone_map = f"geo:{point}?q={point}({quote(site.name)})"
    return Place(False, site.name, site.address, _km(worker, order), phone_map, amap_uri(site))


def amap_uri(site: Site) -> str:
    """The place in AMap, in the app where there is one: its URI API takes longitude first, in GCJ-02."""
    there = geo.to_gcj02(geo.Point(site.latitude, site.longitude))
    asked = {"position": f"{there.longitude:.6f},{there.latitude:.6f}", "name": site.name, "coordinate": "gaode"}
    return f"https://uri.amap.com/marker?{urlencode(asked | {'callnative': '1'})}"


def _km(worker: Worker, order: Order) -> float | None:
    site = order.site
    if site is None or worker.latitude is None or worker.longitude is None:
        return None
    home = geo.Point(worker.latitude, worker.longitude)
    return geo.distance_km(home, geo.Point(site.latitude, site.longitude))


def work_rows(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Bookings with all that a card reads."""
    people = (f"{ORDER}__client", f"{ORDER}__site", f"{ORDER}__city", f"{ORDER}__created_by")
    return rows.select_related(*people, "offer", "timesheet")


def current_work(worker: Worker, now: datetime) -> Assignment | None:
    """What matters now: the running or next shift; else the one finished today (one query)."""
    ahead = Q(status=AssignmentStatus.CHECKED_IN) | Q(status=AssignmentStatus.BOOKED, end_at__gt=now)
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    finished = Q(status=AssignmentStatus.COMPLETED, end_at__gte=today, start_at__lte=now)
    next_start = Case(When(ahead, then=F("start_at")))
    rows = work_rows(worker.assignments.filter(ahead | finished))
    return rows.order_by(next_start.asc(nulls_last=True), "-start_at").first()


def missed_work(worker: Worker, now: datetime) -> Assignment | None:
    """A shift under way for which the worker was counted as absent."""
    rows = worker.assignments.filter(status=AssignmentStatus.NO_SHOW, end_at__gt=now)
    return rows.select_related(f"{ORDER}__client").order_by("start_at").first()


def shifts_today(now: datetime) -> Count:
    """How many shifts of today a worker has or had, to be read with the worker."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(assignments__start_at__gte=start, assignments__start_at__lt=start + timedelta(days=1))
    return Count("assignments", filter=today & Q(assignments__status__in=ACTIVE_ASSIGNMENT))


def work_card(
    work: Assignment, worker: Worker, now: datetime, wages: Wages | None = None, policy: OrderPolicy | None = None
) -> WorkCard:
    """One booking with its next step; `wages`, `policy`: those in force, if they are at hand."""
    order, policy = work.position.shift.order, policy or OrderPolicy.current()
    opens = work.start_at - timedelta(minutes=policy.check_in_from_minutes)
    return WorkCard(
        work=work,
        order=order,
        place=place_of(order, worker),
        pay=pay_of(wages or Wages.current(), *paid_span(work), work.pay_rate),
        turn=turn(work, opens, now),
        opens_at=opens,
        early=now < work.end_at,
        steps=tuple(steps(work, now)),
        say=turning_up.due_to_say(work, policy, now),
        confirm_by=work.start_at - timedelta(hours=policy.confirm_until_hours),
    )


def paid_span(work: Assignment) -> tuple[datetime, datetime]:
    """`[start, end)` that is paid: the minutes of the timesheet once there is one, the plan before."""
    sheet = getattr(work, "timesheet", None)
    if sheet is None or work.checked_in_at is None:
        return work.start_at, work.end_at
    start = max(work.checked_in_at, work.start_at)
    return start, start + sheet.actual_minutes * MINUTE


def turn(work: Assignment, opens_at: datetime, now: datetime) -> Turn:
    """Which punch is due now."""
    if work.status == AssignmentStatus.CHECKED_IN:
        return "out"
    if work.status != AssignmentStatus.BOOKED or now >= work.end_at:
        return "over"
    return "in" if now >= opens_at else "wait"


def steps(work: Assignment, now: datetime) -> list[Mapping[str, str]]:
    """The shift's progress line."""
    sheet = getattr(work, "timesheet", None)
    approved = sheet.approved_at if sheet else None
    came, left = work.checked_in_at, work.checked_out_at
    failed = work.status not in ACTIVE_ASSIGNMENT
    waiting = "failed" if failed else "current"
    return [
        _step(_("已派单"), work.offer.sent_at, "done", now),
        _step(pgettext("worker", "已接单"), work.booked_at, "done", now),
        _step(_("上岗"), came or work.start_at, "done" if came else waiting, now),
        _step(_("完成"), left or work.end_at, "done" if left else "current" if came else "todo", now),
        _step(_("工时批准"), approved, "done" if approved else "current" if left else "todo", now),
    ]


def _step(label: str, at: datetime | None, state: str, now: datetime) -> Mapping[str, str]:
    if at is None:
        return {"label": label, "time": "", "state": state}
    local = timezone.localtime(at)
    today = local.date() == timezone.localtime(now).date()
    return {"label": label, "time": formats.clock_text(at) if today else f"{local:%m-%d}", "state": state}


def helpline_phone() -> Subquery:
    """`helpline` beside any other query: the number alone."""
    on_duty = User.objects.filter(role=Role.DISPATCHER, is_active=True).order_by("pk")
    return Subquery(on_duty.values("phone")[:1])


def helpline() -> User | None:
    """The dispatcher a worker calls: the longest-serving one on duty."""
    return User.objects.filter(role=Role.DISPATCHER, is_active=True).order_by("pk").first()
