"""Fixtures for every test: the addresses of the servers and an environment for processes that a test starts."""

import os
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from pytest_django import DjangoDbBlocker

# After the installed plugins, so that its fixtures take the place of pytest-playwright's.
pytest_plugins = [
    "tests.plugins.browser",
    "tests.plugins.cleaning",
    "tests.plugins.own_servers",
    "tests.fixtures.agency",
]


LEAVE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; at the end, a browser's last request must not keep it from being dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(LEAVE)


@pytest.fixture(autouse=True)
def _language() -> None:
    """A request leaves its language active; the next test is to begin as a process does."""
    translation.deactivate()


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of this test process's own Valkey database."""
    return str(settings.REDIS_URL)


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of this test process's own database, for another process; rows must be committed to be seen there."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@pytest.fixture
def process_env(database_url: str, redis_url: str) -> Mapping[str, str]:
    """The environment for a process of the product that works on the test's database and Valkey."""
    return os.environ | {"DATABASE_URL": database_url, "REDIS_URL": redis_url}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that stop servers, and tests that need every core, in one process each of a parallel run."""
    for item in items:
        for group in ("faults", "race"):
            if item.get_closest_marker(group) is not None:
                item.add_marker(pytest.mark.xdist_group(group))
