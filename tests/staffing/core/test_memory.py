"""The search for cycles pauses, and comes back whatever happens."""

from __future__ import annotations

import gc

import pytest

from staffing.core.memory import settled, uncollected


def test_it_comes_back_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), uncollected():
        assert not gc.isenabled()
        1 / 0  # noqa: B018  # fails on purpose
    assert gc.isenabled()


def test_it_stays_off_where_it_was_off() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_there_is_is_passed_over() -> None:
    try:
        settled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
