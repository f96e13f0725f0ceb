"""The present of these tests."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.fixtures.agency import NOW


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    """2026-11-23 09:00 in Shanghai, standing still."""
    with time_machine.travel(NOW, tick=False):
        yield
