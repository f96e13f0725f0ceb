"""Outbox subscribers of swaps and appeals: who is told what, and what ends by itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders.models import Appeal, Assignment, SwapRequest
from orders.selectors import swaps as reads
from orders.services import reliability, swaps
from orders.services.appeals import LEVELS
from orders.states import AppealStatus, SwapStatus
from staffing.core import notices
from staffing.core.models import Role, User
from staffing.core.outbox import on

Payload = Mapping[str, Any]

notices.register("swap.asked", _("同事想换班：%(title)s"), _("%(client)s，%(start_at)s 的班次。您愿意接手吗？"))
notices.register("swap.taken", _("有同事愿意接手您的班次"), _("%(title)s：%(start_at)s，批准之前仍由您负责。"))
notices.register("swap.waits", _("换班待批准"), _("%(title)s：%(start_at)s，%(worker)s → %(taker)s。"))
notices.register("swap.given", _("换班成功，您不用去了"), _("%(title)s：%(start_at)s 由同事接手。"))
notices.register("swap.got", _("换班成功，班次归您了"), _("%(title)s：%(start_at)s，已排入您的班表。"))
notices.register("swap.refused", _("换班未获批准"), _("%(title)s：%(start_at)s。%(reason)s"))
notices.register("swap.over", _("没有同事接手"), _("%(title)s：%(start_at)s 的班次仍由您负责。"))
notices.register("swap.called_off", _("换班已取消"), _("%(title)s：%(start_at)s 的班次不需要您接手了。"))
notices.register(
    "swap.backed_out", _("接手的同事改了主意"), _("%(title)s：%(start_at)s 的班次仍由您负责，继续等人接手。")
)
notices.register("appeal.waits", _("%(worker)s 提出申诉"), _("%(title)s：%(start_at)s。%(text)s"))
notices.register("appeal.accepted", _("申诉成功，记录已撤销"), _("%(title)s：%(start_at)s。%(decision)s"))
notices.register("appeal.refused", _("申诉未通过"), _("%(title)s：%(start_at)s。%(decision)s"))


def _swap(swap_id: int) -> SwapRequest:
    related = ("taker__user", "only__user", "found", "assignment__worker__user")
    order = "assignment__position__shift__order"
    return SwapRequest.objects.select_related(*related, f"{order}__client", f"{order}__city").get(pk=swap_id)


def _about(work: Assignment, **more: str) -> dict[str, str]:
    order = work.position.shift.order
    return {"title": order.title, "client": order.client.name, "start_at": work.start_at.isoformat(), **more}


def _tell(users: Iterable[User], kind: str, swap: SwapRequest, now: datetime, key: str, **more: str) -> None:
    """Tell people of a swap, as long as it is where it is now."""
    url, data = reverse("orders:my-swap-request", args=[swap.pk]), _about(swap.assignment, **more)
    notices.tell(users, kind, swap, now=now, key=key, data=data, url=url, while_state=swap.status)


@on("swaprequest.ask", queue="matching")
def ask_colleagues(payload: Payload, now: datetime) -> None:
    """The colleague who was named hears of it, or the best of those who suit."""
    swap = _swap(payload["id"])
    if swap.status == SwapStatus.OPEN:
        people = [swap.only] if swap.only else reads.best_colleagues(swap, now)
        _tell([worker.user for worker in people], "swap.asked", swap, now, str(swap.pk))


@on("swaprequest.take")
def tell_of_yes(payload: Payload, now: datetime) -> None:
    """The asker and the dispatchers hear that somebody would; nothing where it has changed hands already."""
    swap = _swap(payload["id"])
    if swap.status != SwapStatus.TAKEN or swap.taker is None:
        return
    key = payload["event"]
    _tell([swap.assignment.worker.user], "swap.taken", swap, now, key)
    names = {"worker": swap.assignment.worker.user.name, "taker": swap.taker.user.name}
    url, data = reverse("orders:desk-swaps"), _about(swap.assignment, **names)
    notices.tell_agency("swap.waits", swap, now=now, key=key, data=data, url=url, while_state=SwapStatus.TAKEN)


@on("swaprequest.approve")
def tell_of_exchange(payload: Payload, now: datetime) -> None:
    """Both hear whose shift it is now."""
    swap = _swap(payload["id"])
    assert swap.taker is not None, "a swap that is done has a taker"
    _tell([swap.assignment.worker.user], "swap.given", swap, now, f"{swap.pk}")
    _tell([swap.taker.user], "swap.got", swap, now, f"{swap.pk}")


@on("swaprequest.refuse")
def tell_of_refusal(payload: Payload, now: datetime) -> None:
    """Both hear that it stays as it was, and why."""
    swap = _swap(payload["id"])
    both = [swap.assignment.worker.user, *([swap.taker.user] if swap.taker else [])]
    _tell(both, "swap.refused", swap, now, f"{swap.pk}", reason=swap.reason)


@on("swaprequest.expire")
def tell_of_end(payload: Payload, now: datetime) -> None:
    """The asker hears that it stays theirs; who said yes, that nothing came of it."""
    swap = _swap(payload["id"])
    _tell([swap.assignment.worker.user], "swap.over", swap, now, f"{swap.pk}")
    if swap.taker:
        _tell([swap.taker.user], "swap.called_off", swap, now, f"{swap.pk}")


@on("swaprequest.withdraw")
def tell_of_withdrawal(payload: Payload, now: datetime) -> None:
    """Who said yes hears that it is not wanted any more."""
    swap = _swap(payload["id"])
    if swap.taker:
        _tell([swap.taker.user], "swap.called_off", swap, now, f"{swap.pk}")


@on("swaprequest.back_out")
def tell_of_change_of_mind(payload: Payload, now: datetime) -> None:
    """The asker hears that the shift is theirs as before."""
    swap = _swap(payload["id"])
    _tell([swap.assignment.worker.user], "swap.backed_out", swap, now, payload["event"])


@on("swaprequest.expiry")
def expire(payload: Payload, now: datetime) -> None:
    """The time in which a shift may change hands is over."""
    swaps.expire(payload["id"], now)


@on("assignment.cancel")
@on("assignment.release")
@on("assignment.no_show")
@on("assignment.check_in")
def close(payload: Payload, now: datetime) -> None:
    """A booking that has ended or begun is nothing to swap any more."""
    swaps.close_for(payload["id"], now)


@on("appeal.file")
def tell_of_appeal(payload: Payload, now: datetime) -> None:
    """Who may decide hears of it: a dispatcher first, a manager the second time."""
    appeal = _appeal(payload["id"])
    data = _about(appeal.assignment, worker=appeal.assignment.worker.user.name, text=appeal.text[:80])
    roles = (Role.MANAGER,) if appeal.level == LEVELS else (Role.DISPATCHER,)
    url, waiting = reverse("orders:desk-appeals"), AppealStatus.OPEN
    key = str(appeal.pk)
    notices.tell_agency("appeal.waits", appeal, now=now, key=key, roles=roles, data=data, url=url, while_state=waiting)


@on("appeal.accept")
@on("appeal.refuse")
def tell_of_decision(payload: Payload, now: datetime) -> None:
    """The worker hears what came of it."""
    appeal = _appeal(payload["id"])
    kind = "appeal.accepted" if appeal.status == AppealStatus.ACCEPTED else "appeal.refused"
    data, url = _about(appeal.assignment, decision=appeal.decision), reverse("orders:my-figures")
    notices.tell([appeal.assignment.worker.user], kind, appeal, now=now, key=str(appeal.pk), data=data, url=url)


@on("appeal.file")
@on("appeal.accept")
@on("appeal.refuse")
def count_anew(payload: Payload, now: datetime) -> None:
    """What is in dispute does not count, what was taken back never again."""
    reliability.update(_appeal(payload["id"]).assignment.worker_id, now)


def _appeal(appeal_id: int) -> Appeal:
    related = ("assignment__worker__user", "assignment__position__shift__order__client")
    return Appeal.objects.select_related(*related).get(pk=appeal_id)
