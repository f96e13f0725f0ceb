"""Reports in words: the day's figures, the week's changes, and the letters that carry them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.models import DailyReport, InsightKind, InsightReport, WeeklyReport
from feedback.presentation.dashboard import rows_url
from feedback.presentation.kpis import KPIS, change_text, number_text
from feedback.selectors.period import DAY, Period
from staffing.core.templatetags.formats import duration_text

Facts = list[tuple[str, str]]
LABELS: Mapping[str, Any] = {
    "wanted": gettext_lazy("需要人数"),
    "promised": gettext_lazy("承诺到岗"),
    "arrived": gettext_lazy("实际到岗"),
    "late": gettext_lazy("迟到"),
    "absent": gettext_lazy("未到岗"),
    "replaced": gettext_lazy("已补上"),
    "minutes": gettext_lazy("服务时长"),
    "questions": gettext_lazy("常见问题"),
    "needs": gettext_lazy("客户需求"),
    "ideas": gettext_lazy("改进建议"),
    "open_cases": gettext_lazy("未结案件"),
    "overdue_revisits": gettext_lazy("逾期回访"),
}


def facts(figures: Mapping[str, int]) -> Facts:
    """The day's figures with their names, in a fixed order."""
    return [(str(label), _shown(name, figures[name])) for name, label in LABELS.items() if name in figures]


def _shown(name: str, number: int) -> str:
    return duration_text(timedelta(minutes=number)) if name == "minutes" else str(number)


def letter(figures: Mapping[str, int]) -> str:
    """The day's figures as lines of a letter."""
    return "\n".join(f"{label} {value}" for label, value in facts(figures))


def told(reports: Sequence[DailyReport], figures: Mapping[str, int]) -> dict[str, Any]:
    """What a notice about one day, or about several at once, says."""
    client = reports[-1].client
    days = {"first": str(reports[0].day), "day": str(reports[-1].day), "n": len(reports)}
    return days | {"client": client.name if client else "", "figures": dict(figures)} | dict(figures)


def weekly_lines(report: WeeklyReport) -> list[dict[str, Any]]:
    """What changed most: name, both numbers with their samples, the step, and where the rows are."""
    week = Period(report.monday, report.monday + 6 * DAY)
    return [_line(change, week) for change in report.changes if change["key"] in KPIS]


def _line(change: Mapping[str, Any], week: Period) -> dict[str, Any]:
    kpi = KPIS[change["key"]]
    step = change["now"] - change["before"]
    return {
        "label": str(kpi.label),
        "definition": kpi.definition,
        "now": number_text(kpi.unit, change["now"]),
        "before": number_text(kpi.unit, change["before"]),
        "step": change_text(kpi.unit, step),
        "kind": "success" if (step > 0) == (kpi.better == "up") else "danger",
        "n": change["n"],
        "n_before": change["n_before"],
        "url": rows_url(kpi.key, week),
        "url_before": rows_url(kpi.key, week.before),
    }


def weekly_letter(data: Mapping[str, Any]) -> str:
    """The same as lines of a letter, each with the address of its rows."""
    lines = weekly_lines(WeeklyReport(monday=date.fromisoformat(data["monday"]), changes=data["changes"]))
    if not lines:
        return _("样本足够的指标没有变化。")
    said = _("%(label)s：%(before)s → %(now)s，%(step)s，样本 %(n_before)s → %(n)s")
    return "\n".join(
        f"{number}. {said % line}\n   {settings.PUBLIC_URL}{line['url']}" for number, line in enumerate(lines, 1)
    )


def insight_sections(content: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The groups of a report by kind, each kind with its name."""
    kinds = [(kind, [row for row in content if row["kind"] == kind]) for kind in InsightKind.values]
    return [{"label": str(InsightKind(kind).label), "rows": rows} for kind, rows in kinds if rows]


def insight_letter(report: InsightReport) -> tuple[str, str]:
    """Subject and body for the client's product team, in the active language."""
    last = report.monday + 6 * DAY
    span = {"client": report.client.name, "first": report.monday, "last": last}
    title = _("一线洞察 · %(client)s · %(first)s 至 %(last)s") % span
    opening = _("服务贵公司的客服人员在这一周记下了客户的问题、需求和建议，已按内容归类。")
    parts = [_section(section) for section in insight_sections(report.content)]
    return title, "\n\n".join([opening, *parts])


def _section(section: Mapping[str, Any]) -> str:
    lines = [f"- {_product(row)}{row['title']} · {_times(row)}" for row in section["rows"]]
    return "\n".join([section["label"], *lines])


def _product(row: Mapping[str, Any]) -> str:
    return f"[{row['product']}] " if row["product"] else ""


def _times(row: Mapping[str, Any]) -> str:
    return _("%(times)s 次，来自 %(shifts)s 个班次") % {"times": row["times"], "shifts": row["shifts"]}
