"""Outbox subscribers of the watch: whatever says something about somebody's work makes it be looked at anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from feedback.services import watching
from orders.models import Appeal, Assignment
from staffing.core.outbox import on

Payload = Mapping[str, Any]


@on("assignment.check_out")
@on("assignment.no_show")
@on("assignment.cancel")
@on("assignment.reinstate")
def look_after_shift(payload: Payload, now: datetime) -> None:
    """A shift was served, missed or called off."""
    watching.review([Assignment.objects.values_list("worker_id", flat=True).get(pk=payload["id"])], now)


@on("review.rated")
def look_after_rating(payload: Payload, now: datetime) -> None:
    """Stars came, or were changed."""
    works = Assignment.objects.filter(pk__in=payload["assignments"])
    watching.review(works.values_list("worker_id", flat=True), now)


@on("appeal.file")
@on("appeal.accept")
@on("appeal.refuse")
def look_after_appeal(payload: Payload, now: datetime) -> None:
    """A strike in dispute does not count."""
    watching.review([Appeal.objects.values_list("assignment__worker_id", flat=True).get(pk=payload["id"])], now)


@on("standing.night")
def look_by_night(payload: Payload, now: datetime) -> None:
    """A day has passed: what was long ago counts no longer."""
    watching.review(watching.tonight(payload["first"], payload["last"]), now)
