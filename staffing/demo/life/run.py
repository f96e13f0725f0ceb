"""Walks from one moment to another: people act, then the timers run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from staffing.celery import QUEUES
from staffing.core import clock, outbox
from staffing.core.models import DemoClock, OutboxMessage
from staffing.demo.life import demand, office, signs, workers
from staffing.demo.life.cast import Act

__all__ = ["QUEUES", "advance", "catch_up", "drain", "live", "waiting"]

STEP = timedelta(minutes=10)
# Over a long absence nobody looks at the minutes in between.
COARSE = ((timedelta(hours=2), STEP), (timedelta(hours=30), timedelta(hours=1)))
COARSEST = timedelta(hours=6)
MOST_ORDERS = 60
LOCK = 7_120_402
ACTS: dict[str, Callable[[int, datetime], None]] = {
    act.__name__: act
    for act in (
        workers.accept,
        workers.decline,
        workers.confirm_coming,
        workers.set_out,
        workers.stand_by,
        workers.check_in,
        workers.check_out,
        office.confirm,
        office.approve,
        office.answer,
        office.take,
        office.find_cause,
        office.fix_done,
        office.report,
        office.confirm_case,
        office.not_solved,
    )
}

Settle = Callable[[datetime], None]


def waiting(now: datetime) -> Q:
    """Rows of the outbox that are due and not done."""
    return Q(done_at__isnull=True, set_aside_at__isnull=True, due_at__lte=now)


def drain(now: datetime) -> None:
    """Do all that is due and that nobody else holds, in this process."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    while OutboxMessage.objects.filter(waiting(now), free).exists():
        if not sum(outbox.sweep(queue, now) for queue in ("matching", "timers", "notify")):
            return


def live(
    frm: datetime,
    to: datetime,
    *,
    settle: Settle | None = None,
    step: timedelta = STEP,
    not_before: datetime | None = None,
) -> int:
    """Let people act in `(frm, to]`, step by step; `settle(at)` runs the timers after each. Returns the acts.

    With `not_before` nobody acts earlier than that: where timers run beside, what they did must not lie later
    than what is done now.
    """
    acts, at = 0, frm
    rate = demand.daily_rate(frm)
    posted = 0
    while at < to:
        until = min(at + step, to)
        acts += _act(max(at, not_before or at), until)
        for moment, number in demand.due(at, until, rate):
            if posted < MOST_ORDERS:
                demand.post(number, moment)
                posted += 1
        if settle is not None:
            settle(until)
        signs.heard(until)
        _remember(until)
        at = until
    return acts + posted


def _act(frm: datetime, to: datetime) -> int:
    """Everything planned up to `to`; what was planned before `frm` happens at once."""
    plans: list[Act] = [*workers.planned(to), *office.planned(to)]
    due = sorted((max(act.at, frm), act.name, act.row) for act in plans if act.at <= to)
    for at, name, row in due:
        ACTS[name](row, at)
    return len(due)


def _remember(at: datetime) -> None:
    DemoClock.objects.update_or_create(pk=1, defaults={"lived_until": at})


def lived_until() -> datetime | None:
    """How far life has come."""
    return DemoClock.objects.filter(pk=1).values_list("lived_until", flat=True).first()


@contextmanager
def alone(*, wait: bool) -> Iterator[bool]:
    """One life at a time; False at once if another is at it and we do not wait."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            held = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            held = bool(cursor.fetchone()[0])
        try:
            yield held
        finally:
            if held:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def catch_up(now: datetime, *, settle: Settle | None = None) -> int:
    """Live from where it stopped until `now`.

    With `settle` nothing else may be running: the gap is walked, more coarsely the longer nobody was there.
    Without, the jobs run beside: whatever is due happens now.
    """
    with alone(wait=False) as held:
        since = lived_until()
        if not held or since is None or since >= now:
            return 0
        if settle is None:
            return live(since, now, step=now - since, not_before=now)
        gap = now - since
        return live(since, now, settle=settle, step=next((size for limit, size in COARSE if gap <= limit), COARSEST))


def advance(by: timedelta, *, settle: Settle = drain) -> datetime:
    """Move the demo's clock forward, living each step first, so that nobody is late because the clock jumped.

    `settle(now)` runs the timers, or waits until the jobs have done so. Returns the present.
    """
    with alone(wait=True):
        goal = clock.now() + by
        while (present := clock.now()) < goal - timedelta(seconds=1):
            until = min(present + STEP, goal)
            live(min(lived_until() or present, until), until, step=timedelta(days=1), not_before=present)
            clock.set_offset(clock.offset() + max(timedelta(seconds=1), until - clock.now()))
            settle(clock.now())
        return clock.now()
