"""The dashboard's drawings as data: what ECharts draws, and the same numbers as tables for everybody else."""

from collections.abc import Sequence
from datetime import date
from math import sqrt
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback import intervals
from feedback.choices import Choice
from feedback.presentation.dashboard import address, rows_of
from feedback.presentation.kpis import KPIS, SMALL_SAMPLE, Kpi, value_text
from feedback.selectors.figures import Cell, Figures
from feedback.selectors.patterns import CLOCK_BARS, CLOCK_HOURS, CauseShare, Clock

Item = dict[str, Any]
RATES: Final = ("fill", "response_share", "compliance", "no_show")
DIMENSIONS: Final = ("satisfaction", "attendance", "skill_match", "attitude")
LEAST, MOST = 1.0, 5.0
# What the trade reports for people with experience, in stars of five (B6).
TRADE_GAP: Final = 1.2


def trend(figures: Figures) -> Item:
    """The rates by week, with the number of rows behind each: nothing where a week has none."""
    weeks = figures.weeks()
    rates = [KPIS[key] for key in RATES]
    chart = {
        "kind": "lines",
        "axis": [week_text(week) for week in weeks],
        "unit": "%",
        "series": [_line(kpi, [figures.of(kpi.key, "week", week) for week in weeks]) for kpi in rates],
    }
    lines = [
        {"name": week_text(week), "cells": [_shown(kpi, figures.of(kpi.key, "week", week)) for kpi in rates]}
        for week in weeks
    ]
    return {"chart": chart, "heads": [kpi.label for kpi in rates], "lines": lines}


def week_text(monday: date) -> str:
    """A week by its Monday: 11/23."""
    return f"{monday.month}/{monday.day}"


def _line(kpi: Kpi, cells: Sequence[Cell]) -> Item:
    values = [None if cell.mean is None else round(cell.mean * 100, 1) for cell in cells]
    return {"name": str(kpi.label), "values": values, "samples": [cell.n for cell in cells]}


def _shown(kpi: Kpi, cell: Cell) -> Item:
    return {"label": kpi.label, "value": value_text(kpi, cell), "n": cell.n, "small": 0 < cell.n < SMALL_SAMPLE}


def dimensions(figures: Figures, choice: Choice) -> Item:
    """The mean of each dimension with its 95 % interval and its sample."""
    return _intervals([_dimension(KPIS[key], figures.total(key), rows_of(key, choice)) for key in DIMENSIONS])


def novices(figures: Figures, choice: Choice) -> Item:
    """The stars of novices beside those of the experienced; `gap`: how much better these are rated, in stars.

    The gap's own 95 % interval is Welch's, with the normal's 1.96: from ten rows on either side on, else none.
    """
    told = ngettext("完成服务不足 %(n)s 次", "完成服务不足 %(n)s 次", choice.loop.experienced_services)
    more = ngettext("完成服务至少 %(n)s 次", "完成服务至少 %(n)s 次", choice.loop.experienced_services)
    names = {"rating_novice": told, "rating_experienced": more}
    lines = [
        _dimension(KPIS[key], figures.total(key), rows_of(key, choice), name % {"n": choice.loop.experienced_services})
        for key, name in names.items()
    ]
    fresh, known = figures.total("rating_novice"), figures.total("rating_experienced")
    return _intervals(lines) | {"gap": _gap(fresh, known), "trade": f"+{TRADE_GAP:.1f}"}


def _gap(fresh: Cell, known: Cell) -> str:
    """The difference in words; nothing where one side has too few rows to say anything."""
    if min(fresh.n, known.n) < SMALL_SAMPLE or fresh.mean is None or known.mean is None:
        return ""
    gap = known.mean - fresh.mean
    half = intervals.Z_95 * sqrt((fresh.spread or 0) ** 2 / fresh.n + (known.spread or 0) ** 2 / known.n)
    return f"{gap:+.2f} ({gap - half:+.2f} – {gap + half:+.2f})"


def _intervals(lines: Sequence[Item]) -> Item:
    rows = [{name: line[name] for name in ("name", "n", "mean", "low", "high")} for line in lines]
    words = {"mean": _("平均分"), "interval": _("95% 置信区间"), "sample": _("样本"), "few": _("样本少")}
    chart = {"kind": "intervals", "least": LEAST, "most": MOST, "few": SMALL_SAMPLE, "rows": rows, "words": words}
    return {"chart": chart, "lines": lines, "any": any(line["n"] for line in lines)}


def pareto(causes: Sequence[CauseShare], choice: Choice) -> Item:
    """The causes as bars, with the running share as a line."""
    chart = {
        "kind": "bars",
        "axis": [one.label for one in causes],
        "bars": {"name": _("轮数"), "values": [one.n for one in causes]},
        "line": {"name": _("累计占比"), "values": [round(one.cumulative * 100, 1) for one in causes]},
    }
    lines = [
        {"name": one.label, "n": one.n, "share": one.share, "cumulative": one.cumulative}
        | {"url": address("dashboard-rounds", choice, cause=one.cause)}
        for one in causes
    ]
    return {"chart": chart, "lines": lines}


def clock(found: Clock, choice: Choice) -> Item:
    """How many rounds were answered within each span of hours; still running ones are told beside."""
    names = [f"{n * CLOCK_HOURS}–{(n + 1) * CLOCK_HOURS}" for n in range(CLOCK_BARS - 1)]
    names.append(f"≥ {(CLOCK_BARS - 1) * CLOCK_HOURS}")
    chart = {"kind": "bars", "axis": names, "bars": {"name": _("轮数"), "values": list(found.bars)}}
    lines = [
        {"name": name, "n": n, "url": address("dashboard-rounds", choice, bar=bar)}
        for bar, (name, n) in enumerate(zip(names, found.bars, strict=True))
    ]
    running = {"n": found.running, "url": address("dashboard-rounds", choice, bar="running")}
    return {
        "chart": chart,
        "lines": lines,
        "running": running,
        "late": found.late,
        "any": sum(found.bars) + found.running,
    }


def _dimension(kpi: Kpi, cell: Cell, url: str = "", name: str = "") -> Item:
    low, high = _interval(cell) or (None, None)
    return {
        "name": name or str(kpi.label),
        "url": url,
        "n": cell.n,
        "small": 0 < cell.n < SMALL_SAMPLE,
        "mean": None if cell.mean is None else round(cell.mean, 2),
        "low": None if low is None else round(low, 2),
        "high": None if high is None else round(high, 2),
        "value": value_text(kpi, cell),
        "words": "" if low is None or high is None else f"{low:.2f}–{high:.2f}",
    }


def _interval(cell: Cell) -> tuple[float, float] | None:
    if cell.mean is None or cell.spread is None:
        return None
    return intervals.of_mean(cell.n, cell.mean, cell.spread, least=LEAST, most=MOST)
