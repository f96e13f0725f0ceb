"""Outbox subscribers of turning up: what is due before a shift, and who hears of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orders import ways
from orders.models import Assignment, BenchPlace, OrderPolicy
from orders.services import bench, reliability, turning_up
from orders.states import AssignmentStatus, BenchStatus
from staffing.core import notices
from staffing.core.outbox import on

Payload = Mapping[str, Any]
BOOKED = AssignmentStatus.BOOKED

notices.register(
    "turn.ask", _("请确认到岗：%(title)s"), _("%(client)s，%(start_at)s 开始。来不了请尽早取消，方便换人。")
)
notices.register(
    "turn.ask_again", _("还没有确认到岗：%(title)s"), _("%(client)s，%(start_at)s 开始。请现在确认，或取消班次。")
)
notices.register(
    "turn.warn",
    _("最后提醒：请确认到岗 %(title)s"),
    _("%(client)s，%(start_at)s 开始。%(release_at)s 前不确认，名额将转给他人。"),
)
notices.register(
    "turn.remind", _("%(start_at)s 上岗：%(title)s"), _("%(client)s，请准时打卡；需要到现场的，请预留路上时间。")
)
notices.register(
    "turn.leave", _("该出发了：%(title)s"), _("%(client)s · %(place)s，路上约需 %(minutes)s 分钟。出发后请报告。")
)
notices.register(
    "turn.doubt", _("%(worker)s 未确认到岗"), _("订单 %(number)s %(title)s，%(start_at)s 开始，有缺岗风险。")
)
notices.register(
    "turn.released", _("您的班次已转给他人"), _("%(title)s：%(start_at)s 的班次您一直没有确认，无需前往。")
)
notices.register(
    "bench.invite",
    _("邀请您候补待命：%(start_at)s 起"),
    _("至 %(end_at)s，待命补贴 ¥%(rate)s/小时；有人缺岗时优先通知您。请在 %(until_at)s 前答复。"),
)
notices.register("bench.soon", _("请准备：可能需要您上岗"), _("%(start_at)s 起的候补时段，有班次的人尚未确认到岗。"))
notices.register("bench.released", _("候补待命结束"), _("%(start_at)s 起的候补时段不再需要您，已待命的时间照付补贴。"))


@on("assignment.book")
def plan_steps(payload: Payload, now: datetime) -> None:
    """Who has said yes is asked and reminded before the shift; the day gets its bench, or somebody leaves it."""
    turning_up.plan(payload["id"], now)
    bench.schedule(_work(payload["id"]), now)
    bench.call(payload["id"], now)


@on(turning_up.TOPIC)
def take_step(payload: Payload, now: datetime) -> None:
    """A step whose hour has come."""
    turning_up.take(payload["id"], payload["step"], now)


@on(turning_up.RELEASE, queue="matching")
def release_silent(payload: Payload, now: datetime) -> None:
    """The hour at which silence costs the place has come; whether anybody else could come is asked of the engine."""
    turning_up.take(payload["id"], "release", now)


@on("assignment.ask")
def ask(payload: Payload, now: datetime) -> None:
    """The worker is asked whether they come."""
    _tell_worker("turn.ask", payload, now)


@on("assignment.warn")
def warn(payload: Payload, now: datetime) -> None:
    """The worker is asked again, and told what silence costs."""
    work, policy = _work(payload["id"]), OrderPolicy.current()
    table = turning_up.table_of(work, policy)
    warned = turning_up.released_from(table, work.warned_at or now, turning_up.rhythm_of(policy))
    lost = policy.auto_release_unconfirmed and warned is not None and warned < work.start_at
    more = {"release_at": warned.isoformat()} if lost and warned else {}
    _tell_worker("turn.warn" if lost else "turn.ask_again", payload, now, **more)


@on("assignment.remind")
def remind(payload: Payload, now: datetime) -> None:
    """The worker is reminded of the shift."""
    _tell_worker("turn.remind", payload, now)


@on("assignment.leave")
def remind_to_leave(payload: Payload, now: datetime) -> None:
    """The worker should be on the way by now."""
    work = _work(payload["id"])
    way = ways.way_of(work, OrderPolicy.current())
    if way is not None:
        site = work.position.shift.order.site
        _tell_worker(
            "turn.leave", payload, now, minutes=int(way.total_seconds() // 60), place=site.name if site else ""
        )


@on("assignment.doubt")
def tell_of_doubt(payload: Payload, now: datetime) -> None:
    """Dispatchers hear that somebody has not confirmed."""
    work = _work(payload["id"])
    if work.confirmed_at is not None:
        return
    order = work.position.shift.order
    data = _about(work) | {"worker": work.worker.user.name, "number": order.number}
    url = reverse("orders:desk-today") + "?kind=at_risk"
    notices.tell_agency("turn.doubt", work, now=now, key=str(work.pk), data=data, url=url, while_state=BOOKED)


@on("assignment.check_out")
def count_service(payload: Payload, now: datetime) -> None:
    """A service counts for the worker's reliability."""
    reliability.update(_work(payload["id"]).worker_id, now)


@on("assignment.no_show")
def count_no_show(payload: Payload, now: datetime) -> None:
    """A no-show counts against it."""
    reliability.update(_work(payload["id"]).worker_id, now)


@on("assignment.cancel")
def count_cancellation(payload: Payload, now: datetime) -> None:
    """So does calling off at the last moment."""
    reliability.update(_work(payload["id"]).worker_id, now)


@on("order.cancel")
def count_bench_without_order(payload: Payload, now: datetime) -> None:
    """An order was called off: perhaps fewer need to stand by."""
    bench.schedule_order(payload["id"], now)


@on("order.amend")
def count_bench_of_changed_order(payload: Payload, now: datetime) -> None:
    """An order's hours or headcounts have changed: who needs to stand by has, too."""
    bench.schedule_order(payload["id"], now)


@on(bench.PLAN, queue="matching")
def plan_bench(payload: Payload, now: datetime) -> None:
    """The evening before, and when bookings have changed since: who shall stand by in a city."""
    bench.plan(payload["city"], date.fromisoformat(payload["day"]), now)


@on("benchplace.expiry", queue="matching")
def expire_invitation(payload: Payload, now: datetime) -> None:
    """An unanswered invitation to stand by passes to the next."""
    bench.expire(payload["id"], now)


@on("benchplace.end")
def finish_standing(payload: Payload, now: datetime) -> None:
    """The hours of standing by are over."""
    bench.finish(payload["id"], now)


@on("benchplace.invite")
def tell_of_invitation(payload: Payload, now: datetime) -> None:
    """The worker is asked to stand by, as long as it waits."""
    _tell_bench("bench.invite", payload["id"], now, BenchStatus.INVITED)


@on("benchplace.release")
def tell_of_going_home(payload: Payload, now: datetime) -> None:
    """Who stood by is needed no longer."""
    _tell_bench("bench.released", payload["id"], now)


@on("assignment.doubt")
def tell_bench_of_doubt(payload: Payload, now: datetime) -> None:
    """Who stands by at that hour hears that they may be called."""
    work = _work(payload["id"])
    if work.confirmed_at is None and work.status == BOOKED:
        for entry in bench.ready(work.position, now):
            place = BenchPlace.objects.get(
                worker=entry.worker_id,
                status=BenchStatus.STANDING_BY,
                start_at__lte=work.start_at,
                end_at__gt=work.start_at,
            )
            _tell_bench("bench.soon", place.pk, now, BenchStatus.STANDING_BY)


def _tell_bench(kind: str, place_id: int, now: datetime, while_state: str = "") -> None:
    place = BenchPlace.objects.select_related("worker__user", "shift__city").get(pk=place_id)
    data = {
        "start_at": place.start_at.isoformat(),
        "end_at": place.end_at.isoformat(),
        "until_at": place.answer_by.isoformat(),
        "rate": str(place.pay_rate),
    }
    url = reverse("orders:my-bench")
    notices.tell(
        [place.worker.user], kind, place, now=now, key=str(place.pk), data=data, url=url, while_state=while_state
    )


def _tell_worker(kind: str, payload: Payload, now: datetime, **more: Any) -> None:
    """Tell who is still booked and has not come; the news is stale once the shift has begun."""
    work = _work(payload["id"])
    if now < work.start_at and not (work.confirmed_at and kind in ("turn.ask", "turn.ask_again", "turn.warn")):
        _send(kind, work, now, while_state=BOOKED, **more)


def _send(kind: str, work: Assignment, now: datetime, *, while_state: str = "", **more: Any) -> None:
    notices.tell(
        [work.worker.user],
        kind,
        work,
        now=now,
        key=str(work.pk),
        data=_about(work) | more,
        url=reverse("orders:my-shift", args=[work.pk]),
        while_state=while_state,
    )


def _about(work: Assignment) -> dict[str, Any]:
    order = work.position.shift.order
    return {"title": order.title, "client": order.client.name, "start_at": work.start_at.isoformat()}


def _work(assignment_id: int) -> Assignment:
    related = ("worker__user", "position__shift__order__client", "position__shift__order__site")
    return Assignment.objects.select_related(*related).get(pk=assignment_id)
