"""The sharp bound lies above every plan and below the linear programme."""

from __future__ import annotations

from itertools import product

import highspy
import numpy as np
import pytest

from bench import scarcest, sharp, staffgen
from bench.pairs import Pairs


@pytest.fixture(autouse=True)
def _threads_of_its_own():
    """HiGHS keeps the number of threads of whoever asked first in a process, and solves nothing for another number."""
    highspy.Highs.resetGlobalScheduler(True)
    yield
    highspy.Highs.resetGlobalScheduler(True)


def pairs_of(shifts, who, left):
    """Pairs (shift, person, score) of single places; ``shifts`` are (start, end)."""
    at, people, score = (np.array(column, np.int32) for column in zip(*who, strict=True))
    start, end = np.array(shifts, np.int32).T
    rest = np.zeros(len(left), np.int32)
    return Pairs(at, people, score, start, end, np.ones(len(shifts), np.int32), rest, np.array(left, np.int32))


def test_hours_are_counted_in_whole_shifts():
    # three shifts of four hours, one person with ten: two of them, where the linear programme sees two and a half
    p = pairs_of([(0, 240), (300, 540), (600, 840)], [(t, 0, 100) for t in range(3)], [600])

    lp = staffgen.lp_solve(p.shift, p.who, p.score, p.start, p.end, p.need, p.rest, p.left)[0]

    assert lp == pytest.approx(250)
    assert sharp.sharp(p, 200) == pytest.approx(200, abs=0.5)


def test_nobody_is_in_two_places():
    shifts = [(0, 240), (120, 360), (240, 480)]
    p = pairs_of(shifts, [(0, 0, 90), (1, 0, 100), (2, 0, 80), (1, 1, 40), (0, 1, 70)], [6000, 6000])

    best = 0
    for chosen in product((0, 1), repeat=5):
        taken = [(p.shift[i], p.who[i]) for i in range(5) if chosen[i]]
        apart = all(
            shifts[a][1] <= shifts[b][0] or shifts[b][1] <= shifts[a][0]
            for n, (a, w) in enumerate(taken)
            for b, v in taken[:n]
            if w == v
        )
        if apart and len({t for t, _ in taken}) == len(taken):
            best = max(best, sum(int(p.score[i]) for i in range(5) if chosen[i]))

    assert best <= sharp.sharp(p, best) + 1e-6 <= best + 1


@pytest.mark.parametrize("profile", ["normal", "crunch"])
def test_it_lies_between_a_plan_and_the_linear_programme(profile):
    instance = staffgen.generate("S", profile, 4)
    plan = staffgen.check(instance, {"assignments": scarcest.assign(Pairs.of(instance))})["score"]

    found = sharp.sharp(Pairs.of(instance), plan)

    assert plan <= found <= staffgen.lp_bound(instance, log=lambda *words: None)["bound"] + 1e-6
