"""Who could take a shift but for one course: everybody against whom nothing else speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Pool
from .demand import Demand
from .pairs import find_pairs
from .types import Held, Need, Weights

Ids = NDArray[np.int64]
Sets = Mapping[int, frozenset[int]]
_NOBODY: frozenset[int] = frozenset()


def opened_by(
    pool: Pool, needs: Sequence[Need], weights: Weights, *, excluded: Sets, placed: Sets
) -> dict[tuple[int, str], Ids]:
    """By shift and course: ids of the people who lack that course (or have let it run out) and nothing else.

    By shift, ``excluded`` declined it or did not come, ``placed`` have a place of it. Each shift is matched as it is
    and without each of its courses, all in one go.
    """
    asked = list(_variants(needs))
    numbered = [replace(need, shift_id=at) for at, (_, need) in enumerate(asked)]
    gone = {at: excluded.get(need.shift_id, _NOBODY) for at, (_, need) in enumerate(asked)}
    held = [Held(at, who) for at, (_, need) in enumerate(asked) for who in placed.get(need.shift_id, _NOBODY)]
    pairs = find_pairs(pool, Demand.of(numbered, pool.catalogue, excluded=gone, held=held), weights)
    found: dict[tuple[int, str], Ids] = {}
    now: Any = np.empty(0, np.int32)
    for at, (course, need) in enumerate(asked):
        able = pairs.who[pairs.begin[at] : pairs.begin[at + 1]]
        if course is None:
            now = able
        else:
            found[need.shift_id, course] = pool.ids[np.setdiff1d(able, now, assume_unique=True)]
    return found


def _variants(needs: Sequence[Need]) -> Iterator[tuple[str | None, Need]]:
    """Each need that asks for courses as it is, then without each of them."""
    for need in needs:
        if need.courses:
            yield None, need
            for course in sorted(need.courses):
                yield course, replace(need, courses=need.courses - {course})
