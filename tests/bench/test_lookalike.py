"""Look-alikes have the answer that they promise."""

from __future__ import annotations

import itertools

from bench import lookalike


def test_a_hidden_roster_is_busy_and_never_overlaps():
    for day in lookalike.roster(20, seed=5):
        assert all(0 <= start < end <= lookalike.DAY for start, end in day)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(day))
        assert sum(end - start for start, end in day) >= 0.85 * lookalike.DAY


def test_tasks_look_like_the_public_ones():
    spans, qualified = lookalike.task_scheduling(12, seed=7)

    assert (spans, qualified) == lookalike.task_scheduling(12, seed=7)
    assert set(itertools.chain.from_iterable(qualified)) == set(range(len(spans)))
    assert all(0.3 <= len(can) / len(spans) <= 0.7 for can in qualified)


def test_the_least_cost_is_that_of_the_best_permutation():
    costs = lookalike.costs(5, seed=2)

    best = min(sum(costs[i][p[i]] for i in range(5)) for p in itertools.permutations(range(5)))

    assert lookalike.least(costs) == best
