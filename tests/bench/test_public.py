"""Public files of the documented layouts become raw instances."""

from __future__ import annotations

import json

import pytest

from bench import public
from orders.matching.formats import raw

ASSIGNMENT = """ 3
 7 2 9
 4 4
 1 8 3 5
"""
TASKS = """# drawn by hand
Type = 1
Jobs = 4
480 600
600 720
 540 660
700 800
Qualifications = 2
3: 0 1 3
 2: 1 2
"""


def test_assignment_costs_may_be_broken_over_lines():
    assert public.read_assignment(ASSIGNMENT) == [[7, 2, 9], [4, 4, 1], [8, 3, 5]]


def test_less_cost_is_more_points_and_the_cost_comes_back():
    instance = public.assignment(public.read_assignment(ASSIGNMENT))

    problem = raw.read(instance).problem

    assert instance["meta"]["ceiling"] == 10
    assert problem.score.tolist() == [3, 8, 1, 6, 6, 9, 2, 7, 5]
    best = 8 + 9 + 2
    assert 3 * 10 - best == 2 + 1 + 8


def test_costs_that_are_not_square_are_refused():
    with pytest.raises(ValueError, match="3 × 3 costs expected, 2 found"):
        public.read_assignment("3\n1 2")


def test_tasks_keep_times_and_qualifications():
    spans, qualified = public.read_tasks(TASKS)

    assert spans == [(480, 600), (600, 720), (540, 660), (700, 800)]
    assert qualified == [[0, 1, 3], [1, 2]]
    pairs = public.tasks(spans, qualified)["pairs"]
    assert [row[:2] for row in pairs] == [[0, 0], [1, 0], [3, 0], [1, 1], [2, 1]]
    assert {row[2] for row in pairs} == {public.COVER}


def test_preferences_come_from_the_seed():
    spans, qualified = public.read_tasks(TASKS)

    one, again, other = (public.tasks(spans, qualified, seed)["pairs"] for seed in (1, 1, 2))

    assert one == again != other
    assert all(public.COVER <= score <= public.COVER + 100 for _, _, score in one)


@pytest.mark.parametrize(
    "text", ["", "Jobs = 1\n1 2\n", TASKS.replace("2: 1 2", "3: 1 2"), TASKS.replace("2: 1 2", "2: 1 4")]
)
def test_files_of_another_layout_are_refused(text):
    with pytest.raises(ValueError, match=r"expected|no line"):
        public.read_tasks(text)


def test_the_command_writes_a_raw_file(tmp_path):
    source, target = tmp_path / "data.dat", tmp_path / "raw.json"
    source.write_text(TASKS)

    assert public.main(["tasks", str(source), "-o", str(target), "--seed", "3"]) == 0

    assert raw.read(json.loads(target.read_text())).problem.shifts == 4
