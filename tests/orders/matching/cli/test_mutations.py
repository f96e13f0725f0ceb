"""Whatever is changed in a good file: a plan that keeps every rule, or exit code 2 with a place. Never a traceback."""

from __future__ import annotations

import copy
import itertools
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import staffgen
from orders.matching import cli

from . import broken

WEIRD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 60),
    st.integers(-(10**4), 10**5),
    st.sampled_from([2**31 - 1, 2**31, -(2**31), 2**63, 10**30, -(10**30)]),
    st.floats(),
    st.text(max_size=3),
    st.just([]),
    st.just({}),
    st.lists(st.integers(-1, 20), min_size=1, max_size=3),
)


@st.composite
def mutated(draw: st.DrawFn, good: Any) -> Any:
    """The instance with one to three values replaced, removed, doubled or swapped, anywhere."""
    instance = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 3))):
        parent, key = _somewhere(draw, instance)
        if key is not None:
            _damage(draw, parent, key)
    return instance


def _somewhere(draw: st.DrawFn, value: Any) -> tuple[Any, Any]:
    """A container and a key of it; deeper with every step, so that leaves come as often as branches."""
    parent, key = None, None
    while isinstance(value, dict | list) and value and (parent is None or draw(st.integers(0, 5))):
        keys = sorted(value) if isinstance(value, dict) else range(len(value))
        parent, key = value, draw(st.sampled_from(keys))
        value = parent[key]
    return parent, key


def _damage(draw: st.DrawFn, parent: Any, key: Any) -> None:
    kind = draw(st.sampled_from(["replace", "replace", "replace", "drop", "double", "rename"]))
    if kind == "replace":
        parent[key] = draw(WEIRD)
    elif kind == "drop":
        del parent[key]
    elif isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]))
    else:
        parent[draw(st.text(max_size=4))] = parent.pop(key)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mutations")


@pytest.fixture
def solve(folder, capsys):
    def run(instance: Any) -> Any:
        """The solution, or None after a refusal that names a place."""
        source, target = folder / "instance.json", folder / "solution.json"
        target.unlink(missing_ok=True)
        source.write_text(json.dumps(instance))
        code = cli.main([str(source), "-o", str(target)])
        said = [line for line in capsys.readouterr().err.splitlines() if line.startswith(str(source))]
        if code == 0:
            return json.loads(target.read_text())
        assert code == 2
        assert not target.exists()
        (line,) = said
        place, _, problem = line.removeprefix(f"{source}: ").partition(": ")
        assert place and problem
        return None

    return run


MANY = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@MANY
@given(instance=mutated(broken.GOOD))
def test_any_change_of_a_benchmark_instance(solve, instance):
    solution = solve(instance)

    if solution is not None:
        # what the file says of its own size is not checked
        instance["meta"]["n_slots"] = 1
        staffgen.check(instance, solution)


@MANY
@given(instance=mutated(broken.GOOD_RAW))
def test_any_change_of_a_raw_instance(solve, instance):
    solution = solve(instance)

    if solution is not None:
        check_raw(instance, solution)


def check_raw(instance: Any, solution: Any) -> int:
    """Every rule of the raw form, said plainly. Returns the value."""
    shifts = {shift["id"]: shift for shift in instance["shifts"]}
    scores = {(shift, worker): score for shift, worker, score in instance["pairs"]}
    rows = [tuple(row) for row in solution["assignments"]]
    assert len(set(rows)) == len(rows)
    for shift in shifts.values():
        headcount = shift.get("headcount")
        assert headcount is None or sum(t == shift["id"] for t, _ in rows) <= headcount
    for worker, limits in enumerate(instance["workers"]):
        mine = sorted((shifts[t]["start"], shifts[t]["end"]) for t, w in rows if w == worker)
        rest, most = limits.get("min_rest") or 0, limits.get("max_week_min")
        assert all(a_end + rest <= b_start for (_, a_end), (b_start, _) in itertools.pairwise(mine))
        assert most is None or sum(end - start for start, end in mine) <= most
    return sum(scores[row] for row in rows)
