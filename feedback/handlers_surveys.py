"""Outbox subscribers of the survey: whom the question reaches, and by which way.

No row keeps the secret of a link: it is made when a letter leaves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.models import Survey
from feedback.services import survey_letters, survey_weeks, surveys
from staffing.core import notices, outbox
from staffing.core.outbox import on

Payload = Mapping[str, Any]

notices.register("survey.sent", _("请评价订单 %(number)s"), _("%(title)s：只需一分钟告诉我们做得如何。"))
notices.register("survey.reminder", _("还差您的评价：订单 %(number)s"), _("%(title)s：您的意见会直接用于改进。"))


def announce(survey_id: int, kind: str, now: datetime) -> None:
    """The contact's inbox at once; letter and webhook behind rows of their own, so that none holds the other."""
    survey = Survey.objects.select_related("order__client", "contact").get(pk=survey_id)
    if not surveys.is_waiting(survey, now):
        return
    people = [survey.contact] if survey.contact and survey.contact.is_active else []
    url, key = reverse("feedback:client-survey", args=[survey.pk]), str(survey.pk)
    notices.tell(people, kind, survey, now=now, key=key, data=survey_letters.about(survey), url=url, by_mail=False)
    for way in ("survey.letter", "survey.webhook"):
        outbox.publish(way, {"id": survey.pk, "kind": kind}, key=f"{kind}:{key}", now=now)


@on("survey.letter", queue="notify")
def send_letter(payload: Payload, now: datetime) -> None:
    """The link by e-mail, with its secret; nothing once it was answered or taken back."""
    survey_letters.by_mail(payload["id"], payload["kind"], now)


@on("survey.webhook", queue="notify")
def call_webhook(payload: Payload, now: datetime) -> None:
    """The link to the client's own machines, signed, if the client wants that."""
    survey_letters.by_webhook(payload["id"], payload["kind"], now)


@on("survey.held")
def ask_what_was_held(payload: Payload, now: datetime) -> None:
    """The contact may be asked again."""
    surveys.send_held(payload["client"], payload["contact"], now)


@on("order.start")
def plan_weeks(payload: Payload, now: datetime) -> None:
    """A long order that begins is asked about every week."""
    survey_weeks.plan(payload["id"], now)


@on("order.amend")
def plan_weeks_again(payload: Payload, now: datetime) -> None:
    """An order that runs may have become a long one."""
    survey_weeks.plan(payload["id"], now)


@on("survey.week")
def ask_about_week(payload: Payload, now: datetime) -> None:
    """A week of a long order is over."""
    survey_weeks.ask_about_week(payload["id"], payload["first"], now)
