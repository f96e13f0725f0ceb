"""Random small histories: every state that a figure must tell apart, written straight to the tables."""

import random
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from feedback.models import CaseRound, Review, ReviewCase, Survey
from orders.models import Assignment, Client, Offer, Order, Position, Shift
from staffing.core.models import City
from tests.fixtures.agency import Agency

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 11, 14), date(2026, 11, 26)
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
    companies = [agency.client() for _ in range(2)]
    for _ in range(orders):
        order = _order(dice, dice.choice(companies), dice.choice([agency.city, other]))
        if order.submitted_at is not None:
            _places(agency, dice, order)
            _feedback(dice, order)


def _order(dice: random.Random, company: Client, city: City) -> Order:
    draft = dice.random() < 0.1
    submitted, starts = moment(dice), moment(dice)
    proposed = None if draft or dice.random() < 0.25 else submitted + timedelta(minutes=dice.choice([0, 5, 30, 31, 90]))
    return Order.objects.create(
        client=company,
        created_by=company.members.get().user,
        form_key=uuid.UUID(int=dice.getrandbits(128)),
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


def _places(agency: Agency, dice: random.Random, order: Order) -> None:
    shift = Shift.objects.create(
        order=order, start_at=order.starts_at, end_at=order.ends_at, headcount=dice.randrange(1, 4)
    )
    for number in range(1, shift.headcount + 1):
        called_off = order.status == "cancelled"
        status = "closed" if called_off else dice.choice(["filled", "filled", "open", "offered", "lapsed"])
        place = Position.objects.create(shift=shift, number=number, status=status)
        if status == "filled" or dice.random() < 0.3:
            _booking(agency, dice, place)


def _booking(agency: Agency, dice: random.Random, place: Position) -> None:
    worker, shift = agency.worker(windows=()), place.shift
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
        status=dice.choice(["booked", "checked_in", "completed", "no_show", "cancelled", "released"]),
        start_at=shift.start_at,
        end_at=shift.end_at,
        pay_rate=28,
        bill_rate=45,
        booked_at=offer.sent_at,
    )


def _feedback(dice: random.Random, order: Order) -> None:
    if dice.random() < 0.2:
        return
    sent = moment(dice)
    answered = sent + timedelta(hours=dice.randrange(20)) if dice.random() < 0.7 else None
    survey = Survey.objects.create(
        order=order,
        client=order.client,
        nonce=str(uuid.UUID(int=dice.getrandbits(128))),
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
    if dice.random() < 0.6:
        _case(dice, review)


def _case(dice: random.Random, review: Review) -> None:
    opened = review.created_at
    status = dice.choice(["open", "fixing", "reported", "confirmed", "confirmed", "no_answer"])
    closed = moment(dice) if status in ("confirmed", "no_answer") else None
    case = ReviewCase.objects.create(
        review=review,
        order=review.order,
        client=review.client,
        status=status,
        opened_at=opened,
        due_at=opened + timedelta(hours=48),
        closed_at=closed,
    )
    for number in range(1, dice.randrange(1, 4)):
        begun = opened + timedelta(hours=50 * (number - 1))
        CaseRound.objects.create(
            case=case,
            number=number,
            opened_at=begun,
            due_at=begun + timedelta(hours=48),
            cause=dice.choice(["", "matching", "matching", "communication", "emergency"]),
            reported_at=None if dice.random() < 0.3 else begun + timedelta(hours=dice.choice([1, 47, 48, 49, 90])),
        )
