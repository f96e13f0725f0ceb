"""Scarcest first: the shift with the fewest people for a place takes its best ones, then the next."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.pairs import Pairs

Busy = dict[int, list[tuple[int, int]]]


def assign(pairs: Pairs) -> list[tuple[int, int]]:
    """(shift, person) by scarcity, then by score, then by id."""
    order = np.lexsort((pairs.who, -pairs.score, pairs.shift))
    who = pairs.who[order].tolist()
    begin = np.searchsorted(pairs.shift[order], np.arange(len(pairs.need) + 1))
    scarcity = np.diff(begin) / np.maximum(pairs.need, 1)
    busy: Busy = {}
    found: list[tuple[int, int]] = []
    for t in np.argsort(scarcity, kind="stable").tolist():
        found += [(t, w) for w in _takers(pairs, t, who[begin[t] : begin[t + 1]], busy)]
    return found


def _takers(pairs: Pairs, t: int, who: list[int], busy: Busy) -> list[int]:
    span = (int(pairs.start[t]), int(pairs.end[t]))
    taken: list[int] = []
    for w in who:
        if len(taken) == pairs.need[t]:
            break
        if fits(span, busy.get(w, ()), int(pairs.rest[w]), int(pairs.left[w])):
            busy.setdefault(w, []).append(span)
            taken.append(w)
    return taken


def fits(span: tuple[int, int], others: Any, rest: int, left: int) -> bool:
    """Whether a person with these other shifts can take one more: rest on both sides and hours enough."""
    start, end = span
    minutes = end - start + sum(b - a for a, b in others)
    return minutes <= left and all(start >= b + rest or end <= a - rest for a, b in others)
