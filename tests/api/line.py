"""Orders at each stage of the line, and people who speak to the API."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rest_framework.test import APIClient

from feedback.models import Complaint, LoopPolicy, Review
from feedback.services import complaints, surveys
from feedback.services.complaints import About, Words
from feedback.services.surveys import Answers
from orders.models import Assignment, Client, Offer, Order
from orders.services import attendance, offers, ordering, proposing
from orders.services.attendance import Fix
from orders.states import OfferStatus
from staffing.core.actors import actor_of
from staffing.core.api import tokens
from staffing.core.models import User
from tests.fixtures.agency import HERE, NOW, Agency

V1 = "/api/v1/"
AT_SITE = Fix(*HERE, accuracy_m=20)
POSITION = {"latitude": HERE[0], "longitude": HERE[1], "accuracy_m": 20}


def as_user(user: User, language: str = "zh-hans") -> APIClient:
    """Somebody with their token; an error inside the product is an answer here, as it is for them."""
    speaker = APIClient(raise_request_exception=False)
    speaker.credentials(HTTP_AUTHORIZATION=f"Token {tokens.issue(user).key}", HTTP_ACCEPT_LANGUAGE=language)
    return speaker


def proposed(agency: Agency, company: Client, **fields: Any) -> Order:
    """An order whose matching has run."""
    order = agency.submitted(company, **fields)
    proposing.propose_order(order.pk, NOW)
    order.refresh_from_db()
    return order


def offered(agency: Agency, company: Client, **fields: Any) -> Offer:
    """A pending offer."""
    order = proposed(agency, company, **fields)
    ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    return Offer.objects.get(position__shift__order=order, status=OfferStatus.PENDING)


def booked(agency: Agency, company: Client, **fields: Any) -> Assignment:
    """An accepted offer."""
    offer = offered(agency, company, **fields)
    return offers.accept(offer.pk, by=actor_of(offer.worker.user), now=NOW)


def served(agency: Agency, company: Client, **fields: Any) -> Assignment:
    """An assignment that is over; its hours wait for the client."""
    work = booked(agency, company, **fields)
    by = actor_of(work.worker.user)
    attendance.check_in(work.pk, by=by, now=work.start_at, fix=AT_SITE)
    return attendance.check_out(work.pk, by=by, now=work.end_at, fix=AT_SITE)


def reviewed(agency: Agency, company: Client, **fields: Any) -> Review:
    """A bad review, which has opened a case; a company may be asked again at once."""
    LoopPolicy.objects.update_or_create(pk=1, defaults={"survey_gap_days": 0})
    work = served(agency, company, **fields)
    survey = surveys.send(work.audit_order_id, work.end_at)
    assert survey is not None
    return surveys.answer(survey.pk, Answers(1, 2, 3, 4, comment="没有人来", ratings={work.pk: 2}), work.end_at)


@dataclass
class World:
    """A client with something at each stage, the worker it is about, and the agency's people."""

    client: User
    worker: User
    dispatcher: User
    manager: User
    other_client: User
    other_worker: User
    objects: dict[str, int]

    def __getitem__(self, role: str) -> User:
        found = getattr(self, role)
        assert isinstance(found, User)
        return found


def day(number: int) -> datetime:
    """The same hour, so many days on."""
    return NOW + timedelta(days=number)


def _complaint(agency: Agency, company: Client) -> Complaint:
    said = Words("attitude", 2, "态度不好")
    return complaints.file(About(company), said, by=agency.acting_client(company), now=NOW, key=uuid.uuid4())


def world(agency: Agency) -> World:
    """One of everything; the only eligible worker serves all of it."""
    company, stranger = agency.client(), agency.client()
    worker = agency.worker()
    agency.dispatcher()
    review = reviewed(agency, company, start=day(6))
    return World(
        client=agency.member(company),
        worker=worker.user,
        dispatcher=agency.dispatcher(),
        manager=agency.manager(),
        other_client=agency.member(stranger),
        other_worker=agency.worker(skills={}).user,
        objects={
            "draft": agency.draft(company, start=day(1)).pk,
            "order": proposed(agency, company, start=day(2)).pk,
            "offer": offered(agency, company, start=day(3)).pk,
            "assignment": booked(agency, company, start=day(4)).pk,
            "timesheet": served(agency, company, start=day(5)).timesheet.pk,
            "review": review.pk,
            "case": review.case.pk,
            "complaint": _complaint(agency, company).pk,
            "worker": worker.pk,
            "company": company.pk,
        },
    )
