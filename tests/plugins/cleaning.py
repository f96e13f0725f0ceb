"""Empties the database after a test that commits: only tables with rows, by DELETE, in a fraction of a flush's time.

Django's flush truncates every table and makes all permissions anew. What it would leave is left here too: the rows of
its first use, and the note in the pool's log that everything has changed.
"""

import time
from collections.abc import Sequence

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase

PATIENCE_SECONDS, PAUSE_SECONDS = 10.0, 0.01
LOG = "workers_poolchange"
SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
UNDER_WAY = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' AND xact_start IS NOT NULL"""
_left_by_flush: dict[object, object] = {}


def _ask(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _rows() -> dict[object, object]:
    """How many rows each table has."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    found = _ask(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in sorted(names)))
    return {name: rows for name, rows in found if rows and name != LOG}


def _flush() -> None:
    call_command("flush", verbosity=0, interactive=False)


def _settled() -> bool:
    """Wait until others' transactions are over: rows that they have not committed yet would outlive a DELETE."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (busy := _ask(UNDER_WAY) != [(0,)]) and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
    return not busy


def _delete(names: Sequence[object]) -> None:
    """Without triggers and foreign keys, which TRUNCATE does not ask either."""
    tables = "".join(f'DELETE FROM "{name}";' for name in [*names, LOG])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = replica; {tables}")
        cursor.execute(f"INSERT INTO {LOG} (kind) VALUES ('all')")


def empty() -> None:
    """Leave the database as Django's flush leaves it."""
    if not _left_by_flush:
        _flush()
        _left_by_flush.update(_rows())
        return
    found = _rows() if _settled() and _ask(SUPERUSER) == [(True,)] else {}
    if {name: found.get(name) for name in _left_by_flush} == _left_by_flush:
        _delete([name for name in found if name not in _left_by_flush])
    else:
        _flush()


@pytest.fixture(scope="session", autouse=True)
def _quick_cleaning() -> None:
    """Take the place of Django's own way."""
    setattr(TransactionTestCase, "_fixture_teardown", lambda _self: empty())  # noqa: B010  the stubs leave it out
