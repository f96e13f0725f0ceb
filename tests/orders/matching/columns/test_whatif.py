"""Counts, shortlists and changes from the columns say what the rules and scores say one pair at a time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from orders.matching import Need, Weights, reasons_against
from orders.matching.engine import next_best, pool_of
from orders.matching.itemised import PARTS
from orders.matching.loosening import CHANGES, changes
from orders.matching.masks import gate_counts
from orders.matching.scan import RETIRED, scan
from orders.matching.shortlist import shortlist_of
from orders.matching.whatif import demand_of, reach_of, what_if
from tests.orders.matching.columns.worlds import people, shifts, weights
from tests.orders.matching.make import at, need, person

SET_ASIDE = st.frozensets(st.integers(1, 8), max_size=2)


@settings(deadline=None)
@given(shifts(1), st.integers(0, 8), weights, SET_ASIDE, SET_ASIDE, st.data())
def test_counts_and_the_best_are_those_of_the_whole_answer(asked, most, numbers, excluded, on_shift, data):
    pool = pool_of([asked], [data.draw(people(1 + i)) for i in range(most)])
    gone = data.draw(st.booleans())
    if gone and most:
        pool = pool.changed(pool.tables(), [1])
    told = next_best(asked, pool, numbers, excluded=excluded, on_shift=on_shift)
    aside = {"excluded": excluded, "on_shift": on_shift}
    reach = reach_of(pool, asked, numbers, **aside)
    found = scan(pool, demand_of([asked], pool, excluded, on_shift), 0, numbers)
    against = found[(found != 0) & (found != RETIRED)]
    assert (reach.eligible, reach.rejected) == (told.ranked_total, told.rejected_total)
    assert reach.gates == told.gates == gate_counts(against)
    best = shortlist_of(pool, asked, numbers, 3, **aside)
    assert best.reach == reach
    assert [(pk, score) for pk, score in zip(best.ids.tolist(), best.score.tolist(), strict=True)] == [
        (entry.worker_id, entry.score) for entry in told.ranked[:3]
    ]
    for points, entry in zip(best.points.tolist(), told.ranked, strict=False):
        assert {name: value for name, value in zip(PARTS, points, strict=True) if value} == {
            _column(part.code): part.points for part in entry.parts if part.points
        }


def _column(code: str) -> str:
    return {"remote": "closeness", "closeness_unknown": "closeness", "stars_novice": "stars"}.get(code, code)


@settings(deadline=None)
@given(shifts(1), st.integers(0, 6), weights, st.data())
def test_a_change_brings_whom_the_rules_let_in(asked, most, numbers, data):
    candidates = [data.draw(people(1 + i)) for i in range(most)]
    told = what_if(pool_of([asked], candidates), asked, numbers)

    def suits(changed: Need) -> set[int]:
        return {who.id for who in candidates if not reasons_against(changed, who, weights=numbers)}

    now = suits(asked)
    assert told.reach.eligible == len(now)
    assert sorted(gain.change.code for gain in told.gains) == sorted(change.code for change in changes(asked))
    for gain in told.gains:
        then = suits(gain.change.need)
        assert (gain.more, gain.fewer) == (len(then - now), len(now - then)), gain.change
    assert [gain.net for gain in told.gains] == sorted((gain.net for gain in told.gains), reverse=True)


def test_every_single_requirement_is_loosened_by_itself():
    asked = need(
        skills={"chat": 3, "phone": 1},
        certificates=frozenset({"health"}),
        courses=frozenset({"pos"}),
        languages={"en": 2},
        min_stars=Decimal("4.5"),
        clearance=2,
        max_rate=2000,
    )
    told = [(change.code, dict(change.params)) for change in changes(asked) if "minutes" not in change.params]
    assert told == [
        ("skill_lower", {"skill": "chat", "from": 3, "to": 2}),
        ("skill_drop", {"skill": "chat", "from": 3}),
        ("skill_drop", {"skill": "phone", "from": 1}),
        ("language_lower", {"language": "en", "from": 2, "to": 1}),
        ("language_drop", {"language": "en", "from": 2}),
        ("certificate_drop", {"certificate": "health"}),
        ("course_drop", {"course": "pos"}),
        ("stars_lower", {"from": "4.5", "to": "4.0"}),
        ("stars_drop", {"from": "4.5"}),
        ("clearance_lower", {"from": 2, "to": 1}),
        ("rate_drop", {"from": 2000}),
        ("remote", {}),
    ]
    for change in changes(asked):
        assert set(change.params) == set(CHANGES[change.code][1])
        assert change.need != asked


def test_times_move_no_further_back_than_allowed_and_no_shift_becomes_too_short():
    asked = need(start=at(0, 9), hours=2.5)
    moved = [(c.code, c.params["minutes"]) for c in changes(asked, not_before=at(0, 8.5)) if "minutes" in c.params]
    assert moved == [
        ("start_later", 30),
        ("end_earlier", 30),
        ("move_later", 30),
        ("move_earlier", 30),
        ("move_later", 60),
    ]


def test_low_stars_are_dropped_not_lowered_and_remote_work_stays_remote():
    codes = [change.code for change in changes(need(min_stars=Decimal("1.2"), remote=True))]
    assert "stars_lower" not in codes
    assert "stars_drop" in codes
    assert "remote" not in codes


def test_moving_a_shift_tells_whom_it_loses_too():
    early = person(1, windows=(), exceptions=(_extra(9, 17),))
    late = person(2, windows=(), exceptions=(_extra(10, 18),))
    told = what_if(pool_of([need()], [early, late]), need(), Weights())
    gain = next(g for g in told.gains if g.change.code == "move_later" and g.change.params["minutes"] == 60)
    assert (gain.more, gain.fewer, gain.net) == (1, 1, 0)


def _extra(start, end):
    from orders.matching import AvailabilityException

    return AvailabilityException("extra", at(0, start), at(0, end))


def test_people_of_the_shift_are_neither_in_reach_nor_gained():
    asked = need(skills={"chat": 2})
    pool = pool_of([asked], [person(1, skills={"chat": 2}), person(2, skills={"chat": 1}), person(3)])
    told = what_if(pool, asked, Weights(), on_shift=frozenset({1}), excluded=frozenset({3}))
    assert (told.reach.eligible, told.reach.rejected) == (0, 3)
    gained = {gain.change.code: gain.more for gain in told.gains if gain.more}
    assert gained == {"skill_lower": 1, "skill_drop": 1}


def test_more_than_a_word_of_people_is_counted_right():
    asked = need(min_stars=Decimal("4.5"))
    crowd = [person(pk, stars=Decimal(3 if pk % 3 else 5), rate=pk) for pk in range(1, 201)]
    reach = reach_of(pool_of([asked], crowd), asked, Weights())
    assert (reach.eligible, reach.rejected, [(g.gate, g.removed, g.only) for g in reach.gates]) == (
        66,
        134,
        [("stars", 134, 134)],
    )
    best = shortlist_of(pool_of([asked], crowd), asked, Weights(), 500)
    assert np.array_equal(best.ids, np.arange(3, 201, 3))


def test_a_step_is_half_an_hour_or_an_hour():
    lengths = {change.need.end - change.need.start for change in changes(need(hours=8)) if change.code == "end_earlier"}
    assert lengths == {timedelta(hours=7), timedelta(hours=7, minutes=30)}
