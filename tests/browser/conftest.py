"""What tests in a browser have in common."""

import time
from collections.abc import Iterator

import pytest
from django.db import connection

BUSY = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"""
PATIENCE_SECONDS = 10.0


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
    while quiet < 3 and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            quiet = quiet + 1 if cursor.fetchone()[0] == 0 else 0
        time.sleep(0.1)
