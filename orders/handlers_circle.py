"""Outbox subscribers of the clients' lists: what ends by itself, and conflicts of interest to be looked at."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.models import ConflictOfInterest
from orders.services import circle, conflicts
from staffing.core import notices
from staffing.core.actors import SYSTEM
from staffing.core.outbox import on

Payload = Mapping[str, Any]

notices.register("conflict.unknown", _("%(worker)s 申报了利益冲突"), _("公司：%(company)s。请确认对应哪个客户。"))


@on(circle.OVER)
def leave_list(payload: Payload, now: datetime) -> None:
    """The last day on a client's list is over."""
    circle.lapse(payload["list"], payload["id"], now)


@on(conflicts.OVER)
def end_conflict(payload: Payload, now: datetime) -> None:
    """The last day of a conflict is over."""
    conflicts.lapse(payload["id"], now)


@on("conflict.declare")
def place_conflict(payload: Payload, now: datetime) -> None:
    """A company that is a client by its name is barred at once; of any other a dispatcher says which it is."""
    row = ConflictOfInterest.objects.select_related("worker__user").filter(pk=payload["id"], ended_at=None).first()
    if row is None or row.client_id is not None:
        return
    if (client := conflicts.client_named(row.company)) is not None:
        conflicts.place(row.pk, client, by=SYSTEM, now=now)
        return
    data = {"worker": row.worker.user.name, "company": row.company}
    notices.tell_agency("conflict.unknown", row, now=now, key=str(row.pk), data=data, url=reverse("orders:conflicts"))
