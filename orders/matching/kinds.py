"""What many people have in common: a pool of 100,000 has some hundred different masks of reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import compiled

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """``masks`` uint32[k]: the different ones, in the order in which they come; ``of`` int32[n]: which of them each
    person has; ``count`` int64[k]: how many people have it."""

    masks: NDArray[np.uint32]
    of: Ints
    count: NDArray[np.int64]


def kinds_of(masks: NDArray[np.uint32]) -> Kinds:
    """Of the masks of people, in any order."""
    distinct, of = np.empty(len(masks), np.uint32), np.empty(len(masks), np.int32)
    table = np.full(1 << (2 * len(masks) + 1).bit_length(), -1, np.int32)
    found = distinct[: _kinds(masks, table, distinct, of)].copy()
    return Kinds(found, of, np.bincount(of, minlength=len(found)))


@compiled
def _kinds(masks: Any, table: Any, distinct: Any, of: Any) -> int:
    """A table of places, twice as long as could be needed, searched from where a mask's hash points."""
    used, last = 0, np.uint64(len(table) - 1)
    for i in range(len(masks)):
        spot = ((np.uint64(masks[i]) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & last
        while table[spot] >= 0 and distinct[table[spot]] != masks[i]:
            spot = (spot + np.uint64(1)) & last
        if table[spot] < 0:
            table[spot], distinct[used] = used, masks[i]
            used += 1
        of[i] = table[spot]
    return used
