"""The question on its way out of the house: the only places where the secret of its link is written into a text."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from feedback.models import Survey, SurveyChannel
from feedback.services import surveys
from staffing.core import channels, notices, webhooks


def by_mail(survey_id: int, kind: str, now: datetime) -> bool:
    """Write to the contact, or to the client's address for mail if the contact has none. False if nobody is written to.

    Raises what the mail server raises.
    """
    survey = _waiting(survey_id, now)
    address, language = _address(survey) if survey else ("", "")
    if survey is None or not address:
        return False
    channels.letter(address, notices.words_in(language, kind, about(survey), link_of(survey)))
    return True


def _address(survey: Survey) -> tuple[str, str]:
    """Where mail goes and in which language; "" for nowhere."""
    contact = survey.contact
    if contact is not None and contact.is_active and contact.email:
        return contact.email, contact.language
    return survey.client.contact_email, contact.language if contact else settings.LANGUAGE_CODE


def by_webhook(survey_id: int, kind: str, now: datetime) -> bool:
    """Hand the link to the client's own address, signed. False if it has none. Raises `WebhookRefused`."""
    survey = _waiting(survey_id, now)
    channel = SurveyChannel.objects.filter(client=survey.client_id).exclude(url="").first() if survey else None
    if survey is None or channel is None:
        return False
    webhooks.post(channel.url, channel.secret, json.dumps(_body(survey, kind), ensure_ascii=False).encode())
    return True


def _body(survey: Survey, kind: str) -> dict[str, Any]:
    """What the client's machines read: times in ISO 8601 with offset."""
    first, last = survey.period or (None, None)
    return {
        "event": kind,
        "survey": survey.pk,
        "order": survey.order.number,
        "title": survey.order.title,
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
        "url": f"{settings.PUBLIC_URL}{link_of(survey)}",
        "expires_at": survey.expires_at.isoformat(),
    }


def _waiting(survey_id: int, now: datetime) -> Survey | None:
    """The survey, unless its time has passed since it was to be sent."""
    survey = Survey.objects.select_related("order__client", "client", "contact").get(pk=survey_id)
    return survey if surveys.is_waiting(survey, now) else None


def about(survey: Survey) -> dict[str, Any]:
    """What the words about a survey may say."""
    order = survey.order
    return {"number": order.number, "title": order.title, "client": survey.client.name}


def link_of(survey: Survey) -> str:
    """The page behind the secret, without the host."""
    return reverse("feedback:survey", args=[surveys.token_of(survey)])
