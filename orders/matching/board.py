"""Who holds what while a plan is made: the compiled moves that auction and search share."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .jit import compiled, inlined

EARTH_KM: Final = 6371.0
# two doors of one building are no journey
SAME_PLACE_KM: Final = 0.3
DAY: Final = 1440
# moves of one attempt that can be taken back
LOG: Final = 50_000


class Field(NamedTuple):
    """What does not change: a `Problem` with each shift's pairs sorted by value, best first."""

    start: Any
    end: Any
    need: Any
    begin: Any
    who: Any
    value: Any
    shift_of: Any
    rest: Any
    left: Any
    week: Any
    minutes: Any
    order: Any
    continuity: Any
    place: Any
    travel: Any
    travel_fixed: Any


class Board(NamedTuple):
    """What changes. ``held`` and ``price`` per pair; a person's pairs hang in a list: ``first[w]``, then ``after[p]``.

    ``used`` minutes per person and week, ``filled`` places per shift. ``log`` holds the moves made since the last
    accepted plan as (pair, 1 taken or 0 released, price then); ``count`` is [moves in the log].
    ``out`` is room for what one person gives up; ``bids`` counts the bids of a shift, ``dual`` keeps the profit of the
    first whom it could not have.
    """

    held: Any
    price: Any
    first: Any
    after: Any
    used: Any
    filled: Any
    log: Any
    count: Any
    out: Any
    bids: Any
    dual: Any


@inlined
def collides(f: Field, a: int, b: int, rest: int) -> bool:
    """Whether one person cannot do shifts a and b: overlap, too little rest, or too far to go between."""
    apart = f.start[b] - f.end[a] if f.start[b] >= f.start[a] else f.start[a] - f.end[b]
    if apart < rest:
        return True
    if f.travel <= 0.0 or apart >= DAY:
        return False
    x = f.place[a, 0] - f.place[b, 0]
    y = f.place[a, 1] - f.place[b, 1]
    z = f.place[a, 2] - f.place[b, 2]
    if f.place[a, 0] == 0.0 and f.place[a, 1] == 0.0 and f.place[a, 2] == 0.0:
        return False
    if f.place[b, 0] == 0.0 and f.place[b, 1] == 0.0 and f.place[b, 2] == 0.0:
        return False
    km = 2.0 * EARTH_KM * math.asin(min(1.0, 0.5 * math.sqrt(x * x + y * y + z * z)))
    return km > SAME_PLACE_KM and apart < math.ceil(f.travel_fixed + km * f.travel)


@inlined
def bond(f: Field, b: Board, t: int, w: int) -> int:
    """Continuity points that person w would earn with one more shift of t's order."""
    if f.continuity == 0:
        return 0
    q = b.first[w]
    while q >= 0:
        if f.order[f.shift_of[q]] == f.order[t]:
            return f.continuity
        q = b.after[q]
    return 0


@inlined
def _share(f: Field, s: int, k: int) -> int:
    """Minutes of shift s that fall into week k."""
    if f.week[s] == k:
        return f.minutes[s, 0]
    return f.minutes[s, 1] if f.week[s] + 1 == k else 0


@inlined
def blockers(f: Field, b: Board, p: int) -> tuple[int, int]:
    """What its person must give up to take pair p, into ``b.out``: (how many pairs, sum of their prices).

    Colliding pairs all; then, while a week's hours are exceeded, the cheapest pair that frees enough by itself,
    or the cheapest a minute. (-1, 0) if even that is not enough.
    """
    t = f.shift_of[p]
    w = f.who[p]
    k = f.week[t]
    n = 0
    cost: Any = np.int64(0)
    over0: Any = np.int64(b.used[w, k] + f.minutes[t, 0] - f.left[w, k])
    over1: Any = np.int64(0)
    if f.minutes[t, 1] > 0:
        over1 = np.int64(b.used[w, k + 1] + f.minutes[t, 1] - f.left[w, k + 1])
    q = b.first[w]
    while q >= 0:
        s = f.shift_of[q]
        if collides(f, t, s, f.rest[w]):
            b.out[n] = q
            n += 1
            cost += b.price[q]
            over0 -= _share(f, s, k)
            over1 -= _share(f, s, k + 1)
        q = b.after[q]
    while over0 > 0 or over1 > 0:
        best = _to_give_up(f, b, w, k, n, over0, over1)
        if best < 0:
            return -1, 0
        b.out[n] = best
        n += 1
        cost += b.price[best]
        over0 -= _share(f, f.shift_of[best], k)
        over1 -= _share(f, f.shift_of[best], k + 1)
    return n, cost


@inlined
def _to_give_up(f: Field, b: Board, w: int, k: int, n: int, over0: int, over1: int) -> int:
    """The pair to give up next for the hours of weeks k and k + 1; -1 if none helps."""
    best: Any = np.int64(-1)
    best_enough = False
    best_rate = 0.0
    q = b.first[w]
    while q >= 0:
        known = False
        for j in range(n):
            if b.out[j] == q:
                known = True
        m0 = _share(f, f.shift_of[q], k)
        m1 = _share(f, f.shift_of[q], k + 1)
        useful = (m0 if over0 > 0 else 0) + (m1 if over1 > 0 else 0)
        if not known and useful > 0:
            enough = m0 >= over0 and m1 >= over1
            rate = float(b.price[q]) if enough else float(b.price[q]) / useful
            if best < 0 or (enough and not best_enough) or (enough == best_enough and rate < best_rate):
                best = np.int64(q)
                best_enough = enough
                best_rate = rate
        q = b.after[q]
    return best


@inlined
def _log(b: Board, p: int, taken: int) -> None:
    n = b.count[0]
    if n < len(b.log):
        b.log[n, 0] = p
        b.log[n, 1] = taken
        b.log[n, 2] = b.price[p]
    b.count[0] = n + 1


@compiled
def release(f: Field, b: Board, p: int) -> int:
    """Take pair p back; returns the value lost."""
    w = f.who[p]
    s = f.shift_of[p]
    if b.first[w] == p:
        b.first[w] = b.after[p]
    else:
        r = b.first[w]
        while b.after[r] != p:
            r = b.after[r]
        b.after[r] = b.after[p]
    for j in range(2):
        if f.minutes[s, j] > 0:
            b.used[w, f.week[s] + j] -= f.minutes[s, j]
    b.held[p] = 0
    b.filled[s] -= 1
    _log(b, p, 0)
    return f.value[p] + bond(f, b, s, w)


@compiled
def take(f: Field, b: Board, p: int, price: int) -> int:
    """Give pair p its person; returns the value won."""
    w = f.who[p]
    s = f.shift_of[p]
    won = f.value[p] + bond(f, b, s, w)
    b.after[p] = b.first[w]
    b.first[w] = p
    for j in range(2):
        if f.minutes[s, j] > 0:
            b.used[w, f.week[s] + j] += f.minutes[s, j]
    b.held[p] = 1
    b.filled[s] += 1
    b.price[p] = price
    _log(b, p, 1)
    return won


@compiled
def undo(f: Field, b: Board, mark: int) -> None:
    """Back to the plan as it was when the log had ``mark`` moves."""
    for i in range(b.count[0] - 1, mark - 1, -1):
        p = b.log[i, 0]
        price = b.log[i, 2]
        if b.log[i, 1]:
            release(f, b, p)
        else:
            take(f, b, p, price)
    b.count[0] = mark


def board_of(f: Field) -> Board:
    """An empty plan: nobody holds anything."""
    shifts, pairs, people = len(f.need), len(f.who), len(f.rest)
    widest = int(np.bincount(f.who, minlength=1).max(initial=0)) if pairs else 0
    return Board(
        held=np.zeros(pairs, np.uint8),
        price=np.zeros(pairs, np.int64),
        first=np.full(people, -1, np.int64),
        after=np.full(pairs, -1, np.int64),
        used=np.zeros(f.left.shape, np.int64),
        filled=np.zeros(shifts, np.int32),
        log=np.zeros((LOG, 3), np.int64),
        count=np.zeros(1, np.int64),
        out=np.zeros(widest + 1, np.int64),
        bids=np.zeros(shifts, np.int64),
        dual=np.zeros(shifts, np.int64),
    )


def value_of(f: Field, held: NDArray[np.bool_]) -> int:
    """Points of the held pairs, with continuity: for each shift beyond the first that a person has of one order."""
    total = int(f.value[held].sum())
    if f.continuity:
        key = f.who[held].astype(np.int64) * (int(f.order.max(initial=0)) + 1) + f.order[f.shift_of[held]]
        total += int(f.continuity) * (len(key) - len(np.unique(key)))
    return total


@compiled
def _fits(f: Field, b: Board, chosen: Any) -> bool:
    for p in range(len(f.who)):
        if chosen[p]:
            n, _ = blockers(f, b, p)
            if n != 0 or b.filled[f.shift_of[p]] >= f.need[f.shift_of[p]]:
                return False
            take(f, b, p, 0)
    return True


def valid(f: Field, chosen: NDArray[np.bool_]) -> bool:
    """Whether the chosen pairs together break no rule."""
    return bool(_fits(f, board_of(f), chosen))
