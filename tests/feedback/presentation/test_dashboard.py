"""Figures in words: changes, small samples, heat, Pareto."""

from datetime import date

import pytest

from feedback.choices import Choice
from feedback.forms_dashboard import DashboardForm
from feedback.models import LoopPolicy
from feedback.presentation.dashboard import HEAT_STRONGEST, cards, heat, heats, misses, split
from feedback.presentation.kpis import KPIS, delta, met, number_text, target_of, value_text
from feedback.selectors.cuts import Cut
from feedback.selectors.figures import Cell, Figures
from feedback.selectors.names import Known
from feedback.selectors.period import Period
from orders.models import OrderPolicy

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 7))


def choice(cut: Cut = Cut()) -> Choice:  # noqa: B008
    names = {
        "city": {1: "上海", 2: "杭州", 3: "成都"},
        "service": {},
        "industry": {},
        "client": {},
        "star": {},
        "source": {},
    }
    known = Known(names)  # type: ignore[arg-type]
    return Choice(DashboardForm(known=known), PERIOD, cut, known, PERIOD.end)


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


@pytest.mark.django_db
@pytest.mark.parametrize(("n", "small"), [(0, False), (1, True), (9, True), (10, False)])
def test_small_samples_are_marked(n, small):
    found = Figures(PERIOD, {("fill", True, "total", None): cell(1.0, n)} if n else {})
    card = next(card for card in cards(found, choice()) if card["key"] == "fill")
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


def test_the_heat_map_of_all_cities_adds_them_up_and_leads_to_each():
    drawn = heats({1: {(1, 9): 10}, 2: {(1, 9): 5, (2, 9): 20}}, choice())
    assert drawn["all"]["most"] == 20
    assert [(one["name"], one["n"]) for one in drawn["cities"]] == [("杭州", 25), ("上海", 10)]
    assert "city=2" in drawn["cities"][0]["url"]
    assert drawn["one"] is None
    assert heats({1: {(1, 9): 1}}, choice(Cut(city=1)))["one"] == "上海"


def of_cities(kpi: str, **cells: Cell) -> Figures:
    found = {(kpi, True, "city", int(name[1:])): one for name, one in cells.items()}
    return Figures(PERIOD, found)  # type: ignore[arg-type]


def test_a_ranking_leaves_out_small_samples_and_knows_what_is_better():
    shares = of_cities("no_show", c1=cell(0.05, 40), c2=cell(0.0, 9), c3=cell(0.01, 20))
    assert [(one["name"], one["rank"]) for one in split(shares, choice(), "city", ("no_show",), "no_show")] == [
        ("成都", 1),
        ("上海", 2),
        ("杭州", None),
    ]
    fills = of_cities("fill", c1=cell(0.9, 40), c2=cell(1.0, 9), c3=cell(0.95, 20))
    assert [one["rank"] for one in split(fills, choice(), "city", ("fill",), "fill")] == [1, 2, None]
    assert [one["name"] for one in split(fills, choice(), "city", ("fill",))] == ["上海", "成都", "杭州"]
    assert {one["rank"] for one in split(fills, choice(), "city", ("fill",))} == {None}


def test_a_target_is_reached_missed_or_not_yet_to_be_told():
    policy, loop = OrderPolicy(), LoopPolicy()
    fill, no_show = KPIS["fill"], KPIS["no_show"]
    assert target_of(KPIS["response"], policy, loop) == policy.response_target_minutes
    assert (target_of(fill, policy, loop), target_of(KPIS["rating"], policy, loop)) == (0.95, None)
    assert [met(fill, cell(share), 0.95) for share in (0.95, 0.94)] == [True, False]
    assert [met(no_show, cell(share), 0.02) for share in (0.02, 0.03)] == [True, False]
    assert met(fill, cell(0.5, 9), 0.95) is met(fill, Cell(), 0.95) is met(fill, cell(1), None) is None
