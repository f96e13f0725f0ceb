"""A row behind a figure in words, on the page and in the file."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from feedback.presentation.kpis import Kpi, number_text, unit_text
from feedback.selectors.rows import Line
from staffing.core.templatetags.formats import moment_text, span_text


def detail(kpi: Kpi, line: Line) -> str:
    """What the row is, beside its order."""
    row = line.row
    if kpi.key in ("fill", "arrived"):
        return f"{span_text(row.shift.start_at, row.shift.end_at)} · {row.number} · {row.get_status_display()}"
    if kpi.key == "no_show":
        return f"{row.worker.user.name} · {span_text(row.start_at, row.end_at)} · {row.get_status_display()}"
    if kpi.key == "answered":
        return _("答复：%(at)s") % {"at": moment_text(row.answered_at)}
    if kpi.key in ("rating", "rating_novice", "rating_experienced"):
        return str(row.assignment.worker.user.name)
    if kpi.key in ("compliance", "reopened"):
        return _("%(case)s 第 %(n)s 轮，答复：%(at)s") % _round(row)
    if kpi.key == "confirmed":
        return f"{row.number} · {row.get_status_display()}"
    return str(getattr(row, "comment", "") or line.order.get_status_display())


def _round(row: Any) -> dict[str, Any]:
    return {"case": row.case.number, "n": row.number, "at": moment_text(row.reported_at)}


def value(kpi: Kpi, line: Line) -> str:
    """What the row adds to the figure: hit or miss, minutes, or stars."""
    if kpi.unit == "share":
        return str(kpi.miss_label if f"{line.value:.0f}" == kpi.miss else kpi.hit_label)
    number = number_text("minutes", line.value) if kpi.unit == "minutes" else f"{line.value:g}"
    return f"{number} {unit_text(kpi.unit)}".strip()


def table(kpi: Kpi, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines for the page."""
    return [
        {
            "order": line.order,
            "client": line.client,
            "at": line.at,
            "detail": detail(kpi, line),
            "value": value(kpi, line),
        }
        for line in lines
    ]
