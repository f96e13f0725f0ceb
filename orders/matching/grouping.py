"""Compiled steps of building a pool: child rows gathered by person, and the table of bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import compiled
from .layout import CLEARANCE, CLEARANCE_ENDS, MOST_CLEARANCE, SLOT, SLOTS, ends_tag, level_tag
from .minutes import FOREVER, WEEK

Rows = NDArray[np.int32]


class Ids:
    """Finds the row of an id. Raises ValueError if an id comes twice."""

    __slots__ = ("_first", "_rows", "_sorted", "_table")

    def __init__(self, ids: NDArray[np.int64], rows: Rows) -> None:
        self._table: Rows | None = None
        low, high = (int(ids.min()), int(ids.max())) if len(ids) else (0, -1)
        if high - low < 4 * len(ids) + 1024:
            self._first = low
            self._table = np.full(high - low + 2, -1, np.int32)
            self._table[ids - low] = rows
            twice = np.count_nonzero(self._table >= 0) != len(ids)
        else:
            order = np.argsort(ids)
            self._sorted, self._rows = ids[order], rows[order]
            twice = bool((self._sorted[1:] == self._sorted[:-1]).any())
        if twice:
            raise ValueError("an id comes twice")

    def rows_of(self, wanted: NDArray[np.int64]) -> Rows:
        """Row of each id; -1 for unknown ones."""
        if self._table is not None:
            at = wanted - self._first
            # the table's last entry is nobody's
            inside = (at >= 0) & (at < len(self._table) - 1)
            return self._table[np.where(inside, at, len(self._table) - 1)]
        spot = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[spot] == wanted, self._rows[spot], -1).astype(np.int32)


@compiled
def gather(rows: Any, people: int) -> Any:
    """(begin, order): the child rows of person ``p`` are ``order[begin[p]:begin[p + 1]]``, in the order given."""
    begin = np.zeros(people + 1, np.int32)
    for i in range(len(rows)):
        begin[rows[i] + 1] += 1
    for p in range(people):
        begin[p + 1] += begin[p]
    free = begin[:people].copy()
    order = np.empty(len(rows), np.int32)
    for i in range(len(rows)):
        order[free[rows[i]]] = i
        free[rows[i]] += 1
    return begin, order


@compiled
def mark(bits: Any, tag: int, rows: Any) -> None:
    """Sets one row of the table for these people."""
    for row in rows:
        bits[tag, row >> 6] |= np.uint64(1) << np.uint64(row & 63)


@compiled
def mark_levels(bits: Any, base: int, first: int, begin: Any, levels: Any, until: Any) -> None:
    """Sets every level up to a person's own, and whether it ends; people from row ``first`` on, children by
    ``begin``."""
    for row in range(first, len(begin) - 1):
        bit = np.uint64(1) << np.uint64(row & 63)
        for i in range(begin[row], begin[row + 1]):
            code, own = levels[i, 0], levels[i, 1]
            for level in range(1, own + 1):
                bits[level_tag(base, code, level), row >> 6] |= bit
            if own > 0 and until[i, 0] != FOREVER:
                bits[ends_tag(base, code), row >> 6] |= bit


@compiled
def mark_lasting(bits: Any, base: int, first: int, begin: Any, lasting: Any) -> None:
    """Sets what a person has, and has for ever."""
    for row in range(first, len(begin) - 1):
        bit = np.uint64(1) << np.uint64(row & 63)
        for i in range(begin[row], begin[row + 1]):
            tag = base + 2 * lasting[i, 0]
            bits[tag, row >> 6] |= bit
            if lasting[i, 1] == FOREVER:
                bits[tag + 1, row >> 6] |= bit


@compiled
def mark_clearance(bits: Any, first: int, clearance: Any, until: Any) -> None:
    """Sets every strictness up to a person's own, and whether it ends."""
    for at in range(len(clearance)):
        row = first + at
        if clearance[at] > 0 and until[at] != FOREVER:
            bits[CLEARANCE_ENDS, row >> 6] |= np.uint64(1) << np.uint64(row & 63)
        for level in range(min(clearance[at], MOST_CLEARANCE)):
            bits[CLEARANCE + level, row >> 6] |= np.uint64(1) << np.uint64(row & 63)


@compiled
def mark_slots(slots: Any, first: int, begin: Any, windows: Any) -> None:
    """Sets each slot of the week that a window touches (whoever lacks one cannot be open throughout it), and from
    row `SLOTS` on each that a window fills (whoever has them is)."""
    for row in range(first, len(begin) - 1):
        bit = np.uint64(1) << np.uint64(row & 63)
        for i in range(begin[row], begin[row + 1]):
            last = min(windows[i, 1], windows[i, 0] + WEEK)
            for slot in range(windows[i, 0] // SLOT, (last + SLOT - 1) // SLOT):
                slots[slot % SLOTS, row >> 6] |= bit
                if windows[i, 0] <= SLOT * slot and SLOT * slot + SLOT <= last:
                    slots[SLOTS + slot % SLOTS, row >> 6] |= bit
