"""Triggers that write the log of changes, and the reading of the log so that no commit is missed.

A number that counts up (an id, a time) cannot tell what is new: a transaction may take its number early and commit
late. So a reader keeps the database's snapshot of each look, and next time takes the rows whose transaction was not
visible in it (PostgreSQL's manual, "Transaction ID and Snapshot Information Functions").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection

from workers.models.changes import PoolChange

EVENTS: Final = ("INSERT", "UPDATE", "DELETE")
# Whoever did not look for half of this time reads everything anew.
KEPT: Final = timedelta(days=1)
# More rows than this are not worth reading one by one.
MOST: Final = 10_000


def watch(
    table: str, kind: str, column: str | None, fields: Sequence[str], events: Sequence[str] = EVENTS
) -> tuple[str, str]:
    """SQL that makes a table write the log, and SQL that undoes it; for `RunSQL`.

    Each statement on the table logs, once each, the values of `column` in rows put in, deleted, or changed in one
    of `fields` (before and after); without `column`, one row that stands for everything, as after TRUNCATE.
    """
    name = f"log_{table}"
    triggers = [_trigger(table, name, event) for event in (*events, "TRUNCATE")]
    drop = "".join(f"DROP TRIGGER {name}_{event.lower()} ON {table};" for event in (*events, "TRUNCATE"))
    create = "".join(["CREATE ", _function(name, kind, column, fields, events), *triggers])
    return create, f"{drop} DROP FUNCTION {name}();"


def watch_more(
    table: str, kind: str, column: str | None, before: Sequence[str], fields: Sequence[str]
) -> tuple[str, str]:
    """SQL that lets a watched table log changes of `fields`, where it logged those of `before`; and SQL that undoes it.

    Only the function is another: no lock on the table is needed.
    """
    listed = (fields, before)
    more, less = (f"CREATE OR REPLACE {_function(f'log_{table}', kind, column, each, EVENTS)}" for each in listed)
    return more, less


def _function(name: str, kind: str, column: str | None, fields: Sequence[str], events: Sequence[str]) -> str:
    branches = " ELSIF ".join(f"TG_OP = '{event}' THEN {_log(kind, column, fields, event)}" for event in events)
    return f"""FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {branches}
            ELSE INSERT INTO workers_poolchange (kind) VALUES ('all');
            END IF;
            RETURN NULL;
        END $$;
    """  # noqa: S608


_ROWS: Final = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
    "TRUNCATE": "",
}


def _trigger(table: str, name: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} {_ROWS[event]}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
    )


def _log(kind: str, column: str | None, fields: Sequence[str], event: str) -> str:
    """One INSERT into the log. A row that reads the same before and after is not in either difference."""
    source = {"INSERT": "new_rows", "DELETE": "old_rows"}.get(event)
    if source is None:
        listed = ", ".join(dict.fromkeys(["id", *([column] if column else []), *fields]))
        old, new = f"SELECT {listed} FROM old_rows", f"SELECT {listed} FROM new_rows"  # noqa: S608
        source = f"(({old} EXCEPT {new}) UNION ALL ({new} EXCEPT {old})) changed"
    into = "INSERT INTO workers_poolchange (kind, row_id)"
    if column is None:
        return f"{into} SELECT 'all', NULL WHERE EXISTS (SELECT FROM {source});"  # noqa: S608
    return f"{into} SELECT DISTINCT '{kind}', {column} FROM {source} WHERE {column} IS NOT NULL;"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at the log could see: the database's snapshot, and the looker's own transaction if it had written.

    A snapshot counts one's own transaction as done, though it may yet be rolled back; so it is kept apart.
    """

    snapshot: str
    own: str | None

    @property
    def first_open(self) -> int:
        """Every transaction before this one was over."""
        return int(self.snapshot.split(":")[0])

    @property
    def next(self) -> int:
        """The first transaction that had not begun."""
        return int(self.snapshot.split(":")[1])


@dataclass(frozen=True, slots=True)
class Change:
    """What one or more rows of the log say."""

    kind: str
    row_id: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new, and what to look on from next time. `too_many`: more than `MOST`, of which some were left out."""

    seen: Seen
    own: tuple[Change, ...]
    others: tuple[Change, ...]

    @property
    def too_many(self) -> bool:
        """Whether changes were left out."""
        return len(self.own) + len(self.others) > MOST


def everything(changes: Sequence[Change]) -> bool:
    """Whether nothing less than the whole pool must be read again."""
    return len(changes) > MOST or any(change.kind == PoolChange.Kind.ALL for change in changes)


_SINCE: Final = """
    SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text, c.kind, c.row_id, c.own
    FROM (VALUES (1)) one(row) LEFT JOIN (
        SELECT DISTINCT kind, row_id, coalesce(xid = pg_current_xact_id_if_assigned(), false) AS own
        FROM workers_poolchange
        WHERE xid >= pg_snapshot_xmin(coalesce(%(seen)s::pg_snapshot, pg_current_snapshot())) AND (
            NOT pg_visible_in_snapshot(xid, coalesce(%(seen)s::pg_snapshot, pg_current_snapshot()))
            OR xid = %(own)s::xid8 OR xid = pg_current_xact_id_if_assigned()
        )
        LIMIT %(most)s
    ) c ON true
"""


def since(seen: Seen | None) -> Changes:
    """What was committed since an earlier look, and what one's own transaction has changed so far; one query.

    Without an earlier look only the latter.
    """
    with connection.cursor() as cursor:
        before = {"seen": seen.snapshot, "own": seen.own} if seen else {"seen": None, "own": None}
        cursor.execute(_SINCE, before | {"most": MOST + 1})
        rows = cursor.fetchall()
    changes = [(Change(kind, row_id), own) for _, _, kind, row_id, own in rows if kind is not None]
    own = tuple(change for change, mine in changes if mine)
    return Changes(Seen(*rows[0][:2]), own, tuple(change for change, mine in changes if not mine))


def purge() -> int:
    """Delete what everybody has read; the database's clock wrote the times, so it also judges them. Rows deleted."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workers_poolchange WHERE at < now() - %s::interval", [f"{KEPT.total_seconds()} s"])
        return int(cursor.rowcount)
