"""The benchmark's own law, as it was given."""

from __future__ import annotations

from bench import staffgen


def test_an_empty_solution_is_valid_and_fills_nothing():
    instance = staffgen.generate("S", "tight", 1)

    found = staffgen.check(instance, {"assignments": []})

    assert (found["score"], found["filled"], found["slots"]) == (0, 0, instance["meta"]["n_slots"])
