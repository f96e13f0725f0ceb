"""The dashboard's parts as a template wants them: cards, split tables, Pareto, heat map."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from feedback.choices import Choice
from feedback.presentation.kpis import (
    KPIS,
    SMALL_SAMPLE,
    Kpi,
    delta,
    met,
    number_text,
    target_of,
    unit_text,
    value_text,
)
from feedback.selectors.figures import By, Cell, Figures
from feedback.selectors.names import titles
from feedback.selectors.period import Period
from staffing.core.templatetags.formats import EN_WEEKDAYS, ZH_WEEKDAYS, in_chinese

Item = dict[str, Any]
TABLE_KPIS = ("response", "fill", "arrived", "no_show", "satisfaction", "compliance", "repeat")
PEOPLE_KPIS = ("no_show", "rating")
SPLITS: Sequence[By] = ("city", "service", "industry", "client")
PEOPLE: Sequence[By] = ("star", "source")
# So many lines of a split are shown; its file has all.
SHOWN = 30
HEAT_STRONGEST = 0.4
CELL_WIDTH, CELL_HEIGHT, HEAT_LEFT, HEAT_TOP = 46, 22, 44, 22


def address(name: str, choice: Choice, **more: Any) -> str:
    """A page of the dashboard with the same choice, as an address that can be handed on."""
    days = {"from": str(choice.period.first), "to": str(choice.period.last)}
    kept = {key: value for key, value in choice.cut.query.items() if key != "miss"}
    return f"{reverse(f'feedback:{name}')}?{urlencode(days | kept | more)}"


def rows_url(kpi: str, period: Period, **cut: Any) -> str:
    """The list of exactly the rows behind a figure of a period."""
    query = {"kpi": kpi, "from": str(period.first), "to": str(period.last)} | cut
    return f"{reverse('feedback:dashboard-rows')}?{urlencode(query)}"


def rows_of(kpi: str, choice: Choice, **cut: Any) -> str:
    """The list of exactly the rows behind a figure of a choice."""
    return address("dashboard-rows", choice, kpi=kpi, **cut)


def pages(choice: Choice, here: str) -> list[Item]:
    """The dashboard's pages, with the same choice."""
    called = (
        ("dashboard", _("指标")),
        ("dashboard-splits", _("对比")),
        ("dashboard-people", _("人员")),
        ("dashboard-pictures", _("图表")),
    )
    return [{"label": label, "url": address(name, choice), "active": name == here} for name, label in called]


def cards(figures: Figures, choice: Choice, *, every: bool = False) -> list[Item]:
    """One card per figure that has one, or of `every` figure."""
    return [_card(kpi, figures, choice) for kpi in KPIS.values() if kpi.card or every]


def _card(kpi: Kpi, figures: Figures, choice: Choice) -> Item:
    cell, before = figures.total(kpi.key), figures.before(kpi.key)
    change, kind = delta(kpi, cell, before)
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
        "number": kpi.number(cell),
        "before": kpi.number(before),
        "before_text": value_text(kpi, before),
        "before_n": before.n,
        "before_small": 0 < before.n < SMALL_SAMPLE,
        "note": _note(kpi, cell),
        "trend": _trend(kpi, figures),
        "url": rows_of(kpi.key, choice),
        "misses": misses(kpi, cell),
        "miss_label": kpi.miss_label,
        "miss_url": rows_of(kpi.key, choice, miss=kpi.miss) if kpi.miss else "",
        **_target(kpi, cell, choice),
    }


def _target(kpi: Kpi, cell: Cell, choice: Choice) -> Item:
    target = target_of(kpi, choice.policy, choice.loop)
    if target is None:
        return {"target": "", "met": None}
    sign = "≥" if kpi.better == "up" else "≤"
    return {"target": f"{sign} {number_text(kpi.unit, target)}", "met": met(kpi, cell, target)}


def misses(kpi: Kpi, cell: Cell) -> int:
    """How many rows count against a share."""
    if not kpi.miss or cell.mean is None:
        return 0
    ones = round(cell.mean * cell.n)
    return ones if kpi.miss == "1" else cell.n - ones


def _note(kpi: Kpi, cell: Cell) -> str:
    if kpi.key == "response" and cell.p90 is not None:
        return _("九成订单在 %(span)s内") % {"span": number_text("minutes", cell.p90)}
    return ""


def _trend(kpi: Kpi, figures: Figures) -> list[float]:
    numbers = [kpi.number(cell) for _day, cell in figures.trend(kpi.key)]
    scale = 100 if kpi.unit == "share" else 1
    return [round(number * scale, 2) for number in numbers if number is not None]


def splits(figures: Figures, choice: Choice, sort: str = "") -> list[Item]:
    """A table for each split; of the clients only those with most rows."""
    return [_split(figures, choice, by, TABLE_KPIS, sort) for by in SPLITS]


def of_people(figures: Figures, choice: Choice, sort: str = "") -> list[Item]:
    """The tables about the people themselves."""
    return [_split(figures, choice, by, PEOPLE_KPIS, sort) for by in PEOPLE]


def table_of(figures: Figures, choice: Choice, part: str) -> list[Item] | None:
    """Every line of one split, one for each of its figures; None for a split that nobody knows."""
    for by in (*SPLITS, *PEOPLE):
        if by == part:
            kpis = PEOPLE_KPIS if by in PEOPLE else TABLE_KPIS
            lines = split(figures, choice, by, kpis)
            return [cell | {"name": line["name"]} for line in lines for cell in line["cells"]]
    return None


def _split(figures: Figures, choice: Choice, by: By, kpis: Sequence[str], sort: str) -> Item:
    lines = split(figures, choice, by, kpis, sort)
    page = "dashboard-people" if by in PEOPLE else "dashboard-splits"
    return {
        "by": by,
        "title": titles()[by],
        "heads": [_head(KPIS[key], choice, sort, page) for key in kpis],
        "lines": lines[:SHOWN],
        "more": max(0, len(lines) - SHOWN),
        "export": address("dashboard-export", choice, part=by),
    }


def _head(kpi: Kpi, choice: Choice, sort: str, page: str) -> Item:
    url = address(page, choice, sort=kpi.key)
    sorted_ = "descending" if kpi.better == "up" else "ascending"
    return {"label": kpi.label, "definition": kpi.definition, "url": url, "active": kpi.key == sort, "sorted": sorted_}


def split(figures: Figures, choice: Choice, by: By, kpis: Sequence[str], sort: str = "") -> list[Item]:
    """One line per member: with most rows first, or ranked by a figure, in which small samples have no rank."""
    key = sort if sort in kpis else ""
    members = sorted(figures.members(by), key=lambda member: _place(figures, by, member, kpis, key))
    ranked = [one for one in members if key and figures.of(key, by, one).n >= SMALL_SAMPLE]
    rank = {member: place for place, member in enumerate(ranked, 1)}
    return [
        {
            "name": choice.known.of(by, member),
            "url": address("dashboard", choice, **{by: member}),
            "rank": rank.get(member),
            "cells": [_cell(KPIS[name], figures, choice, by, member) for name in kpis],
        }
        for member in members
    ]


def _place(figures: Figures, by: By, member: Any, kpis: Sequence[str], key: str) -> tuple[float, ...]:
    most = -max(figures.of(name, by, member).n for name in kpis)
    if not key:
        return (most,)
    cell, kpi = figures.of(key, by, member), KPIS[key]
    number = kpi.number(cell)
    if number is None or cell.n < SMALL_SAMPLE:
        return (1, 0, most)
    return (0, -number if kpi.better == "up" else number, most)


def _cell(kpi: Kpi, figures: Figures, choice: Choice, by: By, member: Any) -> Item:
    cell = figures.of(kpi.key, by, member)
    return {
        "label": kpi.label,
        "value": value_text(kpi, cell),
        "number": kpi.number(cell),
        "n": cell.n,
        "small": 0 < cell.n < SMALL_SAMPLE,
        "url": rows_of(kpi.key, choice, **{by: member}),
    }


def weekdays() -> tuple[str, ...]:
    """Monday to Sunday."""
    return ZH_WEEKDAYS if in_chinese() else EN_WEEKDAYS


def heats(demand: Mapping[int, Mapping[tuple[int, int], int]], choice: Choice) -> Item:
    """The heat map of all cities together, and how many places each wants: the way to its own."""
    whole: Counter[tuple[int, int]] = Counter()
    for wanted in demand.values():
        whole.update(wanted)
    cities = [
        {
            "name": choice.known.of("city", city),
            "n": sum(wanted.values()),
            "url": address("dashboard-pictures", choice, city=city) + "#heat",
        }
        for city, wanted in sorted(demand.items(), key=lambda item: -sum(item[1].values()))
    ]
    one = choice.cut.city and choice.known.of("city", choice.cut.city)
    return {"all": _leading(heat(whole), choice), "cities": cities, "one": one}


def _leading(drawn: Item, choice: Choice) -> Item:
    """The same with the way from each field to its shifts."""
    for line in drawn["lines"]:
        for weekday, cell in enumerate(line["cells"], 1):
            cell["url"] = address("dashboard-shifts", choice, weekday=weekday, hour=int(line["hour"]))
    return drawn


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
