"""Triggers that write the log of changes, and the reading of the log so that no commit is missed.

A number that counts up (an id, a time) cannot tell what is new: a transaction may take its number early and commit
late. So the reader keeps the oldest transaction that was still open when it looked, and next time looks at all
rows from that transaction on (https://www.postgresql.org/docs/current/functions-info.html, `pg_snapshot_xmin`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection

EVENTS: Final = ("INSERT", "UPDATE", "DELETE")
# Whoever did not look for half of this time reads everything anew.
KEPT: Final = timedelta(days=1)
# More rows than this are not worth reading one by one.
MOST: Final = 20_000


def watch(
    table: str, kind: str, column: str | None, fields: Sequence[str], events: Sequence[str] = EVENTS
) -> tuple[str, str]:
    """SQL that makes a table write the log, and SQL that undoes it; for `RunSQL`.

    Each statement on the table logs, once each, the values of `column` in rows put in, deleted, or changed in one
    of `fields` (before and after); without `column`, one row that stands for everything, as after TRUNCATE.
    """
    name = f"log_{table}"
    triggers = [_trigger(table, name, event) for event in (*events, "TRUNCATE")]
    branches = " ELSIF ".join(f"TG_OP = '{event}' THEN {_log(kind, column, fields, event)}" for event in events)
    function = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF {branches}
            ELSE INSERT INTO workers_poolchange (kind) VALUES ('all');
            END IF;
            RETURN NULL;
        END $$;
    """  # noqa: S608
    drop = "".join(f"DROP TRIGGER {name}_{event.lower()} ON {table};" for event in (*events, "TRUNCATE"))
    return "".join([function, *triggers]), f"{drop} DROP FUNCTION {name}();"


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
class Change:
    """A row of the log; `own` if the reader's own transaction wrote it and has not committed yet."""

    id: int
    kind: str
    row_id: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What the log says: `horizon` is the oldest transaction still open, from which to look on next time.

    `too_many`: more than `MOST` rows, of which `rows` has none of others.
    """

    horizon: int
    rows: tuple[Change, ...]
    too_many: bool


_SINCE: Final = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, c.id, c.kind, c.row_id, c.own
    FROM (VALUES (1)) one(row) LEFT JOIN (
        SELECT id, kind, row_id, coalesce(xid = pg_current_xact_id_if_assigned(), false) AS own
        FROM workers_poolchange WHERE xid >= coalesce(%s::text::xid8, pg_current_xact_id_if_assigned())
        LIMIT %s
    ) c ON true
"""


def since(horizon: int | None) -> Changes:
    """One query: rows of transactions that may have been open at `horizon`; for None of one's own and later ones."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, [horizon, MOST + 1])
        rows = cursor.fetchall()
    changes = tuple(Change(*row[1:]) for row in rows if row[1] is not None)
    return Changes(rows[0][0], changes, len(changes) > MOST)


def purge() -> int:
    """Delete what everybody has read; the database's clock wrote the times, so it also judges them. Rows deleted."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workers_poolchange WHERE at < now() - %s", [KEPT])
        return int(cursor.rowcount)
