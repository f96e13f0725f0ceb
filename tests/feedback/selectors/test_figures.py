"""Every figure against a recount in plain Python over random small histories, equal to the last digit."""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from statistics import stdev
from typing import Any, get_args

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import sla
from feedback.models import CaseRound, CountedDay, LoopPolicy, Review, StaleDay, Survey, WorkerRating
from feedback.selectors import patterns
from feedback.selectors.cuts import Cut
from feedback.selectors.figures import By, Cell, Figures, figures
from feedback.selectors.people import FIGURES, people
from feedback.selectors.period import Period, last_days
from feedback.selectors.rows import lines, rows
from feedback.selectors.sources import SCALE, SOURCES, Window
from feedback.services import counting
from orders.models import Assignment, Order, OrderPolicy, Position, Shift
from tests.feedback.histories import LAST, moment, write
from tests.feedback.recount import MEMBER, SHANGHAI, Fact, Facts, between, recount
from tests.fixtures.agency import Agency

PERIOD = Period(date(2026, 11, 20), date(2026, 11, 23))
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=SHANGHAI)
SPLITS = ("city", "service", "client", "industry", "day")
ANYHOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def rank(values: list[int], share: float) -> float:
    """Linear interpolation between the two nearest ranks, as PERCENTILE_CONT defines it."""
    ordered, place = sorted(values), share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def expected(kpi: str, facts: list[Fact], *, spread: bool = False) -> Cell:
    """The cell that these facts make; times have a median, whole periods of everything else a spread."""
    values, scale = [one.value for one in facts], SCALE.get(kpi, 1)
    if not values:
        return Cell()
    mean = sum(values) / (len(values) * scale)
    if kpi == "response":
        return Cell(len(values), mean, rank(values, 0.5) / scale, rank(values, 0.9) / scale)
    return Cell(len(values), mean, spread=stdev(values) if spread and len(values) > 1 else None)


def seen(period: Period = PERIOD, cut: Cut = Cut()) -> Figures:  # noqa: B008
    return figures(period, NOW, OrderPolicy.current(), cut=cut)


def window(cut: Cut = Cut()) -> Window:  # noqa: B008
    return Window(PERIOD.start, PERIOD.end, NOW, cut, OrderPolicy.current(), LoopPolicy.current())


def now_of(facts: Facts, kpi: str) -> list[Fact]:
    return between(facts[kpi], PERIOD.first, PERIOD.last)


def same(found: Figures, facts: Facts) -> None:
    """Every figure and every split, cell by cell."""
    before = PERIOD.before
    for kpi in SOURCES:
        now = now_of(facts, kpi)
        assert found.total(kpi) == expected(kpi, now, spread=True), kpi
        assert found.before(kpi) == expected(kpi, between(facts[kpi], before.first, before.last), spread=True), kpi
        for by in SPLITS:
            groups = grouped(now, by)
            for member in {*groups, *found.members(by)}:  # type: ignore[arg-type]
                assert found.of(kpi, by, member) == expected(kpi, groups[member]), (kpi, by, member)  # type: ignore[arg-type]
        weeks = grouped(between(facts[kpi], before.first, PERIOD.last), "week")
        for monday in {*weeks, *found.weeks()}:
            assert found.of(kpi, "week", monday) == expected(kpi, weeks[monday]), (kpi, monday)


def grouped(facts: list[Fact], by: str) -> dict[Any, list[Fact]]:
    groups: dict[Any, list[Fact]] = defaultdict(list)
    for one in facts:
        if (member := MEMBER[by](one)) is not None:
            groups[member].append(one)
    return groups


def history(agency: Agency, dice: random.Random, orders: int = 40) -> None:
    """Short windows, so that orders come back within the history."""
    LoopPolicy(repeat_days=3, renewal_days=2, experienced_services=2).save()
    write(agency, dice, orders=orders)


@pytest.fixture(params=range(4))
def written(request, agency: Agency) -> random.Random:
    dice = random.Random(request.param)
    history(agency, dice)
    return dice


def test_totals_days_weeks_and_splits_are_those_of_a_recount(written):
    found, facts = seen(), recount(NOW)
    assert sum(found.total(kpi).n > 0 for kpi in SOURCES) > len(SOURCES) - 4
    same(found, facts)


@settings(max_examples=5, deadline=None, suppress_health_check=ANYHOW)
@given(st.randoms(use_true_random=False))
def test_any_history_at_all(agency, dice):
    with transaction.atomic():
        history(agency, dice, orders=8)
        same(seen(), recount(NOW))
        counting.refresh(NOW)
        same(seen(), recount(NOW))
        transaction.set_rollback(True)


def alter(dice: random.Random) -> None:
    """What happens to days that are over: late answers, corrections, cancellations, whatever the services may do."""
    for _ in range(6):
        dice.choice(CHANGES)(dice)


def _one(rows: Any, dice: random.Random) -> Any:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return rows.filter(pk=dice.choice(keys)) if keys else rows


CHANGES = (
    lambda dice: _one(Order.objects, dice).update(status=dice.choice(["cancelled", "completed"])),
    lambda dice: _one(Order.objects.exclude(submitted_at=None), dice).update(proposed_at=moment(dice)),
    lambda dice: _one(Order.objects, dice).update(service_type="vip"),
    lambda dice: _one(Order.objects, dice).update(filled_at=moment(dice)),
    lambda dice: _one(Position.objects, dice).update(status=dice.choice(["closed", "lapsed", "filled"])),
    lambda dice: _one(Position.objects.filter(assignments=None), dice).delete(),
    lambda dice: _one(Assignment.objects.filter(status="completed"), dice).update(status="no_show"),
    lambda dice: _one(Assignment.objects.filter(status="cancelled"), dice).update(status="no_show"),
    lambda dice: _one(Assignment.objects, dice).update(checked_in_at=moment(dice)),
    lambda dice: _one(Survey.objects, dice).update(answered_at=moment(dice)),
    lambda dice: _one(Review.objects, dice).update(overall=1, created_at=moment(dice)),
    lambda dice: _one(WorkerRating.objects, dice).update(stars=1),
    lambda dice: _one(WorkerRating.objects, dice).delete(),
    lambda dice: _one(Survey.objects, dice).update(sent_at=moment(dice)),
)


def test_counted_beforehand_or_not_the_figures_are_those_of_the_rows(written):
    assert counting.refresh(NOW) == CountedDay.objects.count() > 4
    same(seen(), recount(NOW))
    for _ in range(4):
        alter(written)
        assert StaleDay.objects.exists()
        same(seen(), recount(NOW))
        counting.refresh(NOW)
        assert not StaleDay.objects.exists()
        same(seen(), recount(NOW))
    assert counting.refresh(NOW) == 0


def test_other_rules_count_everything_anew(written):
    counted = counting.refresh(NOW)
    OrderPolicy(response_target_minutes=4, no_show_minutes=61).save()
    same(seen(), recount(NOW))
    assert counting.refresh(NOW) == counted
    same(seen(), recount(NOW))


def test_what_was_counted_later_is_not_taken_for_earlier(written):
    counting.refresh(NOW + timedelta(days=2))
    same(seen(), recount(NOW))


@pytest.mark.parametrize("beforehand", [False, True])
def test_a_part_of_the_rows_is_that_of_a_recount(written, beforehand):
    if beforehand:
        counting.refresh(NOW)
    facts = recount(NOW)
    for by in ("city", "service", "client", "industry"):
        for member in seen().members(by):
            cut = Cut(**{by: member})
            part = Facts()
            part.update({kpi: [one for one in some if MEMBER[by](one) == member] for kpi, some in facts.items()})
            same(seen(cut=cut), part)


def test_parts_combine(written):
    facts, company = recount(NOW), Order.objects.exclude(submitted_at=None).earliest("pk").client
    cut = Cut(client=company.pk, service="pre_sale", industry=company.industry)
    part = Facts()
    for kpi, some in facts.items():
        part[kpi] = [one for one in some if one.client == company and MEMBER["service"](one) == "pre_sale"]
    same(seen(cut=cut), part)
    assert seen(cut=Cut(client=company.pk, industry="hotel")).total("fill").n == 0


def test_people_by_stars_and_source_are_those_of_a_recount(written):
    found, facts = people(window()), recount(NOW)
    for kpi in FIGURES:
        for by in ("star", "source"):
            groups = grouped(now_of(facts, kpi), by)
            cells = {key[3]: cell for key, cell in found.items() if key[0] == kpi and key[2] == by}
            assert cells == {member: expected(kpi, some) for member, some in groups.items()}
            for member, some in groups.items():
                whole = seen(cut=Cut(**{by: member}))
                assert whole.total(kpi) == expected(kpi, some, spread=True)
                assert whole.total("fill").n == 0


def test_novices_and_the_experienced_are_all_who_were_rated(written):
    found = seen()
    assert found.total("rating_novice").n + found.total("rating_experienced").n == found.total("rating").n


def test_compliance_is_that_of_the_pure_clock(written):
    turns = [turn for turn in CaseRound.objects.all() if PERIOD.start <= turn.opened_at < PERIOD.end]
    judged = sla.in_time(
        [
            sla.Round(turn.opened_at, turn.due_at, turn.reported_at if (turn.reported_at or NOW) <= NOW else None)
            for turn in turns
            if turn.opened_at <= NOW
        ],
        NOW,
    )
    cell = seen().total("compliance")
    assert cell.n == judged.sample
    assert cell.mean is None if judged.rate is None else cell.mean == float(judged.rate)


def test_the_rows_behind_a_figure_are_its_facts(written):
    facts = recount(NOW)
    for kpi in SOURCES:
        now = now_of(facts, kpi)
        listed = [(one.at, one.value, one.order, one.client) for one in lines(kpi, rows(kpi, window()))]
        assert sorted(listed, key=str) == sorted(
            ((one.at, one.value / SCALE.get(kpi, 1), one.order, one.client) for one in now), key=str
        )
        misses = rows(kpi, window(Cut(miss="0")))
        assert misses.count() == sum(one.value == 0 for one in now)


def test_causes_add_up_to_all_named(written):
    named = [turn.cause for turn in CaseRound.objects.all() if turn.cause and PERIOD.start <= turn.opened_at <= NOW]
    found, _clock = patterns.repairs(window())
    assert {one.cause: one.n for one in found} == {cause: named.count(cause) for cause in set(named)}
    assert [one.n for one in found] == sorted((one.n for one in found), reverse=True)
    if found:
        assert found[-1].cumulative == pytest.approx(1)
        assert sum(one.share for one in found) == pytest.approx(1)


def test_the_clock_shows_every_round_once(written):
    (_causes, found), turns = patterns.repairs(window()), list(patterns.rounds(window()))
    assert sum(found.bars) + found.running == len(turns)
    told = [turn for turn in turns if turn.reported_at and turn.reported_at <= NOW]
    assert found.bars[0] == sum(turn.reported_at - turn.opened_at < timedelta(hours=8) for turn in told)
    assert found.bars[-1] == sum(turn.reported_at - turn.opened_at >= timedelta(hours=48) for turn in told)
    assert found.late == sum((turn.reported_at if turn in told else NOW) > turn.due_at for turn in turns)


def test_demand_counts_every_hour_a_shift_touches(written):
    wanted: dict[int, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for shift in Shift.objects.select_related("order"):
        if not PERIOD.start <= shift.start_at < PERIOD.end:
            continue
        if shift.order.submitted_at is None or shift.order.status == "cancelled":
            continue
        hour = shift.start_at.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
        while hour < shift.end_at:
            wanted[shift.order.city_id][hour.isoweekday(), hour.hour] += shift.headcount
            hour += timedelta(hours=1)
    assert patterns.demand(window()) == wanted


def test_without_rows_there_are_no_figures(agency):
    empty = seen()
    assert all(empty.total(kpi) == Cell() for kpi in SOURCES)
    assert all(empty.members(by) == [] for by in get_args(By))
    assert (patterns.repairs(window())[0], patterns.demand(window()), people(window())) == ([], {}, {})
    assert counting.refresh(NOW) == 0


def test_a_period_is_whole_days_of_the_agencys_calendar():
    at = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    week = last_days(7, at)
    assert (week.first, week.last, week.days) == (date(2026, 11, 17), date(2026, 11, 23), 7)
    assert week.start == datetime(2026, 11, 17, tzinfo=SHANGHAI)
    assert week.end == datetime(2026, 11, 24, tzinfo=SHANGHAI)
    assert (week.before.first, week.before.last) == (date(2026, 11, 10), date(2026, 11, 16))
    assert PERIOD.last <= LAST
