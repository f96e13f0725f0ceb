"""Complaints of the last weeks: one of each kind, from clients, workers and the phone; the latest two still open."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from feedback.models import Complaint
from feedback.services import cases, complaints
from feedback.services.complaints import About, Words
from orders.models import Assignment, Order
from orders.states import AssignmentStatus, OrderStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.models import User
from staffing.demo import life, logins
from staffing.demo.seed.clients import Company

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """Who said what, so many hours ago, and what was done about it."""

    source: str
    category: str
    severity: int
    hours: float
    text: str
    cause: str = ""
    fix: str = ""


TOLD = (
    Told("client", "attendance", 2, 380, "两名客服都晚到二十多分钟。", "emergency", "早班前加派一名候补。"),
    Told("client", "skill", 2, 300, "客服不会用我们的工单系统。", "matching", "以后只派会用工单系统的人。"),
    Told("phone", "attitude", 3, 240, "客服说话不耐烦，店长当场换了人。", "communication", "已谈话并安排培训。"),
    Told("worker", "communication", 1, 200, "现场没有人交接。", "communication", "请客户在上岗须知写明对接人。"),
    Told("client", "cost", 1, 150, "账单上的夜间加价和报价单对不上。", "other", "已逐行核对并说明夜间时段。"),
    Told("worker", "other", 2, 30, "休息室被锁，八小时没有地方坐。"),
    Told("phone", "cost", 1, 7, "想知道取消的那个班为什么还收费。"),
)


def build(companies: Sequence[Company], now: datetime, seed: int) -> None:
    """File them, the oldest first, and repair those whose cause is known."""
    random = Random(seed)
    for number, told in enumerate(TOLD):
        at = now - told.hours * HOUR
        found = _file(companies[number % min(3, len(companies))], told, at, random)
        if found is not None and told.cause:
            _repair(found, told, at)


def _file(company: Company, told: Told, at: datetime, random: Random) -> Complaint | None:
    about, by = _about(company, told, at), _sender(company, told)
    if about is None:
        return None
    by = actor_of(about.assignment.worker.user) if about.assignment else by
    key = uuid.UUID(int=random.getrandbits(128), version=4)
    words = Words(told.category, told.severity, told.text)
    caller = "店长 陆女士" if told.source == "phone" else ""
    found = complaints.file(about, words, by=by, now=at, key=key, caller=caller)
    life.drain(at)
    return found


def _sender(company: Company, told: Told) -> Actor:
    if told.source == "phone":
        return actor_of(User.objects.get(phone=logins.DISPATCHER.phone))
    return actor_of(company.members[0])


def _about(company: Company, told: Told, at: datetime) -> About | None:
    """The last order that was over then; for a worker their last shift. None if there is none."""
    if told.source == "worker":
        rows = Assignment.objects.filter(status=AssignmentStatus.COMPLETED, end_at__lt=at)
        mine = rows.filter(worker__user__phone=logins.WORKER.phone).select_related("worker__user")
        work = mine.select_related("worker__user", "position__shift__order__client").order_by("-end_at", "pk").first()
        return About(work.position.shift.order.client, work.position.shift.order, work) if work else None
    done = Order.objects.filter(client=company.client, status=OrderStatus.COMPLETED, ends_at__lt=at)
    return About(company.client, done.order_by("-ends_at", "pk").first())


def _repair(found: Complaint, told: Told, at: datetime) -> None:
    """Its owner looks into it and answers within a day; who complained is content."""
    case = found.case
    assert case.owner is not None
    by = actor_of(case.owner)
    cases.take(case.pk, by=by, now=at + HOUR)
    cases.find_cause(case.pk, cause=told.cause, note=told.text, fix=told.fix, fix_by=None, by=by, now=at + 5 * HOUR)
    cases.report(case.pk, text=told.fix, by=by, now=at + 20 * HOUR)
    if told.source == "client":
        cases.confirm(case.pk, by=actor_of(found.reporter), now=at + 30 * HOUR)  # type: ignore[arg-type]
    life.drain(at + 30 * HOUR)
    case.refresh_from_db()
    if case.closed_at is not None and told.severity < 3:
        complaints.archive(found.pk, by=by, now=at + 31 * HOUR)
