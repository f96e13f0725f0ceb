"""What each eligible pair is worth to the plan, for a whole demand at once: `value.plan_value` as columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Pool
from .demand import Demand
from .jit import compiled
from .pairs import Pairs
from .types import Held, Weights

Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


def shift_of(begin: Longs) -> Longs:
    """The shift of each pair."""
    return np.repeat(np.arange(len(begin) - 1), np.diff(begin))


def pairs_at(begin: Longs, who: NDArray[np.int32], shifts: NDArray[Any], rows: NDArray[Any]) -> Longs:
    """Where these pairs are; -1 for those that are not eligible. The rows of a shift are ascending."""
    found = np.full(len(shifts), -1, np.int64)
    _pairs_at(begin, who, np.asarray(shifts, np.int64), np.asarray(rows, np.int64), found)
    return found


@compiled
def _pairs_at(begin: Any, who: Any, shifts: Any, rows: Any, found: Any) -> None:
    for i in range(len(shifts)):
        first, last = begin[shifts[i]], begin[shifts[i] + 1]
        at = first + np.searchsorted(who[first:last], rows[i])
        if at < last and who[at] == rows[i]:
            found[i] = at


def by_person(pool: Pool, begin: Longs, who: NDArray[np.int32], value: NDArray[np.int32]) -> tuple[Any, Any, Any]:
    """Rows of the people who have pairs, by id; how many each has; int32[n, 2]: shift and value of each pair."""
    rank = np.zeros(pool.rows, np.int32)
    rank[pool.by_id] = np.arange(len(pool.by_id), dtype=np.int32)
    count = np.bincount(rank[who], minlength=len(pool.by_id))
    pairs = np.empty((len(who), 2), np.int32)
    _by_person(begin, who, value, rank, np.cumsum(count) - count, pairs)
    return pool.by_id[count > 0], count[count > 0], pairs


@compiled
def _by_person(begin: Any, who: Any, value: Any, rank: Any, free: Any, pairs: Any) -> None:
    for t in range(len(begin) - 1):
        for p in range(begin[t], begin[t + 1]):
            spot = free[rank[who[p]]]
            pairs[spot, 0], pairs[spot, 1] = t, value[p]
            free[rank[who[p]]] += 1


def teams(pool: Pool, demand: Demand, pairs: Pairs) -> Mask:
    """Whether the person belongs to the fixed team of the pair's client."""
    team, found = demand.groups.team, np.zeros(len(pairs), bool)
    if len(team.values):
        stamp = np.full(pool.rows, -1, np.int32)
        _teams(pairs.begin, pairs.who, demand.group, team.begin, pool.rows_of(team.values), stamp, found)
    return found


@compiled
def _teams(begin: Any, who: Any, group: Any, team_at: Any, team: Any, stamp: Any, found: Any) -> None:
    for t in range(len(begin) - 1):
        for i in range(team_at[group[t]], team_at[group[t] + 1]):
            if team[i] >= 0:
                stamp[team[i]] = t
        for p in range(begin[t], begin[t + 1]):
            found[p] = stamp[who[p]] == t


def joined(pool: Pool, demand: Demand, pairs: Pairs) -> Mask:
    """Whether the person is booked on another shift of the pair's order already."""
    found, store = np.zeros(len(pairs), bool), pool.store
    booked = (store.begin["bookings"], store.packed["bookings"], store.packed["booked_order"])
    _joined(pairs.begin, pairs.who, demand.order, demand.start, demand.end, *booked, found)
    return found


@compiled
def _joined(
    begin: Any, who: Any, order: Any, start: Any, end: Any, at: Any, times: Any, orders: Any, found: Any
) -> None:
    for t in range(len(begin) - 1):
        for p in range(begin[t], begin[t + 1]):
            for i in range(at[who[p]], at[who[p] + 1]):
                if orders[i, 0] == order[t] and (times[i, 0] != start[t] or times[i, 1] != end[t]):
                    found[p] = True


def novices(pool: Pool, weights: Weights) -> Mask:
    """Whether the person of each row has done few services so far."""
    return np.asarray(pool.store.people["services"][: pool.rows] < weights.novice_services)


def plan_values(
    pool: Pool, demand: Demand, pairs: Pairs, weights: Weights, *, present: Iterable[Held] = ()
) -> NDArray[np.int32]:
    """Value units of each pair on an ordinary place; ``present`` are unconfirmed choices, which stay if they may.

    Continuity with what is planned together is the solver's; with what is booked already it is counted here.
    """
    value = pairs.score * np.int32(weights.point)
    per_shift = weights.fill + weights.priority_step * demand.groups.priority[demand.group].astype(np.int64)
    value += np.repeat(per_shift.astype(np.int32), np.diff(pairs.begin))
    value[teams(pool, demand, pairs)] += weights.team_first
    value[joined(pool, demand, pairs)] += weights.point * weights.continuity
    at = _present(pool, demand, pairs, present)
    value[at[at >= 0]] += weights.stay
    return value


def _present(pool: Pool, demand: Demand, pairs: Pairs, present: Iterable[Held]) -> Longs:
    places = {int(shift): at for at, shift in enumerate(demand.id)}
    kept = [(places[held.shift_id], held.worker_id) for held in present if held.shift_id in places]
    both = np.array(kept, np.int64).reshape(-1, 2)
    return pairs_at(pairs.begin, pairs.who, both[:, 0], pool.rows_of(both[:, 1]))
