"""Outbox subscribers of reports, revisits and insight."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from feedback.models import DailyReport, InsightReport, Revisit, RevisitCall, WeeklyReport
from feedback.presentation import reports as words
from feedback.selectors import daily
from staffing.core import channels, notices
from staffing.core.channels import Text
from staffing.core.models import Role, User
from staffing.core.outbox import on

Payload = Mapping[str, Any]

_DAY = _(
    "承诺 %(promised)s 人，到岗 %(arrived)s 人，迟到 %(late)s，未到岗 %(absent)s，"
    "补上 %(replaced)s · 未结案件 %(open_cases)s"
)


def _figures(data: Payload) -> str:
    return words.letter(data["figures"])


notices.register("report.daily", _("%(day)s 服务日报"), _DAY, details=_figures)
notices.register("report.daily_late", _("%(first)s 至 %(day)s 服务日报，共 %(n)s 天，补发"), _DAY, details=_figures)
notices.register(
    "report.weekly",
    _("%(monday)s 起一周的变化"),
    _("变化最大的指标与前一周对比，可查看背后的每一行。"),
    words.weekly_letter,
)
notices.register("revisit.wants_offer", _("%(client)s 希望报价"), _("回访记录：%(note)s"))


@on("report.daily")
def send_daily(payload: Payload, now: datetime) -> None:
    """One message to whoever wants it, about one day or about several that an outage had held back."""
    rows = list(DailyReport.objects.select_related("client").filter(pk__in=payload["ids"]).order_by("day"))
    last = rows[-1]
    kind = "report.daily" if len(rows) == 1 else "report.daily_late"
    data = words.told(rows, daily.over([row.figures for row in rows]))
    notices.tell(
        _readers(last), kind, last, now=now, key=f"{last.client_id or 0}:{last.day}", data=data, url=_page(last)
    )


def _readers(report: DailyReport) -> QuerySet[User]:
    wanted = User.objects.filter(is_active=True).exclude(report_choice__daily=False)
    if report.client_id is None:
        return wanted.filter(role=Role.MANAGER)
    return wanted.filter(membership__client=report.client_id)


def _page(report: DailyReport) -> str:
    name = "feedback:daily-report" if report.client_id is None else "feedback:client-report"
    return reverse(name, args=[report.pk])


@on("report.weekly")
def send_weekly(payload: Payload, now: datetime) -> None:
    """What changed most, to the managers who want it."""
    report = WeeklyReport.objects.get(pk=payload["id"])
    managers: QuerySet[User] = User.objects.filter(role=Role.MANAGER, is_active=True)
    data = {"monday": str(report.monday), "changes": report.changes}
    notices.tell(
        managers.exclude(report_choice__weekly=False),
        "report.weekly",
        report,
        now=now,
        key=str(report.monday),
        data=data,
        url=reverse("feedback:weekly-report", args=[report.pk]),
    )


@on("insight.report", queue="notify")
def send_insight(payload: Payload, now: datetime) -> None:
    """The groups to the client's product team, who have no login. Marked after sending, not before."""
    report = InsightReport.objects.select_related("client").get(pk=payload["id"])
    if report.sent_at is not None:
        return
    with translation.override(report.language):
        title, body = words.insight_letter(report)
    channels.letter(report.email, Text(title, body))
    InsightReport.objects.filter(pk=report.pk).update(sent_at=now)


@on("revisit.call")
def tell_of_wish(payload: Payload, now: datetime) -> None:
    """Managers hear of a client who wants an offer."""
    row = Revisit.objects.select_related("client").get(pk=payload["id"])
    call = row.calls.first()
    if call is None or call.outcome != RevisitCall.Outcome.WANTS_OFFER:
        return
    data = {"client": row.client.name, "note": call.note}
    managers = User.objects.filter(role=Role.MANAGER, is_active=True)
    url = reverse("feedback:revisit", args=[row.pk])
    notices.tell(managers, "revisit.wants_offer", row, now=now, key=str(call.pk), data=data, url=url)
