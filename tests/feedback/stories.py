"""Short ways to a survey and a case, by the services."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from feedback.models import LoopPolicy, Review, ReviewCase, Survey
from feedback.services import cases, surveys
from feedback.services.surveys import Answers
from orders.models import Assignment, Client, Offer, Order, Position
from orders.states import AssignmentStatus, OfferStatus, OrderStatus, PositionStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.models import User
from tests.fixtures.agency import NOW, Agency
from workers.models import Worker

ENDED = NOW + timedelta(days=1, hours=8)
GOOD = Answers(5, 5, 5, 5)
BAD = Answers(1, 2, 2, 3, solved=False, comment="客服没有按时到岗")
CAUSE: dict[str, Any] = {"cause": "matching", "note": "技能不符", "fix": "改派资深客服", "fix_by": None}


@dataclass(frozen=True)
class Scene:
    """A client whose order was served, with the dispatcher who looks after it."""

    agency: Agency
    company: Client
    member: User
    dispatcher: User
    order: Order
    survey: Survey

    @property
    def desk(self) -> Actor:
        return actor_of(self.dispatcher)

    @property
    def client(self) -> Actor:
        return actor_of(self.member)


def serve(order: Order, worker: Worker, status: str = AssignmentStatus.COMPLETED) -> Assignment:
    """Put a worker on the order's next free place, as if the booking had been made long ago."""
    place = Position.objects.filter(shift__order=order, assignments=None).select_related("shift").order_by("pk")[0]
    offer = Offer.objects.create(
        position=place, worker=worker, status=OfferStatus.ACCEPTED, pay_rate=28, sent_at=NOW, expires_at=ENDED
    )
    Position.objects.filter(pk=place.pk).update(status=PositionStatus.FILLED)
    return Assignment.objects.create(
        position=place,
        worker=worker,
        offer=offer,
        status=status,
        start_at=place.shift.start_at,
        end_at=place.shift.end_at,
        pay_rate=28,
        bill_rate=45,
        booked_at=NOW,
    )


def scene(agency: Agency, *, headcount: int = 2, now: datetime = ENDED, company: Client | None = None) -> Scene:
    """An order that was served by `headcount` people and asked about at `now`."""
    if company is not None:  # asked before: not to be left alone for days
        LoopPolicy.objects.update_or_create(pk=1, defaults={"survey_gap_days": 0})
    company = company or agency.client()
    dispatcher = User.objects.filter(role="dispatcher").first() or agency.dispatcher()
    order = agency.submitted(company, headcount=headcount)
    for _ in range(headcount):
        serve(order, agency.worker())
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.COMPLETED, proposed_at=NOW + timedelta(minutes=10))
    order.refresh_from_db()
    survey = surveys.send(order.pk, now)
    assert survey is not None
    return Scene(agency, company, agency.member(company), dispatcher, order, survey)


def open_case(told: Scene, now: datetime = ENDED, answers: Answers = BAD) -> ReviewCase:
    """A bad review and its case."""
    review: Review = surveys.answer(told.survey.pk, answers, now)
    return ReviewCase.objects.get(review=review)


def reported(told: Scene, case: ReviewCase, now: datetime = ENDED) -> ReviewCase:
    """The case taken, explained and reported, all at `now`."""
    cases.take(case.pk, by=told.desk, now=now)
    cases.find_cause(case.pk, by=told.desk, now=now, **CAUSE)
    return cases.report(case.pk, text="我们已改派资深客服。", by=told.desk, now=now)


def answer_days() -> timedelta:
    """How long a client has to answer."""
    return timedelta(days=LoopPolicy.current().answer_days)
