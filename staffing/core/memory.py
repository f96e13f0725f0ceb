"""How a process holds much at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for cycles, for work that makes many objects and no cycles: it would walk through all of them
    again and again, and find nothing. What is not needed any more is freed all the same."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def settled() -> None:
    """What there is now stays till the process ends: the search for cycles passes it over from here on."""
    gc.collect()
    gc.freeze()
