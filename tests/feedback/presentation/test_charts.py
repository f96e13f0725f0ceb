"""The charts' data: gaps stay gaps, samples are told, intervals stay within five stars."""

from datetime import date

import pytest

from feedback.presentation import charts
from feedback.selectors.figures import Cell, Figures
from feedback.selectors.patterns import CauseShare, Clock
from feedback.selectors.period import Period
from tests.feedback.presentation.test_dashboard import choice

PERIOD = Period(date(2026, 11, 2), date(2026, 11, 15))
WEEKS = (date(2026, 11, 2), date(2026, 11, 9))


def figures(**cells: Cell) -> Figures:
    """`fill_0`: the figure's cell of the first week; `fill`: of the whole period."""
    found: dict[tuple[str, bool, str, date | None], Cell] = {}
    for name, cell in cells.items():
        kpi, dash, week = name.rpartition("_")
        if dash and week.isdecimal():
            found[kpi, True, "week", WEEKS[int(week)]] = cell
        else:
            found[name, True, "total", None] = cell
    return Figures(PERIOD, found)  # type: ignore[arg-type]


def test_a_week_without_rows_is_a_gap_not_a_zero():
    told = charts.trend(figures(fill_0=Cell(20, 0.95), no_show_1=Cell(4, 0.25)))
    assert told["chart"]["axis"] == ["11/2", "11/9"]
    by_name = {one["name"]: one for one in told["chart"]["series"]}
    assert by_name["满足率"]["values"] == [95.0, None]
    assert by_name["满足率"]["samples"] == [20, 0]
    assert by_name["未到岗率"]["values"] == [None, 25.0]
    assert [cell["value"] for cell in told["lines"][0]["cells"]] == ["95%", "—", "—", "—"]
    assert [cell["small"] for cell in told["lines"][1]["cells"]] == [False, False, False, True]


def test_nothing_at_all_draws_nothing():
    assert charts.trend(figures())["lines"] == []
    assert charts.dimensions(figures(), choice())["any"] is False


def test_an_interval_is_cut_at_five_and_missing_for_one_review():
    told = charts.dimensions(figures(satisfaction=Cell(4, 4.75, 5, 5, 0.5), attitude=Cell(1, 3.0, 3, 3)), choice())
    first, *_middle, last = told["chart"]["rows"]
    assert (first["mean"], first["low"], first["high"], first["n"]) == (4.75, 3.95, 5.0, 4)
    assert (last["mean"], last["low"], last["high"], last["n"]) == (3.0, None, None, 1)
    assert told["lines"][0]["words"] == "3.95–5.00"
    assert told["lines"][-1]["words"] == ""


@pytest.mark.django_db
def test_the_experienced_beside_novices_with_the_gap_between():
    told = charts.novices(
        figures(rating_novice=Cell(100, 3.5, spread=1.0), rating_experienced=Cell(400, 4.5, spread=1.0)), choice()
    )
    assert [line["n"] for line in told["lines"]] == [100, 400]
    assert told["gap"] == "+1.00 (+0.78 – +1.22)"
    assert told["trade"] == "+1.2"
    few = figures(rating_novice=Cell(9, 3.5, spread=1.0), rating_experienced=Cell(400, 4.5, spread=1.0))
    assert charts.novices(few, choice())["gap"] == ""


def test_causes_are_bars_with_the_running_share():
    told = charts.pareto(
        [CauseShare("matching", "人员匹配", 6, 0.75, 0.75), CauseShare("other", "其他", 2, 0.25, 1.0)], choice()
    )
    assert told["chart"]["bars"]["values"] == [6, 2]
    assert told["chart"]["line"]["values"] == [75.0, 100.0]
    assert "cause=matching" in told["lines"][0]["url"]
    assert charts.pareto([], choice())["lines"] == []


def test_the_clock_has_a_bar_for_eight_hours_and_one_for_all_that_is_late():
    told = charts.clock(Clock((5, 0, 0, 0, 0, 1, 2), 3, 2), choice())
    assert told["chart"]["axis"] == ["0–8", "8–16", "16–24", "24–32", "32–40", "40–48", "≥ 48"]
    assert (told["any"], told["running"]["n"], told["late"]) == (11, 3, 2)
