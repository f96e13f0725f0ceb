"""A survey's state in words."""

from datetime import datetime
from typing import TypedDict

from django.utils.translation import gettext as _

from feedback.models import Survey


class State(TypedDict):
    """Words and the colour of their mark."""

    text: str
    kind: str


def state(survey: Survey, now: datetime) -> State:
    """Where it stands at `now`."""
    if survey.answered_at is not None:
        return {"text": _("已答复 · %(n)s 分") % {"n": survey.review.overall}, "kind": "success"}
    if survey.revoked_at is not None:
        return {"text": _("已撤回"), "kind": "neutral"}
    if now >= survey.expires_at:
        return {"text": _("已过期"), "kind": "neutral"}
    return {"text": _("待答复"), "kind": "info"}
