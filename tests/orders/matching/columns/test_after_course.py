"""People who lack one course and nothing else, as the rules for one pair say it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.after_course import only_course
from orders.matching import Reason, Weights, reasons_against
from orders.matching.after_course import opened_by
from orders.matching.engine import pool_of
from tests.orders.matching.columns.worlds import people, shifts
from tests.orders.matching.make import need, person

COURSES = st.frozensets(st.sampled_from(["pos", "talk"]))
HELD = st.dictionaries(st.sampled_from(["pos", "talk"]), st.sampled_from([None, date(2026, 12, 30), date(2027, 1, 3)]))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_they_are_those_whose_only_reason_is_the_course(data: st.DataObject) -> None:
    asked = [replace(data.draw(shifts(10 + at)), courses=data.draw(COURSES)) for at in range(2)]
    crowd = [replace(data.draw(people(1 + at)), courses=data.draw(HELD)) for at in range(3)]
    found = opened_by(pool_of(asked, crowd), asked, Weights(), excluded={}, placed={})
    assert set(found) == {(each.shift_id, course) for each in asked for course in each.courses}
    for (shift, course), ids in found.items():
        (wanted,) = (each for each in asked if each.shift_id == shift)
        assert set(ids.tolist()) == {who.id for who in crowd if only_course(reasons_against(wanted, who)) == course}


def test_whoever_declined_or_has_a_place_is_not_counted() -> None:
    asked, crowd = need(courses=frozenset({"pos"})), [person(1), person(2), person(3), person(4, skills={"chat": 1})]
    gone, here = {asked.shift_id: frozenset({1})}, {asked.shift_id: frozenset({2})}
    found = opened_by(pool_of([asked], crowd), [asked], Weights(), excluded=gone, placed=here)
    assert found[asked.shift_id, "pos"].tolist() == [3, 4]


def test_a_shift_without_courses_is_not_looked_at() -> None:
    assert opened_by(pool_of([need()], [person()]), [need()], Weights(), excluded={}, placed={}) == {}


def test_one_course_alone() -> None:
    missing, expired = Reason("course_missing", {"course": "a"}), Reason("course_expired", {"course": "b"})
    assert only_course([missing]) == "a"
    assert only_course([expired]) == "b"
    assert only_course([missing, expired]) is None
    assert only_course([missing, Reason("inactive")]) is None
    assert only_course([]) is None
