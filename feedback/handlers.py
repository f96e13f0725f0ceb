"""Outbox subscribers of the loop."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback import handlers_surveys
from feedback.handlers_cases import about, answered_at, desk, members
from feedback.models import Escalation, ReviewCase
from feedback.services import cases, survey_weeks, surveys
from feedback.states import CaseStatus
from staffing.core import notices
from staffing.core.models import Role, User
from staffing.core.outbox import on

Payload = Mapping[str, Any]

notices.register(
    "case.opened", _("差评案件 %(case)s 已立案"), _("%(client)s · %(title)s，须在 48 小时内整改并答复客户。")
)
notices.register(
    "case.acknowledged", _("我们已收到您的不满意评价"), _("%(title)s：已立案 %(case)s，将在 48 小时内答复您。")
)
notices.register("case.reported", _("请确认问题是否解决：%(case)s"), _("%(title)s：我们已完成整改，请您确认。"))
notices.register("case.reopened", _("客户表示未解决：%(case)s"), _("%(client)s · %(title)s，新的 48 小时已开始计时。"))
notices.register("case.confirmed", _("客户已确认解决：%(case)s"), _("%(client)s · %(title)s"))
notices.register(
    "case.escalated", _("案件 %(case)s 已 %(hours)s 小时未解决"), _("%(client)s · %(title)s，请立即处理。")
)


def _case(pk: int) -> ReviewCase:
    return ReviewCase.objects.select_related("order", "client", "complaint__reporter", "owner", "substitute").get(pk=pk)


@on("order.complete")
def ask_after_service(payload: Payload, now: datetime) -> None:
    """The service is over: ask the client."""
    survey_weeks.ask_at_end(payload["id"], now)


@on("order.lapse")
def ask_after_failure(payload: Payload, now: datetime) -> None:
    """Nobody came: ask the client all the more."""
    survey_weeks.ask_at_end(payload["id"], now)


@on("survey.send")
def tell_of_survey(payload: Payload, now: datetime) -> None:
    """The client's people get the link."""
    handlers_surveys.announce(payload["id"], "survey.sent", now)


@on("survey.remind")
def remind_of_survey(payload: Payload, now: datetime) -> None:
    """Those who have not answered are reminded once."""
    if surveys.remind(payload["id"], now):
        handlers_surveys.announce(payload["id"], "survey.reminder", now)


@on("reviewcase.open")
def tell_of_case(payload: Payload, now: datetime) -> None:
    """Owner, substitute and robots hear of the case; the client hears that it was received."""
    case = _case(payload["id"])
    url, data, key = desk(case), about(case), str(case.pk)
    notices.tell_agency(
        "case.opened", case, now=now, key=key, data=data, url=url, roles=(Role.DISPATCHER, Role.MANAGER)
    )
    notices.tell(members(case), "case.acknowledged", case, now=now, key=key, data=data, url=answered_at(case))


@on("reviewcase.report")
def tell_of_report(payload: Payload, now: datetime) -> None:
    """The client is asked whether it is solved."""
    case = _case(payload["id"])
    notices.tell(
        members(case),
        "case.reported",
        case,
        now=now,
        key=f"{case.pk}:{case.round}",
        data=about(case),
        url=answered_at(case),
        while_state=CaseStatus.REPORTED,
    )


@on("reviewcase.not_solved")
def tell_of_reopening(payload: Payload, now: datetime) -> None:
    """Owner, substitute and managers hear that the client is not content."""
    case = _case(payload["id"])
    roles = (Role.DISPATCHER, Role.MANAGER)
    key = f"{case.pk}:{case.round}"
    notices.tell_agency("case.reopened", case, now=now, key=key, data=about(case), url=desk(case), roles=roles)


@on("reviewcase.confirm")
def tell_of_confirmation(payload: Payload, now: datetime) -> None:
    """The owner hears the good end."""
    case = _case(payload["id"])
    people: list[User] = [case.owner] if case.owner else []
    notices.tell(people, "case.confirmed", case, now=now, key=str(case.pk), data=about(case), url=desk(case))


@on("reviewcase.escalate")
def escalate(payload: Payload, now: datetime) -> None:
    """A level of a round is due."""
    cases.escalate(payload["id"], now)


@on("reviewcase.breach")
def record_breach(payload: Payload, now: datetime) -> None:
    """The deadline of a round has passed."""
    cases.record_breach(payload["id"], payload["round"], now)


@on("reviewcase.escalated")
def tell_of_escalation(payload: Payload, now: datetime) -> None:
    """Whoever is called for hears of it."""
    related = ("case__order", "case__client", "case__complaint", "case__owner", "case__substitute")
    row = Escalation.objects.select_related(*related).get(pk=payload["id"])
    data = about(row.case, hours=row.level_hours)
    notices.tell(
        cases.recipients(row), "case.escalated", row.case, now=now, key=str(row.pk), data=data, url=desk(row.case)
    )


@on("reviewcase.silence")
def close_unanswered(payload: Payload, now: datetime) -> None:
    """The client did not answer in the stated time."""
    cases.close_unanswered(payload["id"], payload["round"], now)
