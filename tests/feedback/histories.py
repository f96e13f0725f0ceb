"""Random small histories: every state that a figure must tell apart, written straight to the tables."""

import random
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from feedback.models import CaseRound, Complaint, Review, ReviewCase, Survey, WorkerRating
from orders.models import Assignment, Client, Offer, Order, Position, Shift
from staffing.core.models import City
from tests.fixtures.agency import Agency
from workers.models import Worker

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 11, 14), date(2026, 11, 26)
ACTIVE = ("booked", "checked_in", "completed")
SUBMITTED = ("submitted", "proposed", "offering", "filled", "in_service", "completed", "completed", "cancelled")


def moment(dice: random.Random) -> datetime:
    """Any minute of the history; midnights come often, since days and periods end there."""
    day = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days + 1))
    minute = dice.choice([0, 0, 1, 1439, dice.randrange(1440)])
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(minutes=minute)


def write(agency: Agency, dice: random.Random, *, orders: int) -> None:
    """So many orders with all that may hang on them."""
    other = City.objects.create(
        code="hangzhou", name_zh="杭州", name_en="Hangzhou", tier=1, latitude=30.2, longitude=120.1
    )
    companies = [_company(agency, dice, number) for number in range(3)]
    people = [_person(agency, dice) for _ in range(5)]
    for _ in range(orders):
        order = _order(dice, dice.choice(companies), dice.choice([agency.city, other]))
        if order.submitted_at is not None:
            _places(dice, people, order)
            _feedback(dice, order)
    for company in companies:
        _complaint(dice, company)


def _company(agency: Agency, dice: random.Random, number: int) -> Client:
    company = agency.client()
    company.industry, company.created_at = ("ecommerce", "finance", "ecommerce")[number], moment(dice)
    company.save(update_fields=["industry", "created_at"])
    return company


def _person(agency: Agency, dice: random.Random) -> Worker:
    worker = agency.worker(windows=())
    worker.stars = dice.choice([None, Decimal("3.9"), Decimal("4.0"), Decimal("5.0")])
    worker.source = dice.choice(["direct", "partner", "student"])
    worker.save(update_fields=["stars", "source"])
    return worker


def _order(dice: random.Random, company: Client, city: City) -> Order:
    draft = dice.random() < 0.1
    submitted, starts = moment(dice), moment(dice)
    proposed = None if draft or dice.random() < 0.25 else submitted + timedelta(minutes=dice.choice([0, 5, 30, 31, 90]))
    return Order.objects.create(
        client=company,
        created_by=company.members.get().user,
        form_key=uuid.uuid4(),
        title="历史订单",
        service_type=dice.choice(["pre_sale", "after_sale"]),
        remote=True,
        city=city,
        status="draft" if draft else dice.choice(SUBMITTED),
        bill_rate=Decimal(45),
        estimate=Decimal(100),
        created_at=submitted,
        submitted_at=None if draft else submitted,
        proposed_at=proposed,
        filled_at=proposed if dice.random() < 0.6 else None,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=dice.choice([60, 90, 480, 600])),
    )


def _places(dice: random.Random, people: list[Worker], order: Order) -> None:
    shift = Shift.objects.create(
        order=order, start_at=order.starts_at, end_at=order.ends_at, headcount=dice.randrange(1, 4)
    )
    for number in range(1, shift.headcount + 1):
        called_off = order.status == "cancelled"
        status = "closed" if called_off else dice.choice(["filled", "filled", "open", "offered", "lapsed"])
        place = Position.objects.create(shift=shift, number=number, status=status)
        if status == "filled" or dice.random() < 0.3:
            _booking(dice, people, place)


def _booking(dice: random.Random, people: list[Worker], place: Position) -> None:
    shift = place.shift
    status = dice.choice(["booked", "checked_in", "completed", "completed", "no_show", "cancelled", "released"])
    free = [one for one in people if status not in ACTIVE or not _busy(one, shift)]
    if not free:
        return
    worker = dice.choice(free)
    booked = shift.start_at + timedelta(minutes=dice.choice([-1440, -1440, -1, 0, 20]))
    came = dice.choice([None, -20, 0, 15, 16, 60]) if status in ("checked_in", "completed") else None
    offer = Offer.objects.create(
        position=place,
        worker=worker,
        status="accepted",
        pay_rate=28,
        sent_at=shift.start_at - timedelta(days=1),
        expires_at=shift.start_at,
    )
    Assignment.objects.create(
        position=place,
        worker=worker,
        offer=offer,
        status=status,
        start_at=shift.start_at,
        end_at=shift.end_at,
        pay_rate=28,
        bill_rate=45,
        booked_at=booked,
        checked_in_at=None if came is None else shift.start_at + timedelta(minutes=came),
    )


def _busy(worker: Worker, shift: Shift) -> bool:
    works = Assignment.objects.filter(worker=worker, status__in=ACTIVE)
    return works.filter(start_at__lt=shift.end_at, end_at__gt=shift.start_at).exists()


def _feedback(dice: random.Random, order: Order) -> None:
    if dice.random() < 0.2:
        return
    sent = moment(dice)
    answered = sent + timedelta(hours=dice.randrange(20)) if dice.random() < 0.7 else None
    survey = Survey.objects.create(
        order=order,
        client=order.client,
        nonce=str(uuid.uuid4()),
        sent_at=sent,
        expires_at=sent + timedelta(days=14),
        answered_at=answered,
    )
    if answered:
        _review(dice, survey, answered)


def _review(dice: random.Random, survey: Survey, at: datetime) -> None:
    names = ("overall", "attendance", "skill_match", "attitude")
    review = Review.objects.create(
        survey=survey,
        order=survey.order,
        client=survey.client,
        created_at=at,
        **{name: dice.randrange(1, 6) for name in names},
    )
    for work in Assignment.objects.filter(position__shift__order=survey.order, status="completed"):
        if dice.random() < 0.8:
            WorkerRating.objects.create(review=review, assignment=work, stars=dice.randrange(1, 6))
    if dice.random() < 0.6:
        _case(dice, review.created_at, review=review, order=review.order, client=review.client)


def _complaint(dice: random.Random, company: Client) -> None:
    """About no order at all."""
    at = moment(dice)
    complaint = Complaint.objects.create(
        client=company, raised_by_role="phone", category="cost", text="费用不清楚", at=at
    )
    _case(dice, at, complaint=complaint, client=company)


def _case(dice: random.Random, opened: datetime, **about: Any) -> None:
    status = dice.choice(["open", "fixing", "reported", "confirmed", "confirmed", "no_answer"])
    closed = moment(dice) if status in ("confirmed", "no_answer") else None
    case = ReviewCase.objects.create(
        **about,
        status=status,
        opened_at=opened,
        due_at=opened + timedelta(hours=48),
        closed_at=closed,
    )
    for number in range(1, dice.randrange(1, 4)):
        begun = opened + timedelta(hours=50 * (number - 1))
        outcome = dice.choice(["", "confirmed", "not_solved", "no_answer"])
        CaseRound.objects.create(
            case=case,
            number=number,
            opened_at=begun,
            due_at=begun + timedelta(hours=48),
            cause=dice.choice(["", "matching", "matching", "communication", "emergency"]),
            reported_at=None if dice.random() < 0.3 else begun + timedelta(hours=dice.choice([1, 47, 48, 49, 90])),
            outcome=outcome,
            answered_at=begun + timedelta(hours=dice.randrange(1, 60)) if outcome else None,
        )
