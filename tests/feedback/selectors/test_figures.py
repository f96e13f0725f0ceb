"""Every figure against a recount in plain Python over random small histories."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import median, stdev
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedback import sla
from feedback.models import CaseRound, Review, ReviewCase, Survey
from feedback.selectors import patterns
from feedback.selectors.figures import By, Figures, figures
from feedback.selectors.period import Period, last_days
from feedback.selectors.rows import Cut, lines, rows
from feedback.selectors.sources import SOURCES, Window
from orders.models import Assignment, Order, OrderPolicy, Position, Shift
from tests.feedback.histories import LAST, write
from tests.fixtures.agency import Agency

SHANGHAI = ZoneInfo("Asia/Shanghai")
PERIOD = Period(date(2026, 11, 20), date(2026, 11, 23))
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=SHANGHAI)
Fact = tuple[datetime, float, Order]


def recount(now: datetime) -> dict[str, list[Fact]]:
    """All facts of all time by figure, each rule said once more in plain words."""
    policy = OrderPolicy.current()
    target, grace = timedelta(minutes=policy.response_target_minutes), timedelta(minutes=policy.no_show_minutes)
    facts: dict[str, list[Fact]] = defaultdict(list)
    for order in Order.objects.all():
        if order.submitted_at is None:
            continue
        if order.proposed_at:
            took = order.proposed_at - order.submitted_at
            facts["response"].append((order.submitted_at, took.total_seconds() / 60, order))
            facts["response_share"].append((order.submitted_at, float(took <= target), order))
        elif order.status != "cancelled" and order.submitted_at + target < now:
            facts["response_share"].append((order.submitted_at, 0.0, order))
        if order.status != "cancelled":
            facts["fill_orders"].append((order.starts_at, float(order.filled_at is not None), order))
    for place in Position.objects.select_related("shift__order"):
        if place.shift.order.submitted_at and place.status != "closed":
            facts["fill"].append((place.shift.start_at, float(place.status == "filled"), place.shift.order))
    for work in Assignment.objects.select_related("position__shift__order"):
        if work.status not in ("cancelled", "released") and work.start_at + grace <= now:
            facts["no_show"].append((work.start_at, float(work.status == "no_show"), work.position.shift.order))
    for review in Review.objects.select_related("order"):
        for name, field in [("satisfaction", "overall"), *((n, n) for n in ("attendance", "skill_match", "attitude"))]:
            facts[name].append((review.created_at, float(getattr(review, field)), review.order))
    for survey in Survey.objects.select_related("order"):
        told = survey.answered_at is not None and survey.answered_at <= now
        facts["answered"].append((survey.sent_at, float(told), survey.order))
    for turn in CaseRound.objects.select_related("case__order"):
        reported = turn.reported_at if turn.reported_at and turn.reported_at <= now else None
        if reported or turn.due_at < now:
            met = reported is not None and reported <= turn.due_at
            facts["compliance"].append((turn.opened_at, float(met), turn.case.order))
    for case in ReviewCase.objects.exclude(closed_at=None).select_related("order"):
        facts["confirmed"].append((case.closed_at, float(case.status == "confirmed"), case.order))  # type: ignore[arg-type]
    return facts


def inside(facts: list[Fact], first: date, last: date, now: datetime) -> list[Fact]:
    return [one for one in facts if first <= one[0].astimezone(SHANGHAI).date() <= last and one[0] <= now]


def p90(values: list[float]) -> float:
    """Linear interpolation between the two nearest ranks, as PERCENTILE_CONT defines it."""
    ordered, place = sorted(values), 0.9 * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def same(cell: Any, values: list[float]) -> None:
    assert cell.n == len(values)
    if not values:
        assert (cell.mean, cell.median, cell.p90) == (None, None, None)
        return
    assert cell.mean == pytest.approx(sum(values) / len(values))
    assert cell.median == pytest.approx(median(values))
    assert cell.p90 == pytest.approx(p90(values))
    assert cell.spread == (pytest.approx(stdev(values)) if len(values) > 1 else None)


@pytest.fixture(params=range(6))
def written(request, agency: Agency) -> random.Random:
    dice = random.Random(request.param)
    write(agency, dice, orders=25)
    return dice


def seen(period: Period = PERIOD) -> Figures:
    return figures(period, NOW, OrderPolicy.current())


def test_totals_and_days_and_splits_are_those_of_a_recount(written):
    found, facts = seen(), recount(NOW)
    assert sum(found.total(kpi).n for kpi in SOURCES) > 20
    for kpi in SOURCES:
        now = inside(facts[kpi], PERIOD.first, PERIOD.last, NOW)
        same(found.total(kpi), [value for _at, value, _order in now])
        before = inside(facts[kpi], PERIOD.before.first, PERIOD.before.last, NOW)
        same(found.before(kpi), [value for _at, value, _order in before])
        splits: list[tuple[By, Callable[[Fact], Any]]] = [
            ("day", lambda one: one[0].astimezone(SHANGHAI).date()),
            ("city", lambda one: one[2].city_id),
            ("service", lambda one: one[2].service_type),
            ("client", lambda one: one[2].client_id),
        ]
        for by, of in splits:
            groups: dict[Any, list[float]] = defaultdict(list)
            for one in now:
                groups[of(one)].append(one[1])
            for member in {*groups, *found.members(by)}:
                same(found.of(kpi, by, member), groups[member])


def test_weeks_run_from_monday_over_both_periods(written):
    found, facts = seen(), recount(NOW)
    both = Period(PERIOD.before.first, PERIOD.last)
    for kpi in SOURCES:
        groups: dict[date, list[float]] = defaultdict(list)
        for at, value, _order in inside(facts[kpi], both.first, both.last, NOW):
            day = at.astimezone(SHANGHAI).date()
            groups[day - timedelta(days=day.weekday())].append(value)
        for monday in {*groups, *found.weeks()}:
            same(found.of(kpi, "week", monday), groups[monday])


def test_compliance_is_that_of_the_pure_clock(written):
    turns = [turn for turn in CaseRound.objects.all() if PERIOD.start <= turn.opened_at < PERIOD.end]
    judged = sla.in_time([sla.Round(turn.opened_at, turn.due_at, turn.reported_at) for turn in turns], NOW)
    cell = seen().total("compliance")
    assert cell.n == judged.sample
    assert cell.mean is None if judged.rate is None else cell.mean == pytest.approx(float(judged.rate))


def test_the_rows_behind_a_figure_are_its_facts(written):
    facts, window = recount(NOW), Window(PERIOD.start, PERIOD.end, NOW, OrderPolicy.current())
    for kpi in SOURCES:
        expected = sorted(
            (at, value, order.pk) for at, value, order in inside(facts[kpi], PERIOD.first, PERIOD.last, NOW)
        )
        listed = sorted((one.at, one.value, one.order.pk) for one in lines(kpi, rows(kpi, window, Cut())))
        assert [(at, pk) for at, _value, pk in listed] == [(at, pk) for at, _value, pk in expected]
        assert [value for _at, value, _pk in listed] == pytest.approx([value for _at, value, _pk in expected])


def test_causes_add_up_to_all_named(written):
    named = [
        turn.cause for turn in CaseRound.objects.all() if turn.cause and PERIOD.start <= turn.opened_at < PERIOD.end
    ]
    found = patterns.causes(PERIOD)
    assert {one.cause: one.n for one in found} == {cause: named.count(cause) for cause in set(named)}
    assert [one.n for one in found] == sorted((one.n for one in found), reverse=True)
    if found:
        assert found[-1].cumulative == pytest.approx(1)
        assert sum(one.share for one in found) == pytest.approx(1)


def test_demand_counts_every_hour_a_shift_touches(written):
    expected: dict[tuple[int, int], int] = defaultdict(int)
    for shift in Shift.objects.select_related("order"):
        if not PERIOD.start <= shift.start_at < PERIOD.end:
            continue
        if shift.order.submitted_at is None or shift.order.status == "cancelled":
            continue
        hour = shift.start_at.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
        while hour < shift.end_at:
            expected[(hour.isoweekday(), hour.hour)] += shift.headcount
            hour += timedelta(hours=1)
    assert patterns.demand(PERIOD) == expected


def test_without_rows_there_are_no_figures(agency):
    empty = seen()
    assert all(empty.total(kpi).n == 0 and empty.total(kpi).mean is None for kpi in SOURCES)
    assert empty.members("city") == []
    assert (patterns.causes(PERIOD), patterns.demand(PERIOD)) == ([], {})


def test_a_period_is_whole_days_of_the_agencys_calendar():
    at = datetime(2026, 11, 22, 16, 30, tzinfo=ZoneInfo("UTC"))
    week = last_days(7, at)
    assert (week.first, week.last, week.days) == (date(2026, 11, 17), date(2026, 11, 23), 7)
    assert week.start == datetime(2026, 11, 17, tzinfo=SHANGHAI)
    assert week.end == datetime(2026, 11, 24, tzinfo=SHANGHAI)
    assert (week.before.first, week.before.last) == (date(2026, 11, 10), date(2026, 11, 16))
    assert PERIOD.last <= LAST
