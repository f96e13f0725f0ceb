"""The last hours and the coming days, by the real services: the live demo goes on from there."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from feedback.models import Survey
from feedback.services import cases, surveys
from feedback.services.surveys import Answers
from orders.models import Offer, Order, Position
from orders.services import offers, ordering, proposing
from orders.services.ordering import ShiftSpec
from staffing.core.actors import actor_of
from staffing.core.errors import DomainError
from staffing.core.models import User
from staffing.demo import life, logins
from staffing.demo.life import cast
from staffing.demo.past import words
from staffing.demo.seed import demand, exchange, proofs
from staffing.demo.seed.catalogue import Catalogue
from staffing.demo.seed.clients import Company
from staffing.demo.seed.demand import Ask, Kind
from workers.models import Worker
from workers.pay.minutes import SHANGHAI

HOUR = timedelta(hours=1)
# Shifts around the present: hours from now to their start, and their length.
AROUND = ((-7, 5), (-5, 6), (-4, 8), (-2, 5), (-1, 6), (1, 6), (3, 5))
ANY_HOUR = Kind("全天在线客服", "in_sale", True, {"online-chat": 2})


def build(since: datetime, now: datetime, random: Random, catalogue: Catalogue, companies: Sequence[Company]) -> None:
    """Live from `since` to `now`, then leave one order in each early state and something for each shown login."""
    near_deadline(companies[0], now)
    _shift_for_visitor(companies[0], catalogue, since, now, random)
    for number, (hours, length) in enumerate(AROUND):
        company = companies[0] if number in (0, 3) else companies[number % len(companies)]
        _post(_around(company, now, hours, length, random), catalogue, since)
    life.drain(since)
    bad_answers(companies[1:], now, random)
    life.live(since, now, settle=life.drain)
    _left_open(companies, catalogue, now, random)
    exchange.build(now)
    proofs.build(now, random, companies)


def _post(ask: Ask, catalogue: Catalogue, at: datetime, *, submit: bool = True) -> Order:
    by = actor_of(ask.member)
    order = ordering.create(demand.spec_of(ask, catalogue), ask.company.client, by=by, now=at)
    return ordering.submit(order.pk, by=by, now=at) if submit else order


def _around(company: Company, now: datetime, hours: int, length: int, random: Random) -> Ask:
    """An order for a shift that begins some hours from now, of a kind that somebody works at that hour."""
    start = now.replace(minute=0, second=0, microsecond=0) + hours * HOUR
    awake = start.astimezone(SHANGHAI).hour >= 8 and (start + length * HOUR).astimezone(SHANGHAI).hour in range(10, 24)
    kind = random.choice(demand.KINDS[company.client.industry]) if awake else ANY_HOUR
    site = company.sites[0]
    return Ask(
        company,
        company.members[0],
        kind,
        kind.title if kind.remote else f"{kind.title} · {site.city.name_zh}",
        site.city,
        None if kind.remote else site,
        (ShiftSpec(start, start + length * HOUR, random.choice((1, 1, 2))),),
        "",
        uuid.UUID(int=random.getrandbits(128), version=4),
    )


def near_deadline(company: Company, now: datetime) -> None:
    """A case of the visitor's client whose 48 hours are nearly over: cause found, not reported."""
    opened = now - timedelta(hours=46, minutes=30)
    survey = Survey.objects.filter(client=company.client, answered_at__isnull=True, sent_at__lt=opened).first()
    if survey is None:
        return
    stars = Answers(2, 2, 2, 3, solved=False, order_again=False, comment=words.BAD[0])
    case = surveys.answer(survey.pk, stars, opened).case
    assert case.owner is not None
    by = actor_of(case.owner)
    cases.take(case.pk, by=by, now=opened + 2 * HOUR)
    cause, note, fix = words.cause(cast.dice("why", case.pk), troubled=False)
    cases.find_cause(case.pk, cause=cause, note=note, fix=fix, fix_by=None, by=by, now=opened + 6 * HOUR)
    life.drain(opened + 24 * HOUR + timedelta(seconds=2))


def bad_answers(companies: Sequence[Company], now: datetime, random: Random) -> None:
    """Two more cases with running clocks."""
    ids = [company.client.pk for company in companies]
    open_ones = Survey.objects.filter(client__in=ids, answered_at__isnull=True, sent_at__lt=now - 24 * HOUR)
    for survey, hours in zip(open_ones.order_by("-sent_at")[:2], (9.5, 9), strict=False):
        stars = Answers(2, 3, 1, 3, order_again=False, comment=random.choice(words.BAD))
        surveys.answer(survey.pk, stars, now - hours * HOUR)


def _shift_for_visitor(company: Company, catalogue: Catalogue, at: datetime, now: datetime, random: Random) -> None:
    """The shown worker has said yes to a shift on site within the hour: the first thing to try is to check in."""
    worker = Worker.objects.get(user__phone=logins.WORKER.phone)
    start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) + timedelta(minutes=50)
    kind = next(kind for kind in demand.KINDS[company.client.industry] if not kind.remote)
    site = next((site for site in company.sites if site.city == worker.city), company.sites[0])
    shifts = (ShiftSpec(start, start + 5 * HOUR, 1),)
    key = uuid.UUID(int=random.getrandbits(128), version=4)
    title = f"{kind.title} · {site.city.name_zh}"
    order = _post(
        Ask(company, company.members[0], kind, title, site.city, site, shifts, demand.NOTES[-1], key), catalogue, at
    )
    life.drain(at)
    if _asked(order, at):
        offer = Offer.objects.get(position__shift__order=order, worker=worker)
        offers.accept(offer.pk, by=actor_of(worker.user), now=at + timedelta(minutes=3))


def _left_open(companies: Sequence[Company], catalogue: Catalogue, now: datetime, random: Random) -> None:
    mine = companies[0]
    _offer_to_visitor(mine, catalogue, now, random)
    for company, submit in ((mine, False), (companies[3], False), (companies[4], True)):
        ask = demand.draw([company], now, random, lead_days=(2, 3))
        _post(ask, catalogue, now - timedelta(seconds=20), submit=submit)


def _offer_to_visitor(company: Company, catalogue: Catalogue, now: datetime, random: Random) -> None:
    """A dispatcher puts the shown worker on a place some days ahead; the offer waits for an answer."""
    asked = now - timedelta(minutes=4)
    for days in (2, 3, 4, 5, 6, 2, 3, 4, 5, 6):
        order = _post(demand.draw([company], asked, random, lead_days=(days,)), catalogue, asked)
        life.drain(asked)
        if _asked(order, asked):
            break
    life.drain(now)


def _asked(order: Order, at: datetime) -> bool:
    """Whether the shown worker could be put on the order's first place, and was asked; never to another city."""
    worker = Worker.objects.get(user__phone=logins.WORKER.phone)
    if not order.remote and order.city_id != worker.city_id:
        return False
    by = actor_of(User.objects.get(phone=logins.DISPATCHER.phone))
    place = Position.objects.filter(shift__order=order).earliest("pk")
    try:
        proposing.exchange(place.pk, worker.pk, by=by, now=at, reason="客户指定", override=True)
    except DomainError:
        return False
    ordering.confirm(order.pk, by=by, now=at + timedelta(minutes=1))
    return True
