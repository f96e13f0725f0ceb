"""Surveys as the desk sees them: sent, answered, taken back, and what was held for a contact's sake."""

from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.models import HeldSurvey, Survey

STATES = [
    ("waiting", _("待答复")),
    ("answered", _("已答复")),
    ("expired", _("已过期")),
    ("revoked", _("已撤回")),
    ("with_held", _("并入了暂缓的")),
]


def listed() -> QuerySet[Survey]:
    """With client, order, contact and answer, and how many held ones went along (`along`)."""
    rows = Survey.objects.select_related("client", "order", "contact", "review")
    return rows.annotate(along=Count("held")).order_by("-sent_at", "-pk")


def in_state(found: QuerySet[Survey], state: str, now: datetime) -> QuerySet[Survey]:
    """Those that stand so at `now`."""
    unanswered = found.filter(answered_at__isnull=True, revoked_at__isnull=True)
    return {
        "waiting": unanswered.filter(expires_at__gt=now),
        "expired": unanswered.filter(expires_at__lte=now),
        "answered": found.filter(answered_at__isnull=False),
        "revoked": found.filter(revoked_at__isnull=False),
        "with_held": found.filter(held__isnull=False),
    }[state]


def held_back() -> dict[str, int]:
    """How many questions were held: those that still wait, and those that went along with another."""
    asked = Count("asked_with")
    return HeldSurvey.objects.aggregate(along=asked, waiting=Count("pk") - asked)
