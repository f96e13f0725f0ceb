"""The dashboard's drawings as data: what ECharts draws, and the same numbers as tables for everybody else."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from feedback import intervals
from feedback.presentation.kpis import KPIS, SMALL_SAMPLE, Kpi, value_text
from feedback.selectors.figures import Cell, Figures

Item = dict[str, Any]
RATES: Final = ("fill", "response_share", "compliance", "no_show")
DIMENSIONS: Final = ("satisfaction", "attendance", "skill_match", "attitude")
LEAST, MOST = 1.0, 5.0


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


def dimensions(figures: Figures) -> Item:
    """The mean of each dimension with its 95 % interval and its sample."""
    lines = [_dimension(KPIS[key], figures.total(key)) for key in DIMENSIONS]
    rows = [{name: line[name] for name in ("name", "n", "mean", "low", "high")} for line in lines]
    words = {"mean": _("平均分"), "interval": _("95% 置信区间"), "sample": _("样本"), "few": _("样本少")}
    chart = {"kind": "intervals", "least": LEAST, "most": MOST, "few": SMALL_SAMPLE, "rows": rows, "words": words}
    return {"chart": chart, "lines": lines, "any": any(line["n"] for line in lines)}


def _dimension(kpi: Kpi, cell: Cell) -> Item:
    low, high = _interval(cell) or (None, None)
    return {
        "name": str(kpi.label),
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
