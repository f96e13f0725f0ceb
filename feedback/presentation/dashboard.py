"""The dashboard's parts as a template wants them: cards, split tables, Pareto, heat map."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from feedback.presentation.kpis import KPIS, SMALL_SAMPLE, Kpi, delta, number_text, unit_text, value_text
from feedback.selectors.figures import By, Cell, Figures
from feedback.selectors.patterns import CauseShare
from feedback.selectors.period import Period
from orders.models import OrderPolicy
from staffing.core.templatetags.formats import EN_WEEKDAYS, ZH_WEEKDAYS, in_chinese

Item = dict[str, Any]
TABLE_KPIS = ("response", "fill", "no_show", "satisfaction", "compliance")
HEAT_STRONGEST = 0.4
CELL_WIDTH, CELL_HEIGHT, HEAT_LEFT, HEAT_TOP = 46, 22, 44, 22
BAR_WIDTH = 100


def rows_url(kpi: str, period: Period, **cut: Any) -> str:
    """The list of exactly the rows behind a figure."""
    query = {"kpi": kpi, "from": str(period.first), "to": str(period.last)} | cut
    return f"{reverse('feedback:dashboard-rows')}?{urlencode(query)}"


def cards(figures: Figures, policy: OrderPolicy) -> list[Item]:
    """One card per figure."""
    return [_card(kpi, figures, policy) for kpi in KPIS.values()]


def _card(kpi: Kpi, figures: Figures, policy: OrderPolicy) -> Item:
    cell = figures.total(kpi.key)
    change, kind = delta(kpi, cell, figures.before(kpi.key))
    return {
        "key": kpi.key,
        "label": kpi.label,
        "definition": kpi.definition,
        "value": number_text(kpi.unit, kpi.number(cell)),
        "unit": unit_text(kpi.unit) if cell.n else "",
        "n": cell.n,
        "small": 0 < cell.n < SMALL_SAMPLE,
        "delta": change,
        "delta_kind": kind,
        "before_n": figures.before(kpi.key).n,
        "note": _note(kpi, cell, policy),
        "trend": _trend(kpi, figures),
        "url": rows_url(kpi.key, figures.period),
        "misses": misses(kpi, cell),
        "miss_label": kpi.miss_label,
        "miss_url": rows_url(kpi.key, figures.period, miss=kpi.miss) if kpi.miss else "",
    }


def misses(kpi: Kpi, cell: Cell) -> int:
    """How many rows count against a share."""
    if not kpi.miss or cell.mean is None:
        return 0
    ones = round(cell.mean * cell.n)
    return ones if kpi.miss == "1" else cell.n - ones


def _note(kpi: Kpi, cell: Cell, policy: OrderPolicy) -> str:
    if kpi.key == "response" and cell.p90 is not None:
        return _("九成订单在 %(span)s内") % {"span": number_text("minutes", cell.p90)}
    if kpi.key == "response_share":
        return _("目标 %(n)s 分钟内") % {"n": policy.response_target_minutes}
    return ""


def _trend(kpi: Kpi, figures: Figures) -> list[float]:
    numbers = [kpi.number(cell) for _day, cell in figures.trend(kpi.key)]
    scale = 100 if kpi.unit == "share" else 1
    return [round(number * scale, 2) for number in numbers if number is not None]


def split(figures: Figures, by: By, names: Mapping[Any, str]) -> list[Item]:
    """One line per city, service type or client, the one with most places wanted first."""
    members = sorted(figures.members(by), key=lambda member: -figures.of("fill", by, member).n)
    return [
        {"name": names.get(member, str(member)), "cells": [_cell(KPIS[key], figures, by, member) for key in TABLE_KPIS]}
        for member in members
    ]


def _cell(kpi: Kpi, figures: Figures, by: By, member: Any) -> Item:
    cell = figures.of(kpi.key, by, member)
    return {
        "label": kpi.label,
        "value": value_text(kpi, cell),
        "n": cell.n,
        "small": 0 < cell.n < SMALL_SAMPLE,
        "url": rows_url(kpi.key, figures.period, **{by: member}),
    }


def table_labels() -> list[Any]:
    """The heads of the split tables."""
    return [KPIS[key].label for key in TABLE_KPIS]


def pareto(causes: Sequence[CauseShare]) -> list[Item]:
    """The causes with the width of their bars (of 100)."""
    most = max((one.n for one in causes), default=1)
    return [
        {
            "label": one.label,
            "n": one.n,
            "share": one.share,
            "cumulative": one.cumulative,
            "width": round(BAR_WIDTH * one.n / most, 1),
        }
        for one in causes
    ]


def weekdays() -> tuple[str, ...]:
    """Monday to Sunday."""
    return ZH_WEEKDAYS if in_chinese() else EN_WEEKDAYS


def heat(demand: Mapping[tuple[int, int], int]) -> Item:
    """Rectangles of the heat map, and the same numbers as a table; only hours between the first and last wanted."""
    hours = sorted({hour for _weekday, hour in demand})
    shown = range(hours[0], hours[-1] + 1) if hours else range(0)
    most = max(demand.values(), default=1)
    lines = [
        {"hour": f"{hour:02d}", "y": HEAT_TOP + CELL_HEIGHT * place, "cells": _heat_cells(demand, hour, place, most)}
        for place, hour in enumerate(shown)
    ]
    return {
        "lines": lines,
        "days": [
            {"name": name, "x": HEAT_LEFT + CELL_WIDTH * i + CELL_WIDTH // 2} for i, name in enumerate(weekdays())
        ],
        "width": HEAT_LEFT + 7 * CELL_WIDTH,
        "height": HEAT_TOP + CELL_HEIGHT * len(lines),
        "most": most if hours else 0,
        "legend": [{"x": 32 * (step - 1), "opacity": f"{HEAT_STRONGEST * step / 4:.3f}"} for step in range(1, 5)],
    }


def _heat_cells(demand: Mapping[tuple[int, int], int], hour: int, place: int, most: int) -> list[Item]:
    """Never darker than `HEAT_STRONGEST`, so that the number on it stays readable in both themes."""
    return [
        {
            "n": (n := demand.get((weekday, hour), 0)),
            "x": HEAT_LEFT + CELL_WIDTH * (weekday - 1),
            "y": HEAT_TOP + CELL_HEIGHT * place,
            "opacity": f"{HEAT_STRONGEST * n / most:.3f}",
        }
        for weekday in range(1, 8)
    ]
