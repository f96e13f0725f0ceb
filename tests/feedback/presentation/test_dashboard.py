"""Figures in words: changes, small samples, heat, Pareto."""

from datetime import date

import pytest

from feedback.presentation.dashboard import HEAT_STRONGEST, cards, heat, misses, pareto
from feedback.presentation.kpis import KPIS, delta, number_text, value_text
from feedback.selectors.figures import Cell, Figures
from feedback.selectors.patterns import CauseShare
from feedback.selectors.period import Period
from orders.models import OrderPolicy

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 7))


def cell(value: float, n: int = 20) -> Cell:
    return Cell(n, value, value, value)


@pytest.mark.parametrize(
    ("kpi", "new", "old", "expected"),
    [
        ("fill", 0.95, 0.90, ("+5.0 个百分点", "success")),
        ("fill", 0.90, 0.95, ("-5.0 个百分点", "danger")),
        ("no_show", 0.02, 0.05, ("-3.0 个百分点", "success")),
        ("no_show", 0.05, 0.02, ("+3.0 个百分点", "danger")),
        ("response", 8.0, 9.5, ("-1 分 30 秒", "success")),
        ("response", 9.5, 8.0, ("+1 分 30 秒", "danger")),
        ("response", 0.035, 0.03, ("持平", "neutral")),
        ("satisfaction", 4.7, 4.65, ("+0.05", "success")),
        ("satisfaction", 4.7, 4.7, ("持平", "neutral")),
    ],
)
def test_a_change_is_coloured_by_its_direction(kpi, new, old, expected):
    assert delta(KPIS[kpi], cell(new), cell(old)) == expected


def test_without_rows_there_is_neither_number_nor_change():
    for kpi in KPIS.values():
        assert value_text(kpi, Cell()) == "—"
        assert delta(kpi, Cell(), cell(1)) == delta(kpi, cell(1), Cell()) == ("", "neutral")


def test_numbers_carry_their_unit():
    assert [number_text("share", 0.9644), number_text("minutes", 8.26), number_text("stars", 4.725)] == [
        "96.4%",
        "8 分 15 秒",
        "4.72",
    ]
    assert value_text(KPIS["response"], cell(8.0)) == "8 分"
    assert value_text(KPIS["response"], cell(2 / 60)) == "2 秒"


@pytest.mark.parametrize(("n", "small"), [(0, False), (1, True), (9, True), (10, False)])
def test_small_samples_are_marked(n, small):
    found = Figures(PERIOD, {("fill", True, "total", None): cell(1.0, n)} if n else {})
    card = next(card for card in cards(found, OrderPolicy()) if card["key"] == "fill")
    assert (card["n"], card["small"]) == (n, small)


def test_misses_are_counted_from_the_share():
    assert misses(KPIS["fill"], cell(2 / 3, 3)) == 1
    assert misses(KPIS["no_show"], cell(2 / 3, 3)) == 2
    assert misses(KPIS["satisfaction"], cell(4.0)) == 0
    assert misses(KPIS["fill"], Cell()) == 0


def test_the_heat_map_shows_only_hours_that_matter_and_never_too_dark():
    drawn = heat({(1, 9): 10, (7, 11): 5})
    assert [line["hour"] for line in drawn["lines"]] == ["09", "10", "11"]
    assert [one["n"] for one in drawn["lines"][0]["cells"]] == [10, 0, 0, 0, 0, 0, 0]
    assert max(float(one["opacity"]) for line in drawn["lines"] for one in line["cells"]) == HEAT_STRONGEST
    assert heat({})["lines"] == []


def test_the_greatest_cause_has_the_full_bar():
    bars = pareto([CauseShare("matching", "人员匹配", 6, 0.75, 0.75), CauseShare("other", "其他", 2, 0.25, 1.0)])
    assert [bar["width"] for bar in bars] == [100, 33.3]
    assert pareto([]) == []
