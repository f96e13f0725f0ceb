"""What the agency has learned from its cases: write-backs of every kind, money that waits, somebody's holiday."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from feedback.models import CaseRound, LoopPolicy
from feedback.selectors.lessons import people_of
from feedback.services import owners, writebacks
from feedback.services.remedies import Plan
from feedback.states import CLOSED
from orders.models import ClientGate
from staffing.core.actors import actor_of
from staffing.core.errors import DomainError
from staffing.core.models import Role, User
from staffing.demo.seed.catalogue import Catalogue

BRIEFINGS = (
    "先核对订单号再答复，超过两分钟请先致歉。",
    "现场到岗请提前十分钟联系前台登记。",
    "涉及退款一律转给班组长。",
)
REASONS = ("技能不符合岗位要求", "现场与顾客争执", "多次答复不一致")
DAY = timedelta(days=1)


def build(catalogue: Catalogue, now: datetime) -> None:
    """One write-back for every second of the cases that ended, in turn of each kind, when their report was sent."""
    turns = CaseRound.objects.filter(case__status__in=CLOSED, outcome__in=("confirmed", "no_answer")).exclude(cause="")
    found = turns.select_related("case__client", "case__owner", "case__order").order_by("reported_at", "pk")
    for number, turn in enumerate(found[::2]):
        for plan in _plans(number, turn, catalogue):
            _apply(turn, plan)
    _waiting(turns, now)
    _holiday(now)


def _plans(number: int, turn: CaseRound, catalogue: Catalogue) -> Iterator[Plan]:
    worker = people_of(turn.case).first()
    reason = REASONS[number % len(REASONS)]
    assert turn.reported_at is not None
    match number % 6:
        case 0:
            skills = sorted(catalogue.skills.values(), key=lambda skill: skill.pk)
            skill = skills[number // 6 % len(skills)]
            yield Plan("gate", gate=f"{ClientGate.Kind.SKILL}:{skill.pk}", level=2, reason=reason)
        case 1:
            yield Plan("briefing", text=BRIEFINGS[number // 6 % len(BRIEFINGS)])
        case 2 if worker is not None:
            course = sorted(catalogue.courses.values(), key=lambda one: one.pk)[number % len(catalogue.courses)]
            due = timezone.localdate(turn.reported_at) + 14 * DAY
            yield Plan("training", worker=worker, course=course, due_on=due, reason=reason)
        case 3:
            yield Plan("credit", amount=Decimal(120 + number % 4 * 60), reason="服务未达到约定")
        case 4:
            yield Plan("backups", count=turn.case.client.backups + 1)
        case 5 if worker is not None:
            yield Plan("do_not_send", worker=worker, reason=reason)


def _apply(turn: CaseRound, plan: Plan) -> None:
    """As the owner did it then; what is so already is left."""
    assert turn.case.owner is not None and turn.reported_at is not None
    by, key = actor_of(turn.case.owner), uuid.uuid5(uuid.NAMESPACE_OID, f"{turn.pk}:{plan.kind}")
    try:
        writebacks.apply(turn.case_id, plan, form_key=key, by=by, now=turn.reported_at)
    except DomainError:
        return


def _waiting(turns: QuerySet[CaseRound], now: datetime) -> None:
    """A larger sum that waits for a second person."""
    last = turns.select_related("case__client", "case__owner").order_by("-reported_at").first()
    if last is None or last.case.owner is None:
        return
    plan = Plan("credit", amount=LoopPolicy.current().credit_alone * 2, reason="两人未到岗，影响大促首日")
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{last.pk}:waiting")
    writebacks.apply(last.case_id, plan, form_key=key, by=actor_of(last.case.owner), now=now - DAY / 4)


def _holiday(now: datetime) -> None:
    """The dispatcher who came last is on holiday from the day after tomorrow."""
    who = User.objects.filter(role=Role.DISPATCHER, is_active=True).latest("pk")
    first = timezone.localdate(now) + 2 * DAY
    owners.away(who, first, first + 4 * DAY, note="年假", by=actor_of(who), now=now)
