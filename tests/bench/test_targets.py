"""The worst instance decides, and a missed target says why."""

from __future__ import annotations

import pytest

from bench import targets


def one(name, score):
    size, profile, _ = name.split("-")
    ours = {"valid": True, "score": score}
    return {"name": name, "size": size, "profile": profile, "ours": ours, "bound": {"bound": 10_000}}


@pytest.mark.parametrize(("scores", "worst", "met"), [((9995, 9990), "99.900", True), ((9995, 9980), "99.800", False)])
def test_the_worst_instance_decides(scores, worst, met):
    results = [one("XL-normal-1", scores[0]), one("XL-normal-2", scores[1])]

    verdict = next(v for v in targets.judged(results, []) if v["target"].startswith("XL normal"))

    assert (verdict["measured"], verdict["met"]) == (f"{worst} % (XL-normal-2)", met)
    assert bool(targets.reasons([verdict])) is not met


def test_what_was_not_measured_is_not_judged():
    told = {v["target"] for v in targets.judged([one("XL-normal-1", 9990)], [])}

    assert told == {"every solution is valid", "XL normal: at least 99.89 % of the LP bound"}


def test_an_uncovered_task_is_a_miss():
    tasks = {"name": "tasks-20-1", "shifts": 100, "filled": 99, "value": 999, "known": 1000}

    assert [v["met"] for v in targets.judged([], [tasks, tasks | {"filled": 100}])] == [False]
    assert [v["met"] for v in targets.judged([], [tasks | {"filled": 100}])] == [True]
