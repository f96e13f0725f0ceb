"""What follows a service: call-backs with their log, notes of what customers asked, reports of the last days."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from feedback.models import ProductContact, Revisit, RevisitCall
from feedback.services import insight, reports, revisits
from feedback.services.insight import Noted
from feedback.services.revisits import Said
from orders.models import Assignment, Client
from orders.states import AssignmentStatus
from staffing.core.actors import Actor, actor_of
from staffing.core.models import Role, User

DAY = timedelta(days=1)
REPORTED_DAYS = 3
MORNING = 9
NOTED_DAYS = 14
CALLED, OVERDUE = 5, 3
Outcome = RevisitCall.Outcome
CALLS = (
    (Outcome.SATISFIED, "对上周的班组很满意，周末可能加两个人。"),
    (Outcome.NOT_REACHED, "前台说负责人在开会。"),
    (Outcome.WANTS_OFFER, "双十二想增加二十个夜班名额，希望先报价。"),
    (Outcome.ISSUE, "新来的同事对退款流程不熟，希望上岗前先看一遍资料。"),
    (Outcome.SATISFIED, "没有问题，照旧安排。"),
)
NOTES = (
    ("question", "退货运费谁承担？", "", 12),
    ("question", "退货的运费由谁承担", "", 7),
    ("question", "电子发票的抬头怎么改", "小程序", 5),
    ("question", "优惠券为什么不能叠加使用", "", 9),
    ("question", "物流三天没有更新怎么办", "", 6),
    ("need", "希望夜间也能自助退款", "小程序", 4),
    ("need", "想在下单前看到预计送达时间", "", 3),
    ("idea", "订单页加一个催单按钮", "小程序", 5),
    ("idea", "把常见问题放到聊天窗口上方", "", 2),
)


def build(seed: int, now: datetime) -> None:
    """After all the rest has happened; draws from a stream of its own."""
    random = Random(seed)
    by = actor_of(User.objects.filter(role=Role.DISPATCHER).earliest("pk"))
    _calls(by, now)
    _notes(random, now)
    for name, client in enumerate(Client.objects.order_by("pk")[:3], 1):
        ProductContact.objects.get_or_create(client=client, defaults={"email": f"product{name}@client.example"})
    for back in range(REPORTED_DAYS, 0, -1):
        reports.make_daily(_morning(now, back))
    reports.make_weekly(_morning(now, REPORTED_DAYS))
    reports.make_daily(now)


def _morning(now: datetime, back: int) -> datetime:
    """Late enough in the morning of a day before for its reports."""
    return timezone.localtime(now - back * DAY).replace(hour=MORNING, minute=0, second=0, microsecond=0)


def _calls(by: Actor, now: datetime) -> None:
    """Some are made, some are behind their day, the rest lie ahead."""
    revisits.plan(now - 2 * DAY)
    rows: Sequence[Revisit] = list(Revisit.objects.order_by("due_on", "pk")[: CALLED + OVERDUE])
    for row, (outcome, note) in zip(rows[:CALLED], CALLS, strict=False):
        revisits.log_call(row.pk, Said(outcome, uuid.UUID(int=row.pk), note), by=by, now=now - DAY)
    for days, row in enumerate(rows[CALLED:], 1):
        Revisit.objects.filter(pk=row.pk).update(due_on=(now - days * DAY).date())


def _notes(random: Random, now: datetime) -> None:
    """After some of the shifts of the last two weeks."""
    rows = Assignment.objects.filter(
        status=AssignmentStatus.COMPLETED, checked_out_at__gt=now - NOTED_DAYS * DAY, checked_out_at__lt=now
    ).select_related("position__shift__order")
    for work in rows.order_by("pk")[::6]:
        kind, text, product, most = random.choice(NOTES)
        noted = Noted(kind, text, uuid.UUID(int=work.pk), random.randint(1, most), product)
        insight.note(work, noted, work.checked_out_at or now)
