"""Explanations at the command line agree with the benchmark's own law."""

from __future__ import annotations

import json

import pytest

from bench import staffgen
from orders.matching import cli
from orders.matching.codes import GATES, REASONS

from . import broken

INSTANCE = staffgen.generate("S", "normal", 21)
SHIFTS = [(order, shift) for order in INSTANCE["orders"] for shift in order["shifts"]]
# the law's word for what stops somebody -> our gate
GATE = {
    "skill": "skill",
    "cert": "certificate",
    "lang": "language",
    "stars": "stars",
    "background": "clearance",
    "rate": "rate",
    "blacklist": "do_not_send",
    "remote": "place",
    "distance": "place",
    "availability": "availability",
    "commitment": "booking",
    "hours": "weekly_hours",
}
for each in INSTANCE["clients"]:
    each["_bl"], each["_fv"] = set(each["blacklist"]), set(each["favourites"])
FILE = {**INSTANCE, "clients": [{k: v for k, v in c.items() if k[0] != "_"} for c in INSTANCE["clients"]]}


@pytest.fixture(scope="module")
def week_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("explain") / "week.json"
    path.write_text(json.dumps(FILE))
    return path


def explain(path, shift, capsys):
    """The explanation, what was said beside it, and the plan of the same run."""
    plan = path.with_name("plan.json")
    assert cli.main([str(path), "--explain", str(shift), "-o", str(plan)]) == 0
    said = capsys.readouterr()
    return json.loads(said.out), said.err, json.loads(plan.read_text())["assignments"]


@pytest.mark.parametrize("at", range(0, len(SHIFTS), 4))
def test_who_is_eligible_and_for_how_many_points(week_file, at, capsys):
    order, shift = SHIFTS[at]
    client = INSTANCE["clients"][order["client"]]

    data, _, plan = explain(week_file, shift["id"], capsys)

    stopped = {w: staffgen.why_not(INSTANCE, order, shift, w, client) for w in range(200)}
    assert data["eligible"] == sum(why is None for why in stopped.values())
    assert sorted(one["worker"] for one in data["chosen"]) == [w for t, w in plan if t == shift["id"]]
    told = [*data["chosen"], *(one for one in (data["next_best"], data["next_free"]) if one)]
    for one in told:
        assert one["score"] == staffgen.pair_score(INSTANCE, order, one["worker"], client)
        assert sum(one["parts"].values()) == one["score"]
    removed = {gate["gate"]: gate["removed"] for gate in data["gates"]}
    for why in set(stopped.values()) - {None}:
        # the law stops at the first reason, we count every one
        assert removed[GATE[why]] >= sum(one == why for one in stopped.values())


@pytest.mark.parametrize("at", range(1, len(SHIFTS), 5))
def test_leads_gates_and_near_misses_add_up(week_file, at, capsys):
    data, text, _ = explain(week_file, SHIFTS[at][1]["id"], capsys)

    for other in (data["next_best"], data["next_free"]):
        if other and data["chosen"]:
            assert sum(points for _, points in other["because"]) == other["behind"]
    if data["next_free"]:
        assert data["next_free"]["busy_on"] == []
    assert all(gate["gate"] in GATES and gate["only"] <= gate["removed"] for gate in data["gates"])
    counts = [len(miss["reasons"]) for miss in data["nearest_misses"]]
    assert counts == sorted(counts)
    assert all(set(reason["params"]) in ({*REASONS[reason["code"]][1]}, set())
               for miss in data["nearest_misses"] for reason in miss["reasons"])  # fmt: skip
    assert f"{len(data['chosen'])} of {data['places']} places" in text


def test_a_raw_shift_is_explained_by_points(tmp_path, capsys):
    instance = broken.good_raw()
    instance["shifts"] = [{"id": t, "start": t * 60, "end": t * 60 + 120, "headcount": 1} for t in range(2)]
    instance["pairs"] = [[0, 0, 50], [0, 1, 45], [0, 2, 20], [1, 1, 60]]
    path = tmp_path / "raw.json"
    path.write_text(json.dumps(instance))

    data, text, _ = explain(path, 0, capsys)

    assert data["chosen"] == [{"worker": 0, "score": 50}]
    assert data["next_best"] == {"worker": 1, "score": 45, "busy_on": [1], "behind": 5}
    assert data["next_free"] == {"worker": 2, "score": 20, "busy_on": [], "behind": 30}
    assert "next best  worker 1 with 45 points, 5 behind the last chosen, busy on 1" in text


def test_an_unknown_shift_is_refused(week_file, capsys):
    assert cli.main([str(week_file), "--explain", "9999"]) == 2

    assert capsys.readouterr().err.splitlines()[-1] == f"{week_file}: --explain: no such shift: 9999"
