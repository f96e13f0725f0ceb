from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback import sla

POLICY = sla.ClockPolicy()
SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2026, 12, 30, 9, 0, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)
hours = timedelta(hours=1)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
spans = st.integers(0, 100 * 3600).map(lambda seconds: timedelta(seconds=seconds))


def test_due_after_48_hours_across_the_year_end() -> None:
    assert sla.due_at(OPENED, POLICY) == datetime(2027, 1, 1, 9, 0, tzinfo=SHANGHAI)


def test_daylight_saving_does_not_move_the_deadline() -> None:
    opened = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    due = sla.due_at(opened, POLICY)
    assert (due - opened.astimezone(UTC), due) == (48 * hours, datetime(2026, 3, 30, 11, 0, tzinfo=UTC))


def test_escalations_name_hour_role_and_moment() -> None:
    found = [(one.level_hours, one.role, one.due_at - OPENED) for one in sla.escalations(OPENED, POLICY)]
    assert found == [(24, "owner", 24 * hours), (40, "substitute", 40 * hours), (48, "manager", 48 * hours)]


@pytest.mark.parametrize(
    ("after", "breached", "level"),
    [
        (-hours, False, 0),
        (24 * hours - SECOND, False, 0),
        (24 * hours, False, 24),
        (40 * hours, False, 40),
        (48 * hours, False, 48),
        (48 * hours + SECOND, True, 48),
    ],
)
def test_state_of_a_running_clock(after: timedelta, breached: bool, level: int) -> None:
    seen = sla.state(OPENED, None, OPENED + after, POLICY)
    assert (seen.breached, seen.level) == (breached, level)
    assert seen.elapsed + seen.remaining == 48 * hours


def test_a_stopped_clock_stands_still() -> None:
    stopped = OPENED + 30 * hours
    later = sla.state(OPENED, stopped, OPENED + 500 * hours, POLICY)
    assert later == sla.ClockState(30 * hours, 18 * hours, False, 24)


def test_repair_at_the_deadline_is_in_time_and_calls_no_manager() -> None:
    stopped = OPENED + 48 * hours
    seen = sla.state(OPENED, stopped, stopped + 5 * hours, POLICY)
    assert (seen.breached, seen.level, seen.remaining) == (False, 40, timedelta(0))


def test_a_stop_in_the_future_does_not_count_yet() -> None:
    seen = sla.state(OPENED, OPENED + 40 * hours, OPENED + 10 * hours, POLICY)
    assert seen.elapsed == 10 * hours


def test_after_an_outage_every_missed_level_is_reported() -> None:
    reached = sla.reached(OPENED, None, OPENED + 60 * hours, POLICY)
    assert [one.level_hours for one in reached] == [24, 40, 48]


@pytest.mark.parametrize(
    ("due", "levels"), [(0, ()), (48, ((24, "a"), (24, "b"))), (48, ((40, "a"), (24, "b"))), (48, ((0, "a"),))]
)
def test_a_senseless_policy_is_refused(due: int, levels: tuple[tuple[int, str], ...]) -> None:
    with pytest.raises(ValueError, match="hours"):
        sla.ClockPolicy(due, levels)


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        sla.due_at(datetime(2026, 1, 1), POLICY)


def test_answer_deadline_and_reminders() -> None:
    deadline = sla.answer_deadline(OPENED, 3)
    assert deadline - OPENED == 72 * hours
    wanted = sla.reminders(OPENED, deadline, (24, 48, 72, 100, 24))
    assert wanted == (deadline - 48 * hours, deadline - 24 * hours)
    with pytest.raises(ValueError, match="positive"):
        sla.answer_deadline(OPENED, 0)


def test_compliance_counts_breaches_that_are_still_open_and_keeps_running_rounds_out() -> None:
    due = sla.due_at(OPENED, POLICY)
    now = due + hours
    rounds = [
        sla.Round(OPENED, due, due),
        sla.Round(OPENED, due, due + SECOND),
        sla.Round(OPENED, due, None),
        sla.Round(now, now + 48 * hours, None),
    ]
    found = sla.in_time(rounds, now)
    assert (found, found.sample, found.rate) == (sla.Compliance(1, 2, 1), 3, Decimal(1) / 3)


def test_no_rate_without_a_decided_round() -> None:
    assert sla.in_time([], OPENED).rate is None


@given(opened=moments, run=spans, wait=spans)
def test_state_and_verdict_agree(opened: datetime, run: timedelta, wait: timedelta) -> None:
    stopped, now = opened + run, opened + wait
    one = sla.Round(opened, sla.due_at(opened, POLICY), stopped)
    breached = sla.state(opened, stopped, now, POLICY).breached
    assert breached == (sla.verdict(one, now) is sla.Verdict.BREACHED)


@given(opened=moments, first=spans, second=spans)
def test_levels_never_go_back(opened: datetime, first: timedelta, second: timedelta) -> None:
    early, late = sorted((first, second))
    before = sla.state(opened, None, opened + early, POLICY)
    after = sla.state(opened, None, opened + late, POLICY)
    assert before.level <= after.level
    assert before.breached <= after.breached
