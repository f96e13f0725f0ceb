"""The question after the service: a signed link that needs no login, answered once, changed for a day, then kept.

A contact is not asked twice within some days (policy): what comes too soon is held, and goes with the next question.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from feedback.models import HeldSurvey, LoopPolicy, Review, ReviewCase, Survey, WorkerRating
from feedback.services import cases, photos
from feedback.survey_periods import Period, midnight, over_at
from orders.models import Assignment, Client, Order
from orders.services import locks
from orders.states import AssignmentStatus
from staffing.core import audit, outbox
from staffing.core.actors import LINK, SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role, User
from staffing.core.photos import Safe

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

    def columns(self) -> dict[str, Any]:
        """What a review keeps of it."""
        kept = {name: value for name, value in asdict(self).items() if name != "ratings"}
        return kept | {"comment": self.comment.strip()}


class LinkInvalid(Conflict):
    """The link is forged, expired or taken back. Answered as 404: it says nothing about what exists."""

    status = 404


def token_of(survey: Survey) -> str:
    """The signed token of the link: 256 random bits under an HMAC; made anew each time, never stored."""
    return signing.dumps({"s": survey.pk, "n": survey.nonce}, salt=SALT)


def survey_of(token: str, now: datetime) -> Survey:
    """The survey behind a token. Raises `LinkInvalid` for a token that is forged, expired or taken back.

    A forged one costs an HMAC and no look into the database, whatever it looks like.
    """
    rows = Survey.objects.select_related("order", "client__survey_channel")
    try:
        content = signing.loads(token, salt=SALT)
        found = rows.get(pk=content["s"], nonce=content["n"])
    except (signing.BadSignature, Survey.DoesNotExist, KeyError, TypeError) as error:
        raise LinkInvalid("link_invalid", _("链接无效，请使用最近收到的链接。")) from error
    _usable(found, now)
    return found


def _usable(survey: Survey, now: datetime) -> None:
    if survey.revoked_at is not None:
        raise LinkInvalid("link_revoked", _("这个链接已被撤回。如仍想反馈，请联系您的客户经理。"))
    if now >= survey.expires_at and survey.answered_at is None:
        raise LinkInvalid("link_expired", _("链接已过期，如仍需反馈请联系您的客户经理。"))


def is_waiting(survey: Survey, now: datetime) -> bool:
    """Whether an answer may still come."""
    return survey.answered_at is None and survey.revoked_at is None and now < survey.expires_at


def is_editable(survey: Survey, now: datetime, policy: LoopPolicy) -> bool:
    """Whether the answer may still be changed: for some hours after it came."""
    if survey.answered_at is None or survey.revoked_at is not None:
        return False
    return now < survey.answered_at + timedelta(hours=policy.survey_edit_hours)


def contact_of(order: Order) -> User | None:
    """Who is asked: whoever ordered, if they still belong to the client; else the client's eldest login."""
    members = User.objects.filter(membership__client=order.client_id, is_active=True, role=Role.CLIENT)
    return members.filter(pk=order.created_by_id).first() or members.order_by("membership__pk").first()


@transaction.atomic
def send(order_id: int, now: datetime, period: Period | None = None) -> Survey | None:
    """Ask about an order, or about one week of it. None if that was asked, or is held for its contact's sake."""
    order = _locked(order_id)
    first, last = period or (None, None)
    same = {"order": order, "period_start": first}
    if Survey.objects.filter(**same).exists() or HeldSurvey.objects.filter(**same).exists():
        return None
    contact = contact_of(order)
    asking = {**same, "period_end": last, "client_id": order.client_id, "contact": contact}
    free = _free_at(order.client_id, contact, LoopPolicy.current())
    if free is None or now >= free:
        return _ask(asking, now)
    HeldSurvey.objects.create(**asking, held_at=now)
    audit.record(order, "survey_held", by=SYSTEM, now=now)
    _ask_later(order.client_id, contact, now, free)
    return None


def _locked(order_id: int) -> Order:
    """The order, with its client locked before it: what a contact was asked last does not change meanwhile."""
    client_id = Order.objects.values_list("client_id", flat=True).get(pk=order_id)
    Client.objects.select_for_update(no_key=True).get(pk=client_id)
    return locks.order(order_id)


def _free_at(client_id: int, contact: User | None, policy: LoopPolicy) -> datetime | None:
    """From when the contact may be asked again; None if they never were, or may be asked at any time."""
    last = Survey.objects.filter(client=client_id, contact=contact).aggregate(at=Max("sent_at"))["at"]
    return last + timedelta(days=policy.survey_gap_days) if last and policy.survey_gap_days else None


def _ask_later(client_id: int, contact: User | None, now: datetime, free: datetime) -> None:
    payload = {"client": client_id, "contact": contact.pk if contact else None}
    key = f"{payload['client']}:{payload['contact']}:{free.isoformat()}"
    outbox.publish("survey.held", payload, key=key, now=now, due_at=free)


def _ask(asking: Mapping[str, Any], now: datetime) -> Survey:
    """Send it, with everything that was held for the same contact."""
    policy = LoopPolicy.current()
    until = now + timedelta(days=policy.survey_valid_days)
    survey = Survey.objects.create(**asking, nonce=secrets.token_urlsafe(32), sent_at=now, expires_at=until)
    held = HeldSurvey.objects.filter(client=survey.client_id, contact=survey.contact, asked_with=None)
    audit.record(survey.order, "survey", by=SYSTEM, now=now, data={"with": held.update(asked_with=survey)})
    remind_at = now + timedelta(hours=policy.survey_reminder_hours)
    outbox.publish("survey.send", {"id": survey.pk}, key=str(survey.pk), now=now)
    outbox.publish("survey.remind", {"id": survey.pk}, key=str(survey.pk), now=now, due_at=remind_at)
    return survey


@transaction.atomic
def send_held(client_id: int, contact_id: int | None, now: datetime) -> Survey | None:
    """Ask a contact what was held, by one question about the newest; None if there is nothing, or it is too soon."""
    Client.objects.select_for_update(no_key=True).get(pk=client_id)
    held = HeldSurvey.objects.filter(client=client_id, contact=contact_id, asked_with=None).select_related("contact")
    newest = held.order_by("held_at", "pk").last()
    if newest is None:
        return None
    free = _free_at(client_id, newest.contact, LoopPolicy.current())
    if free is not None and now < free:
        _ask_later(client_id, newest.contact, now, free)
        return None
    names = ("order_id", "client_id", "contact", "period_start", "period_end")
    return _ask({name: getattr(newest, name) for name in names}, now)


@transaction.atomic
def remind(survey_id: int, now: datetime) -> bool:
    """Note that the contact is reminded, once; False if they need not be."""
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey_id)
    if not is_waiting(survey, now) or survey.reminded_at is not None:
        return False
    survey.reminded_at = now
    survey.save(update_fields=["reminded_at"])
    return True


@transaction.atomic
def revoke(survey_id: int, *, by: Actor, now: datetime) -> Survey:
    """Make the link worthless; an answer that came stays. Repeating it changes nothing."""
    survey = Survey.objects.select_for_update(no_key=True, of=("self",)).select_related("order").get(pk=survey_id)
    if survey.revoked_at is None:
        survey.revoked_at = now
        survey.save(update_fields=["revoked_at"])
        audit.record(survey.order, "survey_revoked", by=by, now=now, data={"survey": survey.pk})
    return survey


@transaction.atomic
def answer(survey_id: int, answers: Answers, now: datetime, photo: Safe | None = None) -> Review:
    """Keep the answer; a bad one opens a case in the same transaction. Answering again gives the first answer.

    Raises `Invalid` for a figure outside 1–5 or a rating of somebody who did not serve, `LinkInvalid` too late.
    """
    survey = _survey(survey_id)
    if survey.answered_at is not None:
        return survey.review
    _usable(survey, now)
    _check(answers, survey)
    kept = {"survey": survey, "order": survey.order, "client_id": survey.client_id, "created_at": now}
    review = Review.objects.create(**kept, **answers.columns())
    _fill(review, answers, photo, now)
    survey.answered_at = now
    survey.save(update_fields=["answered_at"])
    audit.record(survey.order, "review", by=LINK, now=now, data={"overall": review.overall})
    _rated(review, answers.ratings, "rating", now)
    cases.open_if_bad(review, now)
    return review


@transaction.atomic
def edit(survey_id: int, answers: Answers, now: datetime, photo: Safe | None = None) -> Review:
    """Change an answer that came a short while ago; the one before stays in the audit.

    One that becomes bad opens a case; one that becomes good closes none: that needs the client's own word.
    Raises `Conflict` when the time for it is over, `LinkInvalid` and `Invalid` as `answer` does.
    """
    survey = _survey(survey_id)
    _usable(survey, now)
    if not is_editable(survey, now, LoopPolicy.current()):
        raise Conflict("edit_over", _("修改时间已过，您的评价保持不变。"))
    _check(answers, survey)
    review = survey.review
    before, after = said(review), answers.columns() | {"ratings": _by_text(answers.ratings)}
    if before == after and photo is None:
        return review
    for name, value in answers.columns().items():
        setattr(review, name, value)
    review.edited_at = now
    review.save()
    review.ratings.all().delete()
    _fill(review, answers, photo, now)
    audit.record(survey.order, "review_edit", by=LINK, now=now, data={"before": before, "after": after})
    _rated(review, {int(work) for work in (*before["ratings"], *after["ratings"])}, "edit", now)
    if not ReviewCase.objects.filter(review=review).exists():
        cases.open_if_bad(review, now)
    return review


def said(review: Review) -> dict[str, Any]:
    """An answer as data; stars by the assignment's id as text."""
    rated = _by_text(dict(review.ratings.values_list("assignment", "stars")))
    return {name: getattr(review, name) for name in Answers(0, 0, 0, 0).columns()} | {"ratings": rated}


def _by_text(ratings: Mapping[int, int]) -> dict[str, int]:
    return {str(work): stars for work, stars in sorted(ratings.items())}


def _survey(survey_id: int) -> Survey:
    rows = Survey.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("order").get(pk=survey_id)


def _rated(review: Review, assignments: Iterable[int], cause: str, now: datetime) -> None:
    """Say whose stars are to be counted anew."""
    if works := sorted(assignments):
        key = f"{review.pk}:{now.isoformat()}"
        outbox.publish("review.rated", {"assignments": works, "cause": cause}, key=key, now=now)


def _fill(review: Review, answers: Answers, photo: Safe | None, now: datetime) -> None:
    WorkerRating.objects.bulk_create(
        WorkerRating(review=review, assignment_id=work, stars=stars) for work, stars in answers.ratings.items()
    )
    if photo is not None:
        photos.keep(review, photo, now)


def served(order: Order, period: Period | None = None) -> list[Assignment]:
    """Who really came (in those days), each once, by their last shift: for the survey to ask about."""
    came = (AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
    rows = Assignment.objects.filter(position__shift__order=order, status__in=came)
    if period is not None:
        rows = rows.filter(start_at__gte=midnight(period[0]), start_at__lt=over_at(period))
    rows = rows.select_related("worker__user", "position__shift").order_by("start_at", "id")
    return list({work.worker_id: work for work in rows}.values())


def _check(answers: Answers, survey: Survey) -> None:
    figures = (answers.overall, answers.attendance, answers.skill_match, answers.attitude, *answers.ratings.values())
    if any(not 1 <= figure <= 5 for figure in figures):
        raise Invalid("bad_rating", _("评分须在 1 到 5 之间。"))
    if not set(answers.ratings) <= {work.pk for work in served(survey.order, survey.period)}:
        raise Invalid("foreign_rating", _("只能评价本次服务的人员。"))
