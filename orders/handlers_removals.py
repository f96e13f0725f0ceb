"""Outbox subscribers of removals: what follows for the orders when somebody is no longer sent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.services import removals
from staffing.core import notices
from staffing.core.outbox import on
from workers.models import Worker

Payload = Mapping[str, Any]

notices.register(
    "removal.holds",
    _("%(worker)s 已不再派单，还占着 %(n)s 个班次或候补"),
    _("班次不会自动取消。请查看后一次释放并找替补，或逐个处理。"),
)


@on("worker.suspend")
@on("worker.leave")
@on("worker.uphold_suspend")
@on("worker.uphold_leave")
def pass_on(payload: Payload, now: datetime) -> None:
    """Questions go to others; dispatchers hear of what is still booked."""
    held = removals.leave(payload["id"], now)
    if not held:
        return
    worker = Worker.objects.select_related("user").get(pk=payload["id"])
    data = {"worker": worker.user.name, "n": held}
    url = reverse("orders:desk-person-shifts", args=[worker.pk])
    rest = {"data": data, "url": url, "while_state": worker.status}
    notices.tell_agency("removal.holds", worker, now=now, key=payload["event"], **rest)
