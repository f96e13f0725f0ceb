"""The question after the service: a signed link that needs no login, answered once, editable for nobody else."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.models import LoopPolicy, Review, Survey, WorkerRating
from feedback.services import cases
from orders.models import Assignment, Order
from orders.states import AssignmentStatus
from staffing.core import audit, outbox
from staffing.core.actors import LINK, SYSTEM
from staffing.core.errors import Conflict, Invalid

SALT = "feedback.survey"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the client says: 1–5 each; `ratings` maps assignment ids to stars."""

    overall: int
    attendance: int
    skill_match: int
    attitude: int
    solved: bool = True
    order_again: bool | None = None
    comment: str = ""
    ratings: Mapping[int, int] = field(default_factory=dict)


class LinkInvalid(Conflict):
    """The link is forged, expired or replaced. Answered as 404: it says nothing about what exists."""

    status = 404


def token_of(survey: Survey) -> str:
    """The signed token of the link: 256 random bits under an HMAC; made anew each time, never stored."""
    return signing.dumps({"s": survey.pk, "n": survey.nonce}, salt=SALT)


def survey_of(token: str, now: datetime) -> Survey:
    """The survey behind a token. Raises `LinkInvalid` for a token that is forged, expired or replaced."""
    try:
        content = signing.loads(token, salt=SALT)
        found = Survey.objects.select_related("order", "client").get(pk=content["s"], nonce=content["n"])
    except (signing.BadSignature, Survey.DoesNotExist, KeyError, TypeError) as error:
        raise LinkInvalid("link_invalid", _("链接无效，请使用最近收到的链接。")) from error
    _still_open(found, now)
    return found


def _still_open(survey: Survey, now: datetime) -> None:
    if now >= survey.expires_at and survey.answered_at is None:
        raise LinkInvalid("link_expired", _("链接已过期，如仍需反馈请联系您的客户经理。"))


@transaction.atomic
def send(order_id: int, now: datetime) -> Survey | None:
    """Ask once an order. None if it was asked already."""
    order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
    if Survey.objects.filter(order=order).exists():
        return None
    policy = LoopPolicy.current()
    survey = Survey.objects.create(
        order=order,
        client_id=order.client_id,
        nonce=secrets.token_urlsafe(32),
        sent_at=now,
        expires_at=now + timedelta(days=policy.survey_valid_days),
    )
    audit.record(order, "survey", by=SYSTEM, now=now)
    remind_at = now + timedelta(hours=policy.survey_reminder_hours)
    outbox.publish("survey.send", {"id": survey.pk}, key=str(survey.pk), now=now)
    outbox.publish("survey.remind", {"id": survey.pk}, key=str(survey.pk), now=now, due_at=remind_at)
    return survey


@transaction.atomic
def answer(survey_id: int, answers: Answers, now: datetime) -> Review:
    """Keep the answer; a bad one opens a case in the same transaction. Answering again gives the first answer.

    Raises `Invalid` for a figure outside 1–5 or a rating of somebody who did not serve, `LinkInvalid` too late.
    """
    survey = Survey.objects.select_for_update(no_key=True).select_related("order").get(pk=survey_id)
    if survey.answered_at is not None:
        return survey.review
    _still_open(survey, now)
    _check(answers, survey.order)
    review = Review.objects.create(
        survey=survey,
        order=survey.order,
        client_id=survey.client_id,
        overall=answers.overall,
        attendance=answers.attendance,
        skill_match=answers.skill_match,
        attitude=answers.attitude,
        solved=answers.solved,
        order_again=answers.order_again,
        comment=answers.comment.strip(),
        created_at=now,
    )
    WorkerRating.objects.bulk_create(
        WorkerRating(review=review, assignment_id=work, stars=stars) for work, stars in answers.ratings.items()
    )
    survey.answered_at = now
    survey.save(update_fields=["answered_at"])
    audit.record(survey.order, "review", by=LINK, now=now, data={"overall": review.overall})
    cases.open_if_bad(review, now)
    return review


def served(order: Order) -> list[Assignment]:
    """Who really came, for the survey to ask about."""
    came = (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
    return list(
        Assignment.objects.filter(position__shift__order=order, status__in=came)
        .select_related("worker__user", "position__shift")
        .order_by("start_at", "id")
    )


def _check(answers: Answers, order: Order) -> None:
    figures = (answers.overall, answers.attendance, answers.skill_match, answers.attitude, *answers.ratings.values())
    if any(not 1 <= figure <= 5 for figure in figures):
        raise Invalid("bad_rating", _("评分须在 1 到 5 之间。"))
    if not set(answers.ratings) <= {work.pk for work in served(order)}:
        raise Invalid("foreign_rating", _("只能评价本次服务的人员。"))
