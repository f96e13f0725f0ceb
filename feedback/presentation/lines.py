"""A row behind a figure in words, on the page and in the export."""

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.presentation.kpis import Kpi, number_text, unit_text
from feedback.selectors.rows import Line
from staffing.core.templatetags.formats import moment_text, span_text

# A spreadsheet takes a cell that begins so for a formula, also behind white space; full-width forms count too.
FORMULA_STARTS = "=+-@＝＋－＠\t\r\n|%"  # i18n: data


class Sink(Protocol):
    """What text can be written to: a file, a response."""

    def write(self, text: str, /) -> object:
        """Take the text."""


def detail(kpi: Kpi, line: Line) -> str:
    """What the row is, beside its order."""
    row = line.row
    if kpi.key == "fill":
        return f"{span_text(row.shift.start_at, row.shift.end_at)} · {row.number} · {row.get_status_display()}"
    if kpi.key == "no_show":
        return f"{row.worker.user.name} · {span_text(row.start_at, row.end_at)} · {row.get_status_display()}"
    if kpi.key == "answered":
        return _("答复：%(at)s") % {"at": moment_text(row.answered_at)}
    if kpi.key == "compliance":
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
        {"order": line.order, "at": line.at, "detail": detail(kpi, line), "value": value(kpi, line)} for line in lines
    ]


def safe(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe goes before a dangerous start."""
    bare = text.lstrip(" \u00a0\u3000\ufeff")
    return f"'{text}" if bare[:1] and bare[0] in FORMULA_STARTS else text


def write_csv(out: Sink, kpi: Kpi, lines: Iterable[Line]) -> None:
    """All lines as CSV with a head; the byte order mark lets spreadsheets read Chinese."""
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(
        [_("订单"), _("标题"), _("客户"), _("城市"), _("服务类型"), _("时间"), _("说明"), _("结果"), _("数值")]
    )
    for line in lines:
        writer.writerow([safe(text) for text in _cells(kpi, line)])


def _cells(kpi: Kpi, line: Line) -> list[str]:
    order = line.order
    words = [order.number, order.title, order.client.name, order.city.name, order.get_service_type_display()]
    return [*words, _stamp(line.at), detail(kpi, line), value(kpi, line), f"{line.value:g}"]


def _stamp(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
