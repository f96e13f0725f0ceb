"""Outbox subscribers of the stars: counted at once after a rating, and for each day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.models import StarChange
from feedback.services import stars
from orders.models import Assignment
from staffing.core import notices
from staffing.core.outbox import on

Payload = Mapping[str, Any]

notices.register("stars.up", _("恭喜，您升为 %(level)s 星"), _("最近的服务得到好评。点开可看每次服务各算多少。"))
notices.register("stars.down", _("您的星级变为 %(level)s 星"), _("点开可看原因，以及怎样再升上去。"))
notices.register("stars.none", _("您的星级认证暂停"), _("完成服务并得到评分后自动恢复。点开可看原因。"))


@on("review.rated")
def count_rated(payload: Payload, now: datetime) -> None:
    """Whoever was rated, or is no longer, is counted anew."""
    works = Assignment.objects.filter(pk__in=payload["assignments"])
    for worker in sorted(set(works.values_list("worker_id", flat=True))):
        stars.recount(worker, payload["cause"], now)


@on("assignment.check_out")
def count_served(payload: Payload, now: datetime) -> None:
    """A service more may bring a level that needs so many."""
    worker = Assignment.objects.values_list("worker_id", flat=True).get(pk=payload["id"])
    stars.recount(worker, StarChange.Cause.SERVICE, now)


@on("standing.night")
def count_aged(payload: Payload, now: datetime) -> None:
    """A day has passed: every rating weighs a little less."""
    stars.age(payload["first"], payload["last"], now)


@on("starchange")
def tell_of_change(payload: Payload, now: datetime) -> None:
    """The worker hears of a level won or lost."""
    change = StarChange.objects.select_related("worker__user").filter(pk=payload["id"]).first()
    if change is None or change.level_after == change.level_before:
        return
    kind = "stars.up" if change.level_after > change.level_before else "stars.down"
    kind, data = kind if change.level_after else "stars.none", {"level": change.level_after}
    url = reverse("feedback:my-stars")
    notices.tell([change.worker.user], kind, change, now=now, key=str(change.pk), data=data, url=url)
