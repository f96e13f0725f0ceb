"""Small problems to draw, the rules of a plan in plain words, and the best plan by trying everything."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from orders.matching.problem import UNLIMITED, Problem, Solution

WEEK = 1440
KM = 6371.0
Pair = tuple[int, int]


@dataclass(frozen=True)
class World:
    """``shifts``: (start, end, need, order, place); ``people``: (rest, minutes left in each week, which shifts for how
    many points). Days stand for weeks: ``WEEK`` minutes, so that shifts cross their edges. Places are km along a
    meridian, None for none."""

    shifts: Sequence[tuple[int, int, int, int, float | None]]
    people: Sequence[tuple[int, Sequence[int], dict[int, int]]]
    continuity: int = 0
    travel: float = 0.0
    travel_fixed: float = 0.0
    weeks: int = field(default=4)

    def problem(self) -> Problem:
        """The same in columns."""
        n = len(self.shifts)
        listed = [[(w, can[t]) for w, (_, _, can) in enumerate(self.people) if t in can] for t in range(n)]
        pairs = np.array([pair for row in listed for pair in row], np.int32).reshape(-1, 2)
        times = np.array([shift[:4] for shift in self.shifts], np.int32).reshape(-1, 4)
        week = times[:, 0] // WEEK
        minutes = np.zeros((n, 2), np.int32)
        minutes[:, 0] = np.minimum(times[:, 1], (week + 1) * WEEK) - times[:, 0]
        minutes[:, 1] = times[:, 1] - times[:, 0] - minutes[:, 0]
        return Problem(
            start=times[:, 0].copy(),
            end=times[:, 1].copy(),
            need=times[:, 2].copy(),
            begin=np.cumsum([0, *map(len, listed)]).astype(np.int64),
            who=pairs[:, 0].copy(),
            score=pairs[:, 1].copy(),
            rest=np.array([rest for rest, _, _ in self.people], np.int32),
            left=np.array([left for _, left, _ in self.people], np.int32).reshape(-1, self.weeks),
            week=week.astype(np.int32),
            minutes=minutes,
            order=times[:, 3].copy(),
            continuity=self.continuity,
            place=np.array([_unit(place) for *_, place in self.shifts], np.float64).reshape(-1, 3),
            travel=self.travel,
            travel_fixed=self.travel_fixed,
        )

    def together(self, person: int, chosen: Sequence[int]) -> bool:
        """Whether the person may do these shifts in one plan."""
        rest, left, can = self.people[person]
        if any(t not in can for t in chosen) or len(set(chosen)) < len(chosen):
            return False
        for a, b in combinations(sorted(chosen, key=lambda t: self.shifts[t][:2]), 2):
            pause = self.shifts[b][0] - self.shifts[a][1]
            if pause < rest or (pause < 1440 and pause < self.way(a, b)):
                return False
        return all(self.worked(chosen, week) <= left[week] for week in range(self.weeks) if self.worked(chosen, week))

    def way(self, a: int, b: int) -> int:
        """Minutes between two shifts' places."""
        here, there = self.shifts[a][4], self.shifts[b][4]
        if self.travel <= 0 or here is None or there is None or here == there:
            return 0
        return math.ceil(self.travel_fixed + self.travel * abs(here - there))

    def worked(self, chosen: Sequence[int], week: int) -> int:
        """Minutes of these shifts within a week."""
        spans = [(max(s, week * WEEK), min(e, (week + 1) * WEEK)) for s, e, *_ in (self.shifts[t] for t in chosen)]
        return sum(max(0, end - start) for start, end in spans)

    def worth(self, person: int, chosen: Sequence[int]) -> int:
        """Points of one person's shifts."""
        orders = [self.shifts[t][3] for t in chosen]
        return sum(self.people[person][2][t] for t in chosen) + self.continuity * (len(orders) - len(set(orders)))

    def check(self, found: Solution) -> None:
        """The plan breaks no rule, lists its pairs in order and states its value."""
        pairs = list(zip(found.shift.tolist(), found.who.tolist(), strict=True))
        assert pairs == sorted(set(pairs))
        mine: dict[int, list[int]] = {}
        for t, w in pairs:
            mine.setdefault(w, []).append(t)
        assert all(self.together(w, chosen) for w, chosen in mine.items())
        counts = np.bincount(found.shift, minlength=len(self.shifts))
        assert all(counts[t] <= need for t, (_, _, need, _, _) in enumerate(self.shifts))
        assert found.value == sum(self.worth(w, chosen) for w, chosen in mine.items())

    def best(self) -> int:
        """The most that any plan is worth: every set of shifts of every person in turn."""
        full = tuple(min(need, len(self.people)) for _, _, need, _, _ in self.shifts)
        sets = [
            [(c, self.worth(w, c)) for c in _subsets(sorted(can)) if self.together(w, c)]
            for w, (_, _, can) in enumerate(self.people)
        ]

        @cache
        def most(w: int, open_places: tuple[int, ...]) -> int:
            if w == len(self.people):
                return 0
            found = 0
            for chosen, points in sets[w]:
                after = tuple(places - (t in chosen) for t, places in enumerate(open_places))
                if min(after, default=0) >= 0:
                    found = max(found, points + most(w + 1, after))
            return found

        return most(0, full)


def _subsets(items: Sequence[int]) -> list[tuple[int, ...]]:
    return [chosen for size in range(len(items) + 1) for chosen in combinations(items, size)]


def _unit(place: float | None) -> tuple[float, float, float]:
    if place is None:
        return 0.0, 0.0, 0.0
    return math.cos(place / KM), 0.0, math.sin(place / KM)


@st.composite
def worlds(draw: st.DrawFn, most_shifts: int = 6, most_people: int = 4, scores: st.SearchStrategy[int] | None = None):
    """Few shifts within two days, people who want most of them, and now and then each of the rules at its edge."""
    points = scores if scores is not None else st.integers(-3, 12) | st.sampled_from([0, 990, 1000])
    start = st.integers(0, 45).map(lambda slot: slot * 60) | st.integers(0, 2 * WEEK)
    length = st.sampled_from([1, 30, 35, 60, 120, 480, 800])
    places = st.none() | st.sampled_from([0.0, 1.1, 10.1, 40.1])
    shifts = [
        (begin, begin + draw(length), draw(st.integers(0, 3)), draw(st.integers(0, 2)), draw(places))
        for begin in draw(st.lists(start, max_size=most_shifts))
    ]
    limit = st.just(UNLIMITED) | st.sampled_from([0, -60, 30, 65, 120, 540, 600])
    people = [
        (
            draw(st.sampled_from([0, 0, 30, 60, 600])),
            draw(st.just((UNLIMITED,) * 4) | st.tuples(limit, limit, limit, limit)),
            {t: draw(points) for t in range(len(shifts)) if draw(st.integers(0, 4))},
        )
        for _ in range(draw(st.integers(0, most_people)))
    ]
    travel = draw(st.sampled_from([0.0, 3.0]))
    return World(shifts, people, draw(st.sampled_from([0, 0, 5, 50])), travel, 15.0 if travel else 0.0)
