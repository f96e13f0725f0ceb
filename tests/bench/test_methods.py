"""The methods beside ours keep every rule of the benchmark."""

from __future__ import annotations

import pytest

from bench import scarcest, staffgen
from bench.pairs import Pairs


@pytest.mark.parametrize("profile", ["normal", "tight", "crunch"])
def test_scarcest_first_is_valid(profile):
    instance = staffgen.generate("S", profile, 4)

    found = staffgen.check(instance, {"assignments": scarcest.assign(Pairs.of(instance))})

    assert 0 < found["filled"] <= found["slots"]


def test_the_best_people_of_a_shift_are_kept():
    pairs = Pairs.of(staffgen.generate("S", "normal", 4))

    best = pairs.best(1, 0)

    for t, need in enumerate(pairs.need):
        mine = sorted(pairs.score[pairs.shift == t])[::-1][:need]
        assert sorted(best.score[best.shift == t])[::-1] == mine


@pytest.mark.parametrize(
    ("span", "fits"), [((100, 200), True), ((0, 40), True), ((0, 50), False), ((70, 120), False), ((100, 300), False)]
)
def test_rest_and_hours_decide_who_fits(span, fits):
    assert scarcest.fits(span, [(60, 80)], rest=20, left=150) is fits
