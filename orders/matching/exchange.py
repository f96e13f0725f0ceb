"""Long rosters: a plan from prices for everybody, then parts of it dealt anew, time and again.

For problems where people hold several shifts each: single places, no hours, no journeys. The first plan is a dive
(`diving`) over the whole. Then some people, some hours or both are dealt anew by a dive
of their own (large neighbourhood search, P. Shaw, 1998), unless their bound shows that nothing is to be won. A little
loss is taken at first and less and less (threshold accepting, G. Dueck and T. Scheuer, 1990); shifts that stay open
weigh more and more. A fixed seed: the same problem gives the same plan.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .board import Field, valid, value_of
from .bound import whole
from .diving import EVER, Days, Deal, Pace, days_of, deal_of, descend, gather, price, redeal, settle
from .jit import compiled
from .problem import UNLIMITED
from .search import SEED

# fewer pairs a person than this, or fewer shifts a person: the search around single shifts sees the rosters whole
MANY: Final = 20
SEVERAL: Final = 2
# pairs: about a second for a hundred steps of prices
LARGEST: Final = 5_000_000
# deals anew for each shift and at most, and how much of the time is for all of this; the rest is for whole numbers,
# where these have a chance
DEALS: Final = 15
DEALS_MOST: Final = 6_000
SHARE: Final = 0.85
FEW: Final = 5_000
ALMOST: Final = 0.97
# of the time, for the first plan
OPENING: Final = 0.3
# steps between two looks at the clock
SLICE: Final = 25
# steps of prices, from how long to how short, in what share of the time at most; lengths are in hundredths of how far
# the points of a shift's pairs lie apart, which is at least this share of the highest
UNIT: Final = 100
APART: Final = 0.05
WIDE: Final = (300, 60.0, 2.0, 0.03)
FINE: Final = (600, 2.0, 0.05, 0.06)
FIRST: Final = Pace(100, 2.0, 2.0, 0.005, 100, 2.0, 0.03)
AGAIN: Final = Pace(120, 20.0, 1.0, 0.01, 40, 2.0, 0.05)
# what is lost at most at first, and what an open shift gains each time that it stays so, in the same unit
LOSS: Final = 40.0
PATIENCE: Final = 50.0
# shifts of a deal; at most this share of all
LEAST: Final = 50
MOST: Final = 300
PART: Final = 0.8

Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]
Left = Callable[[], float | None]


def suits(f: Field) -> bool:
    """Whether this is a problem of long rosters: single places, no hours, journeys or bonds, several shifts each."""
    people, shifts, pairs = len(f.rest), len(f.need), len(f.who)
    if people < 2 or not MANY * people <= pairs <= LARGEST or shifts < SEVERAL * people:
        return False
    return bool(
        f.travel <= 0 and not f.continuity and f.need.max() <= 1 and f.left.min() >= UNLIMITED and f.value.min() >= 0
    )


def final(f: Field) -> bool:
    """Whether nothing more is to be tried after the exchange: whole numbers have no chance with so many pairs."""
    return len(f.who) > FEW


def exchange(f: Field, held: Mask, left: Left) -> tuple[Mask, float, bool]:
    """A plan no worse than ``held`` (mask of pairs), a valid bound, and whether the time cut the exchange short."""
    warm()
    d, begun, unit = days_of(f), left(), _unit(f)
    share = ALMOST if final(f) else SHARE
    owner = np.full(len(f.need), -1, np.int64)
    owner[f.shift_of[held]] = f.who[held]
    x = deal_of(d, _middle(f), owner)

    def spent() -> float:
        now = left()
        return 0.0 if begun is None or now is None else (begun - now) / max(1e-9, share * begun)

    bound = whole(_prices(d, x, unit, spent))
    _first(d, x, _scaled(FIRST, unit), spent)
    if _worth(d, x.owner) < _worth(d, owner):
        x.owner[:] = owner
    found, stopped = _again(d, x, unit, spent, bound)
    chosen = found[f.shift_of] == f.who
    better = value_of(f, chosen) > value_of(f, held) and valid(f, chosen)
    return chosen if better else held, bound, stopped


def warm() -> None:
    """Load or compile what deals, on two people with a shift each, so that no step's share of the time pays for it."""
    none, times = np.zeros(2, np.int64), np.array([0, 1])
    d = Days(times, times + 1, none, times, np.ones(2), np.array([0, 1, 2]))
    x = deal_of(d, np.zeros(2), none - 1)
    everybody = np.ones(2, np.bool_)
    gather(d, x, everybody, -EVER, EVER)
    price(x, descend(x, 1, 1.0, 1.0, 0.5, -np.inf), 0.5)
    settle(d, x, 1)
    redeal(d, x, everybody, -EVER, EVER, _worth(d, x.owner), AGAIN)
    _able(d, 0)


def _unit(f: Field) -> float:
    """A hundredth of how far the points of a shift's pairs lie apart, on average."""
    able = np.flatnonzero(np.diff(f.begin) > 0)
    spread = float(np.mean(f.value[f.begin[able]] - f.value[f.begin[able + 1] - 1]))
    return max(1e-6, spread, APART * float(f.value.max())) / UNIT


def _middle(f: Field) -> NDArray[np.float64]:
    """For each shift the points of the middle one of its pairs: where its price begins."""
    able = np.flatnonzero(np.diff(f.begin) > 0)
    points = np.zeros(len(f.need))
    points[able] = f.value[(f.begin[able] + f.begin[able + 1]) // 2]
    return points


def _scaled(pace: Pace, unit: float) -> Pace:
    return pace._replace(high=pace.high * unit, low=pace.low * unit, even=pace.even * unit)


def _prices(d: Days, x: Deal, unit: float, spent: Callable[[], float]) -> float:
    """Let the prices of the whole settle; returns the lowest bound. What is held stays held."""
    owner = x.owner.copy()
    x.owner[:] = -1
    gather(d, x, np.ones(len(d.rest), np.bool_), -EVER, EVER)
    bound = np.inf
    for steps, high, low, until in (WIDE, FINE):
        begun, slope = spent(), low / high
        for first in range(0, steps, SLICE):
            progress = max(first / steps, (spent() - begun) / until)
            if progress >= 1 and np.isfinite(bound):
                break
            progress = min(1.0, progress)
            length = high * unit * slope**progress
            bound = min(bound, descend(x, SLICE, length, length * slope ** (SLICE / steps), 0.0, -np.inf))
    x.owner[:] = owner
    return float(bound)


def _first(d: Days, x: Deal, pace: Pace, spent: Callable[[], float]) -> None:
    """A plan for everybody by one dive, in larger steps where the time is short; prices are as before."""
    prices, begun = x.price.copy(), spent()
    x.owner[:] = -1
    gather(d, x, np.ones(len(d.rest), np.bool_), -EVER, EVER)
    descend(x, pace.steps, pace.high, pace.low, pace.memory, -np.inf)
    shifts = int(x.open.sum())
    least = most = max(1, int(pace.share * shifts))
    while settle(d, x, most) >= 0.0:
        for _ in range(pace.between):
            price(x, pace.even, pace.memory)
        now, still = spent(), int(x.open.sum())
        a_shift = (now - begun) / max(1, shifts - still)
        hurry = a_shift * still / max(1e-9, OPENING - now)
        most = max(least, min(still, round(most * hurry)))
    x.price[:] = prices


def _again(d: Days, x: Deal, unit: float, spent: Callable[[], float], bound: float) -> tuple[Longs, bool]:
    """Deal parts anew; the best owners found and whether the time ran out before all deals."""
    rng, pace = np.random.default_rng(SEED), _scaled(AGAIN, unit)
    best, most = x.owner.copy(), _worth(d, x.owner)
    deals = min(DEALS_MOST, DEALS * len(d.start))
    for at in range(deals):
        progress = max(spent(), at / deals)
        if progress >= 1 or most >= bound:
            return best, progress >= 1
        free, low, high, about = _part(d, x, rng)
        changed = redeal(d, x, free, low, high, LOSS * unit * (1 - progress), pace)
        if about >= 0 and x.owner[about] < 0:
            x.weight[about] += PATIENCE * unit
        if changed and (worth := _worth(d, x.owner)) > most:
            best, most = x.owner.copy(), worth
    return best, False


def _part(d: Days, x: Deal, rng: np.random.Generator) -> tuple[Mask, int, int, int]:
    """Who is dealt anew, between when and when, and the open shift that it is about (-1: none).

    A roster whole, a part of it, or a short time of everybody, so that it is about some number of shifts.
    """
    people, shifts = len(d.rest), len(d.start)
    size = float(np.exp(rng.uniform(np.log(LEAST), np.log(max(LEAST, min(MOST, PART * shifts))))))
    span = (1.0, float(rng.uniform(0.25, 0.7)), min(1.0, size / shifts))[int(rng.integers(3))]
    count = min(people, max(4, round(size / (shifts / people * span))))
    free = np.zeros(people, np.bool_)
    still = np.flatnonzero(x.owner < 0)
    about = int(rng.choice(still)) if len(still) else -1
    if about >= 0:
        able = _able(d, about)
        free[rng.choice(able, min(len(able), count // 2), replace=False)] = True
    others = np.flatnonzero(~free)
    free[rng.choice(others, max(0, min(len(others), count - int(free.sum()))), replace=False)] = True
    if span >= 1:
        return free, -EVER, EVER, about
    first, last = int(d.start.min()), int(d.end.max())
    length = max(1, int(span * (last - first)))
    low = int(rng.integers(first - length // 3, last - 2 * length // 3))
    if about >= 0:
        low = int(d.start[about] - rng.integers(length))
    return free, low, low + length, about


@compiled
def _able(d: Days, t: int) -> Any:
    """Who can take shift t."""
    able = np.zeros(len(d.rest), np.bool_)
    for w in range(len(d.rest)):
        for i in range(d.at[w], d.at[w + 1]):
            if d.shift[i] == t:
                able[w] = True
    return np.flatnonzero(able)


@compiled
def _worth(d: Days, owner: Any) -> float:
    """What these owners' shifts are worth."""
    total = 0.0
    for w in range(len(d.rest)):
        for i in range(d.at[w], d.at[w + 1]):
            if owner[d.shift[i]] == w:
                total += d.points[i]
    return total
