"""The present of these tests."""

from tests.api.conftest import monday_morning

__all__ = ["monday_morning"]
