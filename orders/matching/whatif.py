"""Who is in reach of a shift, which rule keeps how many away, and what change of the shift would bring how many more.

A `Need` and a pool suffice: there need be no order yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .asking import Asked, Shifts, asked_of, points_of, shifts_of
from .codes import GATES
from .columns import Pool
from .demand import Demand
from .gates import count, gates_of
from .loosening import Change, changes
from .pairs import Pairs, find_pairs
from .types import GateCount, Held, Need, Weights

Ids = frozenset[int]
NOBODY: Final[Ids] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people may take the shift as it is, how many may not, and whom each gate removes."""

    eligible: int
    rejected: int
    gates: tuple[GateCount, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """A change with how many people it would bring who may not come now, and how many it would lose."""

    change: Change
    more: int
    fewer: int

    @property
    def net(self) -> int:
        """By how many the people in reach would grow."""
        return self.more - self.fewer


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The reach of a shift as it is, and every change: the one that brings most first."""

    reach: Reach
    gains: tuple[Gain, ...]


def reach_of(pool: Pool, need: Need, weights: Weights, *, excluded: Ids = NOBODY, on_shift: Ids = NOBODY) -> Reach:
    """Whom the shift reaches. ``excluded`` declined it or did not come, ``on_shift`` have a place of it already."""
    return look(pool, demand_of([need], pool, excluded, on_shift), weights).reach


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """``able`` uint64[words]: a bit for each row of the pool that may take the one shift; the shift as compiled code
    reads it."""

    reach: Reach
    able: NDArray[np.uint64]
    asked: Asked
    shifts: Shifts


def look(pool: Pool, demand: Demand, weights: Weights) -> Look:
    """Everybody for the first shift of a demand."""
    alone = demand.only(0)
    asked, shifts = asked_of(alone, pool), shifts_of(alone, pool)
    shut = gates_of(pool.people, pool.layout, pool.blocks, pool.base, asked, shifts, points_of(weights))
    able = np.zeros(shut.shape[1], np.uint64)
    removed, only = np.zeros((2, len(GATES)), np.int64)
    eligible, rejected = count(pool.people, shut, able, removed, only)
    gates = (GateCount(*row) for row in zip(GATES, removed.tolist(), only.tolist(), strict=True))
    return Look(Reach(eligible, rejected, tuple(gate for gate in gates if gate.removed)), able, asked, shifts)


def what_if(
    pool: Pool,
    need: Need,
    weights: Weights,
    *,
    excluded: Ids = NOBODY,
    on_shift: Ids = NOBODY,
    not_before: datetime | None = None,
) -> WhatIf:
    """What each single change of the need would bring; arguments as in `reach_of` and `loosening.changes`."""
    listed = changes(need, not_before=not_before)
    demand = demand_of([need, *(change.need for change in listed)], pool, excluded, on_shift)
    pairs = find_pairs(pool, demand, weights)
    gained = _gains(pool, pairs)
    gains = [Gain(change, more, fewer) for change, (more, fewer) in zip(listed, gained, strict=True)]
    reach = look(pool, demand, weights).reach
    # the order of `changes` breaks ties: sorting is stable
    return WhatIf(reach, tuple(sorted(gains, key=lambda gain: (-gain.net, -gain.more))))


def demand_of(needs: Sequence[Need], pool: Pool, excluded: Ids, on_shift: Ids) -> Demand:
    """The needs as one demand, numbered from 0 whatever their shifts are; all with the same people set aside."""
    numbered = [replace(need, shift_id=at) for at, need in enumerate(needs)]
    gone = dict.fromkeys(range(len(needs)), excluded) if excluded else None
    held = [Held(at, worker) for at in range(len(needs)) for worker in on_shift]
    return Demand.of(numbered, pool.catalogue, excluded=gone, held=held)


def _gains(pool: Pool, pairs: Pairs) -> list[tuple[int, int]]:
    """For each shift after the first: people whom the first has not, and people whom only the first has."""
    now = np.zeros(pool.rows, bool)
    now[pairs.who[: pairs.begin[1]]] = True
    found = []
    for first, last in zip(pairs.begin[1:-1], pairs.begin[2:], strict=True):
        both = int(np.count_nonzero(now[pairs.who[first:last]]))
        found.append((int(last - first) - both, int(pairs.begin[1]) - both))
    return found
