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

    def first(self, wanted: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
        """The first so many people whose kind is ``wanted``."""
        found = np.empty(most, np.int64)
        return found[: _first(self.of, wanted, found)]

    def others(self, ids: NDArray[np.int64], places: Ints, but: NDArray[np.int64]) -> tuple[NDArray[np.int64], Ints]:
        """Everybody ``but`` these: their ids, looked up at ``places``, and kinds."""
        left = len(self.of) - len(but)
        named, of = np.empty(left, np.int64), np.empty(left, np.int32)
        _others(ids, places, self.of, np.sort(but), named, of)
        return named, of


def kinds_of(masks: NDArray[np.uint32], order: Ints) -> tuple[Ints, Kinds]:
    """The places of ``order``, in this order, at which the mask is not 0; the kinds of these."""
    distinct, of, places = np.empty(len(order), np.uint32), np.empty(len(order), np.int32), np.empty_like(order)
    table = np.full(1 << (2 * len(order) + 1).bit_length(), -1, np.int32)
    kinds, some = _kinds(masks, order, table, distinct, of, places)
    return places[:some], Kinds(distinct[:kinds], of[:some], np.bincount(of[:some], minlength=kinds))


@compiled
def _kinds(masks: Any, order: Any, table: Any, distinct: Any, of: Any, places: Any) -> tuple[int, int]:
    """A table of kinds, twice as long as could be needed, searched from where a mask's hash points."""
    used, some, last = 0, 0, np.uint64(len(table) - 1)
    for place in order:
        mask = masks[place]
        if mask == 0:
            continue
        spot = ((np.uint64(mask) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & last
        while table[spot] >= 0 and distinct[table[spot]] != mask:
            spot = (spot + np.uint64(1)) & last
        if table[spot] < 0:
            table[spot], distinct[used] = used, mask
            used += 1
        places[some], of[some] = place, table[spot]
        some += 1
    return used, some


@compiled
def _first(of: Any, wanted: Any, found: Any) -> int:
    n = 0
    for i in range(len(of)):
        if n == len(found):
            break
        if wanted[of[i]]:
            found[n] = i
            n += 1
    return n


@compiled
def _others(ids: Any, places: Any, of: Any, but: Any, named: Any, into: Any) -> None:
    n, skipped = 0, 0
    for i in range(len(of)):
        if skipped < len(but) and but[skipped] == i:
            skipped += 1
            continue
        named[n], into[n] = ids[places[i]], of[i]
        n += 1
