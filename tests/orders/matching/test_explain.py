"""Explanations as data: kept without loss, counted by gate, compared with the next."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from orders.matching import (
    GATES,
    GateCount,
    Lead,
    Reason,
    ScorePart,
    Weights,
    gate_counts,
    group_points,
    lead_over_next,
    part_from_dict,
    part_to_dict,
    reason_from_dict,
    reason_to_dict,
)
from orders.matching.codes import BITS, REASONS
from orders.matching.engine import next_best, propose
from orders.matching.explain import LISTED, codes_of, mask_of

from .make import booked, need, person


def test_a_reason_survives_storage() -> None:
    reason = Reason("skill_level", {"skill": "chat", "have": 1, "need": 2})
    assert reason_from_dict(json.loads(json.dumps(reason_to_dict(reason)))) == reason


def test_a_part_survives_storage() -> None:
    part = ScorePart("closeness", 12, 25, {"distance_km": "4.9", "max_km": "10"})
    assert part_from_dict(json.loads(json.dumps(part_to_dict(part)))) == part


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        reason_from_dict({"code": "mood", "params": {}})
    with pytest.raises(KeyError):
        part_from_dict({"code": "mood", "points": 1, "max": 1, "params": {}})


def test_a_mask_names_every_code_once() -> None:
    reasons = (Reason("skill_missing"), Reason("travel_after"), Reason("skill_missing"))
    assert codes_of(mask_of(reasons)) == ("skill_missing", "travel_after")
    assert codes_of(0) == ()
    assert codes_of(mask_of([Reason(code) for code in REASONS])) == tuple(REASONS)
    assert max(BITS.values()) < 32


def test_bits_stay_where_stored_masks_have_them() -> None:
    assert [BITS[code] for code in ("inactive", "course_missing", "rate_high", "overlap", "already_on_shift")] == [
        0,
        5,
        12,
        20,
        27,
    ]


def test_gates_count_workers_and_those_that_nothing_else_stops() -> None:
    rejected = {
        1: (Reason("skill_missing"), Reason("skill_level")),
        2: (Reason("skill_missing"), Reason("too_far")),
        3: (Reason("no_location"),),
        4: (Reason("rest_before"), Reason("overlap")),
    }
    assert gate_counts(rejected) == (
        GateCount("skill", removed=2, only=1),
        GateCount("place", removed=2, only=1),
        GateCount("booking", removed=1, only=1),
    )
    assert gate_counts({}) == ()
    assert len(set(GATES)) == len(GATES)


def test_the_groups_of_the_score_bar_add_up() -> None:
    best = next_best(need(), [person()], Weights()).best
    assert best is not None
    groups = group_points(best.parts)
    assert list(groups) == ["skill", "time", "distance", "rating"]
    assert sum(points for points, _ in groups.values()) == best.score
    assert sum(most for _, most in groups.values()) == 100


def test_the_lead_names_the_parts_that_differ() -> None:
    people = [person(1, stars=Decimal(5), recent_minutes=960), person(2, stars=Decimal(3))]
    ranked = next_best(need(), people, Weights()).ranked
    assert lead_over_next(ranked, 1) == Lead(1, 2, points=9, differences=(("stars", 10), ("fairness", -1)))
    assert lead_over_next(ranked, 2) is None
    with pytest.raises(KeyError):
        lead_over_next(ranked, 3)


def test_the_lead_is_over_the_next_who_is_free() -> None:
    people = [person(1), person(2, skills={"crm": 1}), person(3, stars=Decimal(2))]
    proposal = propose([need(1), need(2, skills={"crm": 1})], people, Weights())
    shift = next(shift for shift in proposal.shifts if shift.need.shift_id == 1)
    lead = lead_over_next(shift.ranked, 1)
    assert lead is not None
    assert lead.next_id == 3


def test_the_lead_passes_over_whoever_has_a_place_of_the_shift() -> None:
    people = [person(1), person(2, stars=Decimal(4)), person(3, stars=Decimal(2))]
    ranked = next_best(need(), people, Weights()).ranked
    lead = lead_over_next(ranked, 1, chosen={1, 2})
    assert lead is not None
    assert lead.next_id == 3
    assert lead_over_next(ranked, 1, chosen={2, 3}) is None


def test_the_fixed_team_leads_in_spite_of_its_points() -> None:
    asked = need(team=frozenset({2}))
    ranked = next_best(asked, [person(1), person(2, stars=Decimal(1))], Weights()).ranked
    lead = lead_over_next(ranked, 2)
    assert lead is not None
    assert (lead.team_first, lead.points < 0) == (True, True)
    assert lead_over_next(next_best(need(team=frozenset({1})), [person(1), person(2)], Weights()).ranked, 1) == Lead(
        1, 2, 10, (("team", 10),)
    )


def test_another_shift_of_the_order_may_be_what_puts_somebody_first() -> None:
    asked = need(1, order_id=7)
    people = [person(1, bookings=(booked(1, 9, 17, order_id=7),), stars=Decimal("3.9")), person(2)]
    lead = lead_over_next(next_best(asked, people, Weights()).ranked, 1)
    assert lead is not None
    assert (lead.continuity, lead.points) == (True, 2)
    even = [person(1, bookings=(booked(1, 9, 17, order_id=7),), stars=Decimal(5)), person(2)]
    clear = lead_over_next(next_best(asked, even, Weights()).ranked, 1)
    assert clear is not None
    assert not clear.continuity


def test_a_list_with_a_gap_tells_no_lead_across_it() -> None:
    ranked = next_best(need(), [person(pk) for pk in range(1, 61)], Weights(), also=[50]).ranked
    assert [entry.worker_id for entry in ranked[-2:]] == [40, 50]
    assert lead_over_next(ranked, 40) is not None
    assert lead_over_next(ranked, 40, whole=False) is None
    assert lead_over_next(ranked, 39, whole=False) is not None


def test_as_many_are_listed_as_the_explanation_thinks() -> None:
    told = next_best(need(), [person(pk) for pk in range(1, LISTED + 20)], Weights())
    assert (len(told.ranked), told.ranked_total) == (LISTED, LISTED + 19)
