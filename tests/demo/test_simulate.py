"""A small simulated agency: every promised minute is covered or has a reason, and the same seed says the same."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Assignment, OrderPolicy, Position
from staffing.core.models import OutboxMessage, User
from staffing.demo import invariants
from staffing.demo.management.commands.simulate import Command, plan_of
from staffing.demo.simulate import behaviour, ledger, world
from staffing.demo.simulate.compare import compare
from staffing.demo.simulate.ledger import REASONS, Stay
from staffing.demo.simulate.plan import FEATURES, Habits, Plan
from staffing.demo.simulate.report import Report
from staffing.demo.simulate.run import simulate
from staffing.demo.simulate.table import VARIANTS, table

SMALL = Plan(days=2, workers=40, seed=3)
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone afterwards, so that the next run begins from nothing too."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_promised_minute_is_covered_or_has_a_reason_and_the_same_seed_says_the_same() -> None:
    with undone():
        found, ended = simulate(SMALL)
        assert invariants.violations(ended) == []
        assert not OutboxMessage.objects.exclude(last_error="").exists()
        asked = [place for place in Position.objects.select_related("shift") if _word_given(place)]
        assert sum(found.minutes.values()) == sum((p.shift.end_at - p.shift.start_at) // MINUTE for p in asked)
        assert len(asked) == found.promised > 0
        assert found.minutes["covered"] > 0
    with undone():
        again, _ = simulate(SMALL)
    assert again == found


def _word_given(place: Position) -> bool:
    return Assignment.objects.filter(position=place, booked_at__lt=place.shift.start_at).exists()


def test_what_nobody_knows_is_an_option_of_every_run() -> None:
    options = vars(Command().create_parser("manage.py", "simulate").parse_args(["--free-at-once", "0.25"]))
    assert plan_of(options).habits == replace(Habits(), free_at_once=0.25)


@pytest.mark.django_db
def test_parts_are_switched_off_by_the_policy_alone() -> None:
    world.build(replace(SMALL, without=frozenset(FEATURES)))
    policy = OrderPolicy.current()
    assert (policy.wave_size, policy.bench_loss_percent, policy.auto_release_unconfirmed) == (1, 0, False)


@pytest.mark.django_db
def test_the_command_keeps_off_an_agency_that_is_there() -> None:
    User.objects.create_user("13900000000", None, role="manager", name="在")
    with pytest.raises(CommandError, match="not empty"):
        call_command("simulate")


moments = st.integers(-600, 900).map(lambda minute: START + minute * MINUTE)


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    times = sorted(draw(st.lists(moments, min_size=3, max_size=3)))
    kind = draw(st.sampled_from(("lost", "came", "stays", "waiting")))
    booked, came, gone = times
    if kind == "lost":
        return Stay(booked, None, None, gone)
    if kind == "waiting":
        return Stay(booked, None, None, None)
    return Stay(booked, came, gone if kind == "came" else None, None)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(stays(), max_size=4), st.integers(1, 720))
def test_the_reasons_add_up_to_the_shift(people: list[Stay], length: int) -> None:
    found = ledger.account(people, START, START + length * MINUTE)
    assert sum(found.values()) == length
    assert set(found) <= set(REASONS)
    assert all(minutes > 0 for minutes in found.values())


def test_a_lost_place_is_told_minute_by_minute() -> None:
    absent = Stay(START - 600 * MINUTE, None, None, START + 15 * MINUTE)
    instead = Stay(START + 20 * MINUTE, START + 60 * MINUTE, START + 470 * MINUTE, None)
    found = ledger.account([absent, instead], START, START + 480 * MINUTE)
    assert found == {"unnoticed": 15, "searching": 5, "travelling": 40, "covered": 410, "left": 10}
    assert ledger.promised([absent, instead], START)
    assert not ledger.promised([instead], START)


def test_nobody_after_a_loss_and_who_is_late() -> None:
    absent = Stay(START - MINUTE, None, None, START + 15 * MINUTE)
    assert ledger.account([absent], START, START + 60 * MINUTE) == {"unnoticed": 15, "nobody": 45}
    late = Stay(START - MINUTE, START + 7 * MINUTE, START + 60 * MINUTE, None)
    assert ledger.account([late], START, START + 60 * MINUTE) == {"late": 7, "covered": 53}


def test_shares_are_those_of_the_plan() -> None:
    habits, count = Habits(), 4000
    fates = [
        behaviour.course(
            behaviour.dice(1, "course", str(key)),
            habits,
            booked=START,
            start=START + 600 * MINUTE,
            end=START + 900 * MINUTE,
            way_minutes=30,
        ).fate
        for key in range(count)
    ]
    assert fates.count("absent") / count == pytest.approx(habits.no_shows, abs=0.02)
    assert fates.count("cancels") / count == pytest.approx(habits.late_cancels, abs=0.01)


def test_runs_are_told_side_by_side_in_both_languages() -> None:
    minutes = dict.fromkeys(REASONS, 0) | {"covered": 590, "late": 10}
    figures = Report(4, 4, 0, 4, 4, minutes, 5, {"no_show": 1, "cancelled": 0, "released": 0}, 1, 1, 0, 2.5, 8, {}, 0)
    runs = {"": figures.as_dict(), "radar": figures.as_dict()}
    told = table(runs, "en").splitlines()
    assert told[0] == "|  | everything on | without radar |"
    assert "| **covered** | **98.33 %** | **98.33 %** |" in told
    assert "| lost: late | 1.67 % | 1.67 % |" in told
    assert "| offers a position | 2.00 | 2.00 |" in told
    assert len(table(runs, "zh").splitlines()) == len(told)


def test_every_variant_runs_on_servers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[list[str], set[str]]] = []

    def run(command: list[str], env: dict[str, str], **given: object) -> subprocess.CompletedProcess[str]:
        started.append((command, set(env)))
        return subprocess.CompletedProcess(command, 0, stdout=f'a line\n{{"of": "{command[-2]}"}}')

    monkeypatch.setattr(subprocess, "run", run)
    found = compare(["--days", "2"], at_once=2)
    assert found == {without: {"of": without} for without in VARIANTS}
    for command, environment in started:
        assert command[1:5] == ["-m", "staffing.runner", "ephemeral", "--"]
        assert not environment & {"DATABASE_URL", "REDIS_URL"}
