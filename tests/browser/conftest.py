"""What tests in a browser have in common."""

import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

BUSY = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
PATIENCE_SECONDS, PAUSE_SECONDS, QUIET_LOOKS = 10.0, 0.02, 10


def serving() -> bool:
    """Whether the server still holds a browser's connection; each has a thread until its last answer is given."""
    return any("process_request_thread" in thread.name for thread in threading.enumerate())


def busy() -> bool:
    """Whether a connection that is kept open has work in the database."""
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        return cursor.fetchone()[0] > 0


@pytest.fixture(autouse=True)
def settled(request: pytest.FixtureRequest) -> Iterator[None]:
    """Parts that still load when a test ends are waited for: tables must not be emptied under their feet."""
    if "live_server" not in request.fixturenames:
        yield
        return
    pages = request.getfixturevalue("open_page")
    yield
    pages.close()
    pages.contexts.clear()
    until, quiet = time.monotonic() + PATIENCE_SECONDS, 0
    while serving() and quiet < QUIET_LOOKS and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
        quiet = 0 if busy() else quiet + 1
