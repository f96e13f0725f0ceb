"""The pool and the clients in memory, with every booking so far: what the engine is asked with."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from feedback.models import LoopPolicy, ReviewCase
from orders import pool as order_pool
from orders.matching import Booking, Candidate, LatLng, Need, Weights
from orders.matching.value import held_for_novices
from orders.models import OrderPolicy, Shift
from staffing.core.actors import Actor, actor_of
from staffing.core.holidays import is_holiday
from staffing.core.models import Role, User
from staffing.demo.past.ledger import Ledger
from staffing.demo.past.timeline import Timeline
from staffing.demo.seed.catalogue import Catalogue
from staffing.demo.seed.clients import Company
from staffing.demo.seed.demand import Ask
from workers.models import Level, PoolPolicy, RateCard, Worker
from workers.pay.minutes import Span
from workers.pay.rates import UpliftPolicy, price, total
from workers.selectors import pool

MARGIN = order_pool.MARGIN


@dataclass(slots=True)
class Person:
    """A worker, with what changes about them from day to day."""

    worker: Worker
    base: Candidate
    actor: Actor
    bookings: list[Booking] = field(default_factory=list)
    courted: list[Booking] = field(default_factory=list)
    stars_sum: int = 0
    stars_count: int = 0
    served: int = 0
    lost: int = 0

    @property
    def stars(self) -> Decimal | None:
        """The mean of the stars given; None below three, as for a novice."""
        if self.stars_count < 3:
            return None
        return (Decimal(self.stars_sum) / self.stars_count).quantize(Decimal("0.1"))

    @property
    def reliability(self) -> int:
        """Share of bookings kept, with four of five good ones to start with (percent)."""
        return round(100 * (self.served + 4) / (self.served + self.lost + 5))

    def as_candidate(self, start: datetime, end: datetime, now: datetime, fair: timedelta) -> Candidate:
        """As matching sees them: with bookings and courtships around `[start, end)`."""
        near = tuple(b for b in (*self.bookings, *self.courted) if b.start < end + MARGIN and b.end > start - MARGIN)
        recent = sum((b.end - b.start for b in self.bookings if b.start >= now - fair), timedelta())
        return replace(
            self.base,
            bookings=near,
            recent_minutes=int(recent.total_seconds() // 60),
            stars=self.stars,
            reliability=self.reliability,
            services_done=self.served,
        )

    def as_booked(self, start: datetime, end: datetime) -> Candidate:
        """As a booking is checked: with real bookings only."""
        near = tuple(b for b in self.bookings if b.start < end + MARGIN and b.end > start - MARGIN)
        return replace(self.base, bookings=near, stars=self.stars, services_done=self.served)


@dataclass(slots=True)
class World:
    """Everything the past is lived with."""

    random: Random
    ledger: Ledger
    timeline: Timeline
    catalogue: Catalogue
    companies: Sequence[Company]
    people: dict[int, Person]
    desk: list[Actor]
    policy: OrderPolicy
    loop: LoopPolicy
    weights: Weights
    fair: timedelta
    rates: dict[tuple[int, str, str], RateCard]
    uplift: UpliftPolicy
    # Places that wait for a worker's answer: worker → position → place.
    asked: dict[int, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    # Cases with the number of the client's earlier cases and reviews.
    opened: list[tuple[ReviewCase, int, int]] = field(default_factory=list)
    client_cases: Counter[int] = field(default_factory=Counter)
    client_reviews: Counter[int] = field(default_factory=Counter)
    open_cases: Counter[int] = field(default_factory=Counter)
    # When each contact was asked last, and what is held for their sake: (job, row) by login.
    last_asked: dict[int, datetime] = field(default_factory=dict)
    held: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def candidates(self, ask: Ask, start: datetime, end: datetime, now: datetime) -> list[Candidate]:
        """Who can be meant at all: on site the people of the city, remotely all who work remotely."""
        return [
            one.as_candidate(start, end, now, self.fair)
            for one in self.people.values()
            if (one.base.remote_ok if ask.kind.remote else one.base.city == ask.city.code)
        ]

    def need(self, ask: Ask, shift: Shift, not_before: datetime | None = None) -> Need:
        """One shift as the engine wants it."""
        kind, site = ask.kind, ask.site
        need = Need(
            shift_id=shift.pk,
            order_id=shift.order_id,
            client_id=ask.company.client.pk,
            start=order_pool.floor_minute(max(shift.start_at, not_before) if not_before else shift.start_at),
            end=shift.end_at,
            headcount=shift.headcount,
            city=ask.city.code,
            remote=kind.remote,
            site=LatLng(site.latitude, site.longitude) if site else None,
            skills=kind.skills,
            certificates=frozenset(kind.certificates),
            courses=frozenset(kind.courses),
            languages=kind.languages or {},
            min_stars=Decimal(kind.min_stars) if kind.min_stars else None,
            clearance=kind.clearance,
            priority=ask.company.client.value,
            blocked=frozenset(ask.company.blocked),
            team=frozenset(ask.company.team),
        )
        return replace(need, novice_places=held_for_novices(need, self.weights.novice_percent))

    def bill_rate(self, ask: Ask) -> Decimal:
        """CNY an hour for the client."""
        return self.rates[ask.city.tier, Level.JUNIOR, ask.kind.service_type].bill_rate

    def pay_rate(self, ask: Ask, worker: Worker) -> Decimal:
        """CNY an hour for the worker."""
        return self.rates[ask.city.tier, worker.level, ask.kind.service_type].pay_rate

    def amount(self, span: Span, rate: Decimal) -> Decimal:
        """What the client is billed for a span (CNY)."""
        return total(price(span, rate, self.uplift, is_holiday))

    def after(self, at: datetime, low: float, high: float) -> datetime:
        """Some minutes later, between `low` and `high`, to the second."""
        return at + timedelta(seconds=round(self.random.uniform(low, high) * 60))

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.random.random() < share


def load(random: Random, ledger: Ledger, catalogue: Catalogue, companies: Sequence[Company], now: datetime) -> World:
    """Read the agency as it stands."""
    policy = PoolPolicy.current()
    everybody = order_pool.candidates_for(now, now + timedelta(days=1), now)
    workers = {worker.pk: worker for worker in Worker.objects.select_related("user")}
    people = {c.id: Person(workers[c.id], c, actor_of(workers[c.id].user)) for c in everybody}
    desk = User.objects.filter(role=Role.DISPATCHER, is_active=True).order_by("pk")
    return World(
        random=random,
        ledger=ledger,
        timeline=Timeline(),
        catalogue=catalogue,
        companies=companies,
        people=people,
        desk=[actor_of(user) for user in desk],
        policy=OrderPolicy.current(),
        loop=LoopPolicy.current(),
        weights=order_pool.weights_in_force(),
        fair=timedelta(days=policy.fairness_days),
        rates={(r.tier, r.level, r.service_type): r for r in RateCard.objects.all()},
        uplift=pool.uplift_policy(policy),
    )
