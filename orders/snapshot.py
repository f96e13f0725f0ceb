"""The pool as columns, kept in each process and never older than the last commit.

Each call asks the log of changes what was committed since the last one (one small query when that is nothing), reads
those people again, and asks once more until nothing is new, so that the several statements of a read agree.

What the caller's own transaction has changed and not committed belongs to it alone: those people are read again for
this call and laid over the kept pool, which stays free of what may yet be rolled back.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from orders import pool_reader
from orders.models import Assignment, Position, Shift
from orders.pool import MARGIN
from orders.pool_reader import Codes, UnknownCode
from orders.states import ACTIVE_ASSIGNMENT
from workers import pool_changes
from workers.models import Worker
from workers.models.changes import PoolChange
from workers.pool_changes import Change, Changes, Seen

if TYPE_CHECKING:
    from orders.matching import Candidate
    from orders.matching.columns import Pool
    from orders.matching.tables import Catalogue, Tables

log = logging.getLogger(__name__)

Kind = PoolChange.Kind

# The fairness window moves on, and old bookings leave it.
LIFETIME: Final = timedelta(hours=1)
# Half of what the log keeps: a process that slept longer may have missed rows.
LONGEST_SILENCE: Final = pool_changes.KEPT / 2
# How often the log is asked again after a read; whoever commits during all of them is read at the next call.
ROUNDS: Final = 4
# Every search scans the tail; sorting 100,000 people anew takes a tenth of a second.
LONGEST_TAIL: Final = 2048
# After a failure the plain way is taken for a while instead of failing again at every call.
PAUSE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The pool at one moment; nothing that happens later changes it.

    `read_at` is where the fairness window ends; `full_reads` and `refreshed` (people read again) count from the
    start of the process. `private`: holds uncommitted changes of the caller's transaction.
    """

    pool: Pool
    seen: Seen
    read_at: datetime
    full_reads: int
    refreshed: int
    private: bool

    @property
    def catalogue(self) -> Catalogue:
        """The codes of the pool's columns."""
        return self.pool.catalogue


@dataclass(slots=True)
class _Kept:
    """`pending`: people whose rows are not the committed ones and who must be read again."""

    pool: Pool
    codes: Codes
    read_at: datetime
    looked: float
    seen: Seen
    pending: Set[int]

    def expired(self, now: datetime) -> bool:
        silence = time.monotonic() - self.looked
        return not timedelta(0) <= now - self.read_at < LIFETIME or silence > LONGEST_SILENCE.total_seconds()


class Keeper:
    """Keeps one pool for all threads of a process."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything, failures too; also what a forked process does."""
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._full_reads = self._refreshed = 0
        self._failed: float | None = None

    def current(self, now: datetime) -> Snapshot:
        """The pool as the caller's transaction may see it now. Raises whatever reading raises."""
        with self._lock:
            return self._current(now)

    def available(self, now: datetime) -> Snapshot | None:
        """The same; None if it cannot be had, which is logged: `orders.reach_sql` then finds people.

        Raises only what would stop any other way too: a lost database, a broken transaction, the time limit.
        """
        if self._failed is not None and time.monotonic() - self._failed < PAUSE_SECONDS:
            return None
        try:
            snapshot = self.current(now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            if _nothing_works():
                raise
            # Whatever the cause (memory, a missing compiler, a row that does not fit), matching goes on without it.
            log.exception("the pool's columns cannot be had")
            self._kept, self._failed = None, time.monotonic()
            return None
        self._failed = None
        return snapshot

    def _current(self, now: datetime) -> Snapshot:
        for _ in range(ROUNDS):
            kept = self._kept
            if kept is None or kept.expired(now):
                kept, alone = self._load(now)
                if alone:
                    return self._answer(kept, kept.pool, private=True)
                self._kept = kept
            changes = pool_changes.since(kept.seen)
            if pool_changes.everything(changes.own):
                break
            if _overtaken(kept, changes):
                self._kept = None
            elif self._caught_up(kept, changes):
                return self._with_own(kept, changes)
        # The caller's own transaction has changed everything, or others do so without end.
        kept, _alone = self._load(now)
        return self._answer(kept, kept.pool, private=True)

    def _load(self, now: datetime) -> tuple[_Kept, bool]:
        """Everybody, read anew; whether only the caller may see it."""
        changes = pool_changes.since(None)
        codes, tables = _read_all(now)
        self._full_reads += 1
        alone = pool_changes.everything(changes.own)
        pending = frozenset() if alone else _people_of(changes.own, now)
        return _Kept(_pool_of(tables, codes), codes, now, time.monotonic(), changes.seen, pending), alone

    def _caught_up(self, kept: _Kept, changes: Changes) -> bool:
        """Read again whom others changed; true if that was nobody, so that all reads agree."""
        mine, theirs = _people_of(changes.own, kept.read_at), _people_of(changes.others, kept.read_at) | kept.pending
        again = theirs - mine
        if again:
            try:
                pool = _with(kept, again)
            except UnknownCode:
                self._kept = None
                return False
            kept.pool = pool.sorted() if pool.tail > LONGEST_TAIL else pool
            self._refreshed += len(again)
        # Only now: had the read failed, the same changes must come again.
        kept.seen, kept.looked, kept.pending = changes.seen, time.monotonic(), theirs & mine
        return not again

    def _with_own(self, kept: _Kept, changes: Changes) -> Snapshot:
        mine = _people_of(changes.own, kept.read_at)
        return self._answer(kept, _with(kept, mine) if mine else kept.pool, private=bool(mine))

    def _answer(self, kept: _Kept, pool: Pool, *, private: bool) -> Snapshot:
        return Snapshot(pool, kept.seen, kept.read_at, self._full_reads, self._refreshed, private)


def candidates(ids: Iterable[int], now: datetime, known: Snapshot | None) -> dict[int, Candidate]:
    """These people by id as the rules read them, with what they have booked; by plain SQL without a snapshot."""
    if known is None:
        from orders import reach_sql

        return {who.id: who for who in reach_sql.candidates(sorted(ids), now)}
    rows = known.pool.rows_of(sorted(ids))
    return {who.id: who for who in known.pool.candidates(rows[rows >= 0].tolist())}


def _nothing_works() -> bool:
    lost = connection.connection is None or bool(connection.connection.closed)
    return lost or connection.needs_rollback


def _overtaken(kept: _Kept, changes: Changes) -> bool:
    """Whether everything must be read anew. A database that counts from earlier on was restored from a copy."""
    restored = changes.seen.next < kept.seen.first_open
    return changes.too_many or restored or pool_changes.everything(changes.others)


def _read_all(now: datetime) -> tuple[Codes, Tables]:
    for _ in range(ROUNDS - 1):
        codes = pool_reader.read_codes()
        try:
            return codes, _read(codes, now)
        except UnknownCode:
            continue
    codes = pool_reader.read_codes()
    return codes, _read(codes, now)


def _read(codes: Codes, now: datetime, people: Iterable[int] | None = None) -> Tables:
    # A statement that fails spoils no more than this block of the caller's transaction.
    with transaction.atomic(), connection.cursor() as cursor:
        ids = None if people is None else sorted(people)
        return pool_reader.read(cursor, codes, since=now - MARGIN, now=now, worker_ids=ids)


def _pool_of(tables: Tables, codes: Codes) -> Pool:
    # Compiled code is loaded when the first pool is, not when Django starts.
    from orders.matching.columns import Pool

    return Pool.build(tables, codes.catalogue)


def _with(kept: _Kept, people: Set[int]) -> Pool:
    """The kept pool with these people as they are now. Raises `UnknownCode`."""
    tables = _read(kept.codes, kept.read_at, people)
    return kept.pool.changed(tables, people - set(tables.people["id"].tolist()))


def _people_of(changes: Sequence[Change], now: datetime) -> frozenset[int]:
    """Everybody whose row, login or booked time changed."""
    ids: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        ids[change.kind].append(change.row_id or 0)
    found = set(ids.pop(Kind.WORKER, ()))
    if users := ids.pop(Kind.USER, None):
        found.update(Worker.objects.filter(user__in=users).values_list("pk", flat=True))
    if ids:
        found.update(_booked_at(ids, now - MARGIN))
    return frozenset(found)


def _booked_at(ids: Mapping[str, list[int]], since: datetime) -> Iterator[int]:
    """Who is or may be booked at these shifts, orders or sites."""
    shifts = set(ids.get(Kind.SHIFT, ()))
    for kind, where in ((Kind.ORDER, "order__in"), (Kind.SITE, "order__site__in")):
        if named := ids.get(kind):
            shifts.update(Shift.objects.filter(**{where: named}, end_at__gt=since).values_list("pk", flat=True))
    booked = Assignment.objects.filter(position__shift__in=shifts, status__in=ACTIVE_ASSIGNMENT)
    yield from booked.values_list("worker_id", flat=True)
    courted = Position.objects.filter(shift__in=shifts, status__in=pool_reader.COURTED, proposed_worker__isnull=False)
    yield from courted.values_list("proposed_worker_id", flat=True)


_keeper = Keeper()
current = _keeper.current
available = _keeper.available
clear = _keeper.clear
# A child has other connections, and perhaps a lock that a thread of its parent held.
os.register_at_fork(after_in_child=clear)
