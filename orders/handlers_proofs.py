"""Who hears of punches that somebody has to look at, and of what was decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.handlers import tell_of_correction
from orders.models import PunchRequest
from orders.states import AssignmentStatus, PunchRequestStatus
from staffing.core import notices
from staffing.core.outbox import on

Payload = Mapping[str, Any]

notices.register(
    "punch.waiting.field", _("%(worker)s 外勤打卡待审核"), _("订单 %(number)s %(title)s：%(claimed_at)s，%(remark)s")
)
notices.register(
    "punch.waiting.missed", _("%(worker)s 申请补卡"), _("订单 %(number)s %(title)s：%(claimed_at)s，%(remark)s")
)
notices.register(
    "punch.waiting.queued",
    _("%(worker)s 的离线打卡待审核"),
    _("订单 %(number)s %(title)s：%(claimed_at)s 打卡，之后才上传。"),
)
notices.register("punch.approved", _("打卡已通过审核"), _("%(title)s：%(claimed_at)s 的打卡有效。"))
notices.register(
    "punch.refused",
    _("打卡未通过审核"),
    _("%(title)s：%(claimed_at)s 的打卡无效。理由：%(reason)s 如仍在岗，请重新打卡。"),
)


@on("punchrequest.ask")
def tell_of_waiting(payload: Payload, now: datetime) -> None:
    """Dispatchers hear of a punch, as long as it waits."""
    row, data = _about(payload["id"])
    notices.tell_agency(
        f"punch.waiting.{row.why}",
        row,
        now=now,
        key=str(row.pk),
        data=data,
        url=reverse("orders:desk-proofs"),
        while_state=PunchRequestStatus.WAITING,
    )


@on("punchrequest.approve")
def tell_of_approval(payload: Payload, now: datetime) -> None:
    """The worker hears that the punch counts; where it only took back a strike, the appeal's notice says so."""
    if PunchRequest.objects.exclude(assignment__status=AssignmentStatus.NO_SHOW).filter(pk=payload["id"]).exists():
        _tell_worker("punch.approved", payload["id"], now)


@on("punchrequest.refuse")
def tell_of_refusal(payload: Payload, now: datetime) -> None:
    """The worker hears that it does not, and why."""
    _tell_worker("punch.refused", payload["id"], now)


@on("timesheet.recount")
def tell_of_new_hours(payload: Payload, now: datetime) -> None:
    """The client hears that hours have followed a punch that was set right, and wait for them again."""
    tell_of_correction(payload, now)


def _tell_worker(kind: str, request_id: int, now: datetime) -> None:
    row, data = _about(request_id)
    url = reverse("orders:my-shift", args=[row.assignment_id])
    notices.tell([row.assignment.worker.user], kind, row, now=now, key=str(row.pk), data=data, url=url)


def _about(request_id: int) -> tuple[PunchRequest, dict[str, Any]]:
    related = ("assignment__worker__user", "assignment__position__shift__order")
    row = PunchRequest.objects.select_related(*related).get(pk=request_id)
    order = row.assignment.position.shift.order
    return row, {
        "worker": row.assignment.worker.user.name,
        "number": order.number,
        "title": order.title,
        "claimed_at": row.claimed_at.isoformat(),
        "remark": row.remark,
        "reason": row.decision,
    }
