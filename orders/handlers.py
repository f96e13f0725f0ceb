"""Outbox subscribers of the order line: each takes ids, calls one service, and tolerates a repeat."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders import handlers_planning, handlers_turning_up  # noqa: F401  # their subscribers are loaded with these
from orders.models import Assignment, Offer, Order, Timesheet
from orders.services import attendance, offers, ordering, proposing, timesheets, turning_up, waves
from orders.states import ACTIVE_ASSIGNMENT, OfferStatus, OrderStatus, TimesheetStatus
from staffing.core import notices
from staffing.core.models import AuditEvent, User
from staffing.core.outbox import on

Payload = Mapping[str, Any]

notices.register("order.proposed", _("订单 %(number)s 已完成匹配"), _("%(client)s · %(title)s，待确认派单。"))
notices.register(
    "order.copied", _("已为您提交订单 %(number)s"), _("%(title)s：与上周订单 %(source)s 相同，由调度代为提交。")
)
notices.register("order.filled", _("订单 %(number)s 已满员"), _("%(title)s 的所有名额均已有人接单。"))
notices.register("offer.sent", _("新派单：%(title)s"), _("%(client)s，请在 %(until_at)s 前答复。"))
notices.register(
    "offer.taken",
    _("%(title)s 已被他人接走"),
    _("%(start_at)s 的班次刚刚有人先接单，谢谢您愿意帮忙；有新派单会再通知您。"),
)
notices.register("absence.agency", _("%(worker)s 未到岗"), _("订单 %(number)s %(title)s，系统已开始寻找替补。"))
notices.register("absence.client", _("%(worker)s 未能到岗"), _("%(title)s：我们已开始安排替补，请稍候。"))
notices.register("absence.worker", _("您被记为未到岗"), _("%(title)s：未在规定时间内签到，如有异议请联系调度。"))
notices.register("assignment.lost", _("%(worker)s 已取消"), _("订单 %(number)s %(title)s，系统已开始寻找替补。"))
notices.register("assignment.released", _("您的班次已取消"), _("%(title)s：%(start_at)s 的班次无需前往。"))
notices.register("replacement.found", _("替补已确认"), _("%(title)s：%(worker)s 已接单。"))
notices.register(
    "timesheet.waiting", _("订单 %(number)s 有工时待确认"), _("%(title)s：请批准或提出异议，逾期自动批准。")
)
notices.register("timesheet.disputed", _("订单 %(number)s 的工时有异议"), _("%(worker)s：%(dispute)s"))
notices.register("timesheet.corrected", _("订单 %(number)s 的工时已更正"), _("%(worker)s：请再次确认，逾期自动批准。"))
notices.register("order.cancelled", _("订单 %(number)s 已取消"), _("%(client)s · %(title)s：%(reason)s"))


def members_of(order: Order) -> list[User]:
    """The client's people who hear about the order."""
    return list(User.objects.filter(membership__client=order.client_id, is_active=True))


def about(order: Order, **more: Any) -> dict[str, Any]:
    """What every notice about an order may say."""
    return {"number": order.number, "title": order.title, "client": order.client.name, **more}


def client_url(order: Order) -> str:
    """The order's page for its client."""
    return reverse("orders:client-order", args=[order.pk])


def desk_url(order: Order) -> str:
    """The order's page for dispatchers."""
    return reverse("orders:desk-order", args=[order.pk])


@on("order.submit", queue="matching")
def match(payload: Payload, now: datetime) -> None:
    """A submitted order is matched at once."""
    proposing.propose_order(payload["id"], now)


@on("order.repropose", queue="matching")
def match_again(payload: Payload, now: datetime) -> None:
    """A proposal that was thrown away is made afresh."""
    proposing.propose_order(payload["id"], now)


@on("order.propose")
def tell_of_proposal(payload: Payload, now: datetime) -> None:
    """Dispatchers hear that a proposal waits for them, unless it was confirmed by itself."""
    order = Order.objects.select_related("client").get(pk=payload["id"])
    if order.status == OrderStatus.PROPOSED:
        notices.tell_agency(
            "order.proposed",
            order,
            now=now,
            key=payload["event"],
            data=about(order),
            url=desk_url(order),
            while_state=OrderStatus.PROPOSED,
        )


@on("order.fill")
def tell_of_fill(payload: Payload, now: datetime) -> None:
    """The client hears once that everybody has said yes; of a place filled again `replacement.found` speaks."""
    order = Order.objects.select_related("client").get(pk=payload["id"])
    notices.tell(
        members_of(order),
        "order.filled",
        order,
        now=now,
        key=str(order.pk),
        data=about(order),
        url=client_url(order),
        while_state=OrderStatus.FILLED,
    )


@on("order.cancel")
def tell_of_called_off(payload: Payload, now: datetime) -> None:
    """Agency and client hear that a submitted order was called off; a draft nobody waits for."""
    order = Order.objects.select_related("client").get(pk=payload["id"])
    if order.submitted_at is None:
        return
    reason = AuditEvent.objects.get(pk=payload["event"]).reason
    data, key = about(order, reason=reason), str(order.pk)
    notices.tell_agency("order.cancelled", order, now=now, key=key, data=data, url=desk_url(order))
    notices.tell(members_of(order), "order.cancelled", order, now=now, key=key, data=data, url=client_url(order))


@on("position.seek", queue="matching")
def seek(payload: Payload, now: datetime) -> None:
    """Find the next person for an open place, or the first of several."""
    waves.seek(payload["id"], now)


@on("position.wave", queue="matching")
def next_wave(payload: Payload, now: datetime) -> None:
    """Nobody has said yes so far: more people are asked."""
    waves.follow(payload["id"], payload["wave"], now)


@on("offer.send")
def tell_of_offer(payload: Payload, now: datetime) -> None:
    """The worker hears of the offer, as long as it waits."""
    offer = Offer.objects.select_related("worker__user", "position__shift__order__client").get(pk=payload["id"])
    order = offer.position.shift.order
    notices.tell(
        [offer.worker.user],
        "offer.sent",
        offer,
        now=now,
        key=str(offer.pk),
        data=about(order, until_at=offer.expires_at.isoformat()),
        url=reverse("orders:my-offers"),
        while_state=OfferStatus.PENDING,
    )


@on("offer.withdraw")
def tell_of_taken(payload: Payload, now: datetime) -> None:
    """Who was asked and comes too late hears that the shift has found somebody."""
    offer = Offer.objects.select_related("worker__user", "position__shift__order__client").get(pk=payload["id"])
    if offer.reason != offers.TAKEN:
        return
    shift = offer.position.shift
    data = about(shift.order, start_at=shift.start_at.isoformat())
    url = reverse("orders:my-offers")
    notices.tell([offer.worker.user], "offer.taken", offer, now=now, key=str(offer.pk), data=data, url=url)


@on("offer.expiry")
def expire(payload: Payload, now: datetime) -> None:
    """An unanswered offer passes to the next."""
    offers.expire(payload["id"], now)


@on("assignment.book")
def take_back_clashing(payload: Payload, now: datetime) -> None:
    """A yes takes the worker's clashing offers back."""
    offers.take_back_clashing(payload["id"], now)


@on("assignment.book")
def tell_of_replacement(payload: Payload, now: datetime) -> None:
    """The client hears who comes instead."""
    work = _work(payload["id"])
    if work.replaces_id is None or work.status not in ACTIVE_ASSIGNMENT:
        return
    order = work.position.shift.order
    data = about(order, worker=work.worker.user.name)
    notices.tell(
        members_of(order), "replacement.found", work, now=now, key=str(work.pk), data=data, url=client_url(order)
    )


@on("assignment.absence")
def declare_absent(payload: Payload, now: datetime) -> None:
    """No sign of the worker by the time stated: no-show and replacement."""
    attendance.declare_absent(payload["id"], now)


@on("assignment.no_show")
def tell_of_absence(payload: Payload, now: datetime) -> None:
    """Client, agency and worker hear of the no-show."""
    work = _work(payload["id"])
    order = work.position.shift.order
    data, key = about(order, worker=work.worker.user.name), str(work.pk)
    notices.tell_agency("absence.agency", work, now=now, key=key, data=data, url=desk_url(order))
    notices.tell(members_of(order), "absence.client", work, now=now, key=key, data=data, url=client_url(order))
    notices.tell(
        [work.worker.user], "absence.worker", work, now=now, key=key, data=data, url=reverse("orders:my-today")
    )


@on("assignment.cancel")
def tell_of_cancellation(payload: Payload, now: datetime) -> None:
    """Dispatchers hear that a worker called off."""
    work = _work(payload["id"])
    order = work.position.shift.order
    data = about(order, worker=work.worker.user.name)
    notices.tell_agency("assignment.lost", work, now=now, key=str(work.pk), data=data, url=desk_url(order))


@on("assignment.release")
def tell_of_release(payload: Payload, now: datetime) -> None:
    """The worker hears that they need not come, and why if it is for their own silence."""
    work = _work(payload["id"])
    silent = AuditEvent.objects.get(pk=payload["event"]).reason == turning_up.UNCONFIRMED
    order = work.position.shift.order
    data = about(order, start_at=work.start_at.isoformat())
    notices.tell(
        [work.worker.user],
        "turn.released" if silent else "assignment.released",
        work,
        now=now,
        key=str(work.pk),
        data=data,
        url=reverse("orders:my-schedule"),
    )


@on("assignment.forgotten")
def check_out_forgotten(payload: Payload, now: datetime) -> None:
    """Who forgot to check out is checked out as of the planned end."""
    attendance.check_out_forgotten(payload["id"], now)


@on("assignment.check_out")
def settle_after_check_out(payload: Payload, now: datetime) -> None:
    """The last one to leave ends the order."""
    ordering.settle(_work(payload["id"]).position.shift.order_id, now)


@on("assignment.no_show")
def settle_after_no_show(payload: Payload, now: datetime) -> None:
    """A no-show at the very end may end the order too."""
    ordering.settle(_work(payload["id"]).position.shift.order_id, now)


@on("order.finish")
def finish(payload: Payload, now: datetime) -> None:
    """The order's last shift has ended."""
    ordering.settle(payload["id"], now)


@on("timesheet.submit")
def tell_of_timesheet(payload: Payload, now: datetime) -> None:
    """The client hears once an order that hours wait for approval."""
    work = Assignment.objects.select_related("position__shift__order__client").get(timesheet=payload["id"])
    order = work.position.shift.order
    key = f"{order.pk}:{work.position.shift_id}"
    notices.tell(
        members_of(order), "timesheet.waiting", order, now=now, key=key, data=about(order), url=client_url(order)
    )


@on("timesheet.dispute")
def tell_of_dispute(payload: Payload, now: datetime) -> None:
    """Dispatchers hear that the client does not accept hours."""
    sheet, order = _sheet(payload["id"])
    data = about(order, worker=sheet.assignment.worker.user.name, dispute=sheet.dispute)
    notices.tell_agency(
        "timesheet.disputed",
        sheet,
        now=now,
        key=payload["event"],
        data=data,
        url=desk_url(order),
        while_state=TimesheetStatus.DISPUTED,
    )


@on("timesheet.correct")
def tell_of_correction(payload: Payload, now: datetime) -> None:
    """The client hears that hours were set right and wait for them again."""
    sheet, order = _sheet(payload["id"])
    data = about(order, worker=sheet.assignment.worker.user.name)
    notices.tell(
        members_of(order),
        "timesheet.corrected",
        sheet,
        now=now,
        key=payload["event"],
        data=data,
        url=client_url(order),
        while_state=TimesheetStatus.SUBMITTED,
    )


@on("timesheet.auto_approve")
def auto_approve(payload: Payload, now: datetime) -> None:
    """Hours that the client left alone are approved by time."""
    timesheets.auto_approve(payload["id"], now)


def _work(assignment_id: int) -> Assignment:
    return Assignment.objects.select_related("worker__user", "position__shift__order__client").get(pk=assignment_id)


def _sheet(timesheet_id: int) -> tuple[Timesheet, Order]:
    related = "assignment__position__shift__order__client"
    sheet = Timesheet.objects.select_related("assignment__worker__user", related).get(pk=timesheet_id)
    return sheet, sheet.assignment.position.shift.order
