"""Plans from prices: where the shifts' prices settle, what people would choose is a plan but for a few shifts.

Prices follow the Lagrangian's subgradient in steps of a given length; the running mean of everybody's choices comes
near the solution of the linear programme (F. Barahona and R. Anbil, "The volume algorithm: producing primal solutions
with a subgradient method", 2000). The surest choices are settled, the rest is priced anew, until nobody can take what
is left (diving; C. Joncour, S. Michel, R. Sadykov, D. Sverdlov and F. Vanderbeck, "Column generation based primal
heuristics", 2010). For single places without hours, journeys or bonds.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .board import Field
from .bound import by_person
from .jit import compiled, inlined

# below this share of the choices a shift is not settled beside the surest ones
SURE: Final = 0.999
# plans are worth whole points: less than this above another is nothing
POINT: Final = 0.999
EVER: Final = 1 << 40


class Days(NamedTuple):
    """What does not change: times, and pairs by person and end; ``at[w]:at[w + 1]`` are those of person w."""

    start: Any
    end: Any
    rest: Any
    shift: Any
    points: Any
    at: Any


class Deal(NamedTuple):
    """What is being dealt. ``shift``, ``worth`` and ``mean`` (share of the choices so far) of each pair that is still
    possible, by person as ``at`` says; ``before``: how many of the person's pairs end in time for it. Of each shift
    ``price``, ``weight`` (on top of the points), ``owner`` or -1, whether it is ``open``; the rest is room."""

    shift: Any
    worth: Any
    before: Any
    at: Any
    mean: Any
    best: Any
    price: Any
    weight: Any
    owner: Any
    open: Any
    taken: Any
    some: Any


class Pace(NamedTuple):
    """How a deal goes: ``steps`` of prices from ``high`` to ``low`` points; then, until all is settled, a ``share`` of
    the shifts and ``between`` steps of ``even`` points. ``memory`` is the weight of the last choice in the mean."""

    steps: int
    high: float
    low: float
    share: float
    between: int
    even: float
    memory: float


@inlined
def _clash(d: Days, w: int, s: int, t: int) -> bool:
    return d.start[s] < d.end[t] + d.rest[w] and d.start[t] < d.end[s] + d.rest[w]


@inlined
def _fits(d: Days, w: int, t: int, some: Any, m: int) -> bool:
    """Whether shift t goes with the first m of ``some`` for person w."""
    fits = True
    for i in range(m):
        if _clash(d, w, some[i], t):
            fits = False
    return fits


@compiled
def _link(d: Days, x: Deal) -> None:
    """Write ``before``."""
    for w in range(len(d.rest)):
        a = x.at[w]
        for i in range(a, x.at[w + 1]):
            low, high = a, i
            while low < high:
                mid = (low + high) >> 1
                if d.end[x.shift[mid]] + d.rest[w] <= d.start[x.shift[i]]:
                    low = mid + 1
                else:
                    high = mid
            x.before[i] = low - a


@compiled
def gather(d: Days, x: Deal, free: Any, low: int, high: int) -> float:
    """Open the shifts without owner and those of free people that start within [low, high), and write the pairs of
    these people for them; returns what the shifts earn as they are held. Owners of open shifts are forgotten."""
    n = 0
    held = 0.0
    for t in range(len(d.start)):
        o = x.owner[t]
        x.open[t] = o < 0 or (free[o] and d.start[t] >= low and d.start[t] < high)
    for w in range(len(d.rest)):
        x.at[w] = n
        if not free[w]:
            continue
        m = 0
        for i in range(d.at[w], d.at[w + 1]):
            t = d.shift[i]
            if x.owner[t] == w:
                if x.open[t]:
                    held += d.points[i] + x.weight[t]
                else:
                    x.some[m] = t
                    m += 1
        for i in range(d.at[w], d.at[w + 1]):
            t = d.shift[i]
            if x.open[t] and _fits(d, w, t, x.some, m):
                x.shift[n] = t
                x.worth[n] = d.points[i] + x.weight[t]
                x.mean[n] = 0.0
                n += 1
    x.at[len(d.rest)] = n
    for t in range(len(d.start)):
        if x.open[t]:
            x.owner[t] = -1
    _link(d, x)
    return held


@compiled
def price(x: Deal, step: float, memory: float) -> float:
    """Everybody chooses at the prices, which rise where several do and fall where nobody does, by ``step``; returns the
    bound at the prices as they were."""
    total = 0.0
    best = x.best
    for w in range(len(x.at) - 1):
        a = x.at[w]
        m = x.at[w + 1] - a
        best[0] = 0.0
        for i in range(m):
            most = best[i]
            then = best[x.before[a + i]] + x.worth[a + i] - x.price[x.shift[a + i]]
            best[i + 1] = then if then > most else most
            x.mean[a + i] *= 1.0 - memory
        total += best[m]
        while m > 0:
            if best[m] == best[m - 1]:
                m -= 1
            else:
                i = a + m - 1
                x.mean[i] += memory
                x.taken[x.shift[i]] += 1
                m = x.before[i]
    for t in range(len(x.price)):
        if x.open[t]:
            total += x.price[t]
            x.price[t] = max(0.0, x.price[t] + step * (x.taken[t] - 1))
            x.taken[t] = 0
    return total


@compiled
def _surest(x: Deal, taker: Any, pair: Any) -> Any:
    """The open shifts that somebody can take, with the surest choice first, and for each its ``pair`` and ``taker``."""
    pair[:] = -1
    for w in range(len(x.at) - 1):
        for i in range(x.at[w], x.at[w + 1]):
            q = pair[x.shift[i]]
            if q < 0 or x.mean[i] > x.mean[q] or (x.mean[i] == x.mean[q] and x.worth[i] > x.worth[q]):
                pair[x.shift[i]] = i
                taker[x.shift[i]] = w
    shifts = np.flatnonzero(pair >= 0)
    return shifts[np.argsort(-x.mean[pair[shifts]], kind="mergesort")]


@compiled
def settle(d: Days, x: Deal, most: int) -> float:
    """Give about ``most`` shifts to the surest of their takers, and all of which there is no doubt; returns what they
    are worth, -1 if nobody can take any."""
    taker = np.empty(len(d.start), np.int64)
    pair = np.empty(len(d.start), np.int64)
    won = -1.0
    n = 0
    for t in _surest(x, taker, pair):
        w = taker[t]
        if n >= most and x.mean[pair[t]] < SURE:
            break
        m = 0
        for i in range(n):
            if x.owner[x.some[i]] == w and _clash(d, w, x.some[i], t):
                m += 1
        if m == 0:
            x.owner[t] = w
            x.open[t] = False
            x.some[n] = t
            n += 1
            won = max(won, 0.0) + x.worth[pair[t]]
    _drop(d, x, x.some[:n].copy())
    return won


@compiled
def _drop(d: Days, x: Deal, settled: Any) -> None:
    """Leave out the pairs that are no longer possible."""
    n = 0
    for w in range(len(d.rest)):
        first = x.at[w]
        x.at[w] = n
        m = 0
        for t in settled:
            if x.owner[t] == w:
                x.some[m] = t
                m += 1
        for i in range(first, x.at[w + 1]):
            t = x.shift[i]
            if x.open[t] and _fits(d, w, t, x.some, m):
                x.shift[n] = t
                x.worth[n] = x.worth[i]
                x.mean[n] = x.mean[i]
                n += 1
    x.at[len(d.rest)] = n
    _link(d, x)


@compiled
def descend(x: Deal, steps: int, high: float, low: float, memory: float, floor: float) -> float:
    """Steps from ``high`` to ``low`` points long; returns the lowest bound. Goes no further where the bound shows that
    less than one point is to be had above ``floor``."""
    lowest = np.inf
    for at in range(steps):
        length = high * (low / high) ** (at / steps)
        lowest = min(lowest, price(x, length, max(memory, 1.0 / (at + 1))))
        if lowest < floor + POINT:
            break
    return lowest


@compiled
def redeal(d: Days, x: Deal, free: Any, low: int, high: int, slack: float, pace: Pace) -> bool:
    """Deal anew what free people hold within [low, high) and what is open; whether the owners are others now. They stay
    if the bound shows that nothing is to be won, or if more than ``slack`` would be lost."""
    before = x.owner.copy()
    prices = x.price.copy()
    held = gather(d, x, free, low, high)
    most = max(1, int(pace.share * x.open.sum()))
    won = -1.0
    if descend(x, pace.steps, pace.high, pace.low, pace.memory, held) >= held + POINT:
        won = 0.0
        more = settle(d, x, most)
        while more >= 0.0:
            won += more
            for _ in range(pace.between):
                price(x, pace.even, pace.memory)
            more = settle(d, x, most)
    x.price[:] = prices
    if won < held - slack:
        x.owner[:] = before
        return False
    return True


def days_of(f: Field) -> Days:
    """The field's people with their pairs by end."""
    pairs, at = by_person(f, np.argsort(f.end, kind="stable"))
    times = (f.start.astype(np.int64), f.end.astype(np.int64), f.rest.astype(np.int64))
    return Days(*times, f.shift_of[pairs].astype(np.int64), f.value[pairs].astype(np.float64), at.astype(np.int64))


def deal_of(d: Days, prices: NDArray[Any], owner: NDArray[np.int64]) -> Deal:
    """Room for deals, with the first prices and owners."""
    pairs, shifts = len(d.shift), len(d.start)
    return Deal(
        shift=np.zeros(pairs, np.int64),
        worth=np.zeros(pairs),
        before=np.zeros(pairs, np.int64),
        at=np.zeros(len(d.at), np.int64),
        mean=np.zeros(pairs),
        best=np.zeros(int(np.diff(d.at).max(initial=0)) + 1),
        price=prices.astype(np.float64),
        weight=np.zeros(shifts),
        owner=owner.copy(),
        open=np.zeros(shifts, np.bool_),
        taken=np.zeros(shifts, np.int64),
        some=np.zeros(shifts, np.int64),
    )
