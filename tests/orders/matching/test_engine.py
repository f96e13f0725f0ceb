"""Proposals: who is first, who is the backup, what is held, declined or left open."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest

from orders.matching import Held, LatLng, Need, PositionProposal, Proposal, Reason, ShiftProposal, Weights
from orders.matching.digest import digest_of
from orders.matching.engine import next_best, propose

from .make import at, booked, need, person

W = Weights()


def of(proposal: Proposal, shift_id: int) -> ShiftProposal:
    return next(shift for shift in proposal.shifts if shift.need.shift_id == shift_id)


def workers(shift: ShiftProposal) -> list[int | None]:
    return [position.worker for position in shift.positions]


def backups(shift: ShiftProposal) -> list[int | None]:
    return [position.backup for position in shift.positions]


def test_the_best_is_first_and_the_next_is_the_backup() -> None:
    people = [person(1, stars=Decimal(3)), person(2, stars=Decimal(5)), person(3, stars=Decimal(4))]
    (shift,) = propose([need()], people, W).shifts
    assert shift.positions == (PositionProposal(2, 3, shift.ranked[0].score),)
    assert [entry.worker_id for entry in shift.ranked] == [2, 3, 1]
    assert shift.rejected == {}


def test_equal_points_go_to_the_lower_id() -> None:
    (shift,) = propose([need(headcount=2)], [person(3), person(1), person(2)], W).shifts
    assert workers(shift) == [1, 2]
    assert backups(shift) == [3, None]


def test_no_needs_or_no_people() -> None:
    assert propose([], [person()], W).shifts == ()
    (shift,) = propose([need(headcount=2)], [], W).shifts
    assert shift.positions == (PositionProposal(None, None, None),) * 2
    assert shift.shortage == 2


def test_shifts_come_by_start_and_a_double_id_is_refused() -> None:
    proposal = propose([need(1, start=at(2)), need(2, start=at(1)), need(3, start=at(1))], [], W)
    assert [shift.need.shift_id for shift in proposal.shifts] == [2, 3, 1]
    with pytest.raises(ValueError, match="twice"):
        propose([need(1), need(1)], [], W)
    with pytest.raises(ValueError, match="twice"):
        propose([need(1)], [person(1), person(1)], W)


def test_the_scarcest_place_is_filled_first() -> None:
    hard = need(2, skills={"crm": 1})
    people = [person(1, skills={"crm": 3}, stars=Decimal(5)), person(2, stars=Decimal(2))]
    proposal = propose([need(1), hard], people, W)
    assert workers(of(proposal, 1)) == [2]
    assert workers(of(proposal, 2)) == [1]
    taken = next(entry for entry in of(proposal, 1).ranked if entry.worker_id == 1)
    assert taken.taken_by == 2


def test_equally_scarce_places_go_by_priority() -> None:
    proposal = propose([need(1, priority=0), need(2, priority=2)], [person(1)], W)
    assert workers(of(proposal, 1)) == [None]
    assert workers(of(proposal, 2)) == [1]


def test_one_person_takes_all_shifts_of_an_order() -> None:
    shifts = [need(1, order_id=7, start=at(0, 9)), need(2, order_id=7, start=at(1, 9))]
    # 1 leads by a point or two, but cannot come on Tuesday
    people = [person(1, reliability=100, bookings=(booked(1, 9, 17),)), person(2)]
    proposal = propose(shifts, people, W)
    assert workers(of(proposal, 1)) == workers(of(proposal, 2)) == [2]
    parts = {part.code: part.points for part in of(proposal, 1).ranked[0].parts}
    assert parts["continuity"] == W.continuity


def test_rest_and_weekly_cap_hold_between_orders_of_one_call() -> None:
    evening, morning = need(1, start=at(0, 15)), need(2, start=at(1, 6))
    assert sum(s.shortage for s in propose([evening, morning], [person(min_rest=timedelta(hours=8))], W).shifts) == 1
    assert sum(s.shortage for s in propose([evening, morning], [person(min_rest=timedelta(hours=7))], W).shifts) == 0
    capped = [person(weekly_cap=timedelta(hours=16), bookings=(booked(3, 9, 13),))]
    assert sum(s.shortage for s in propose([evening, morning], capped, W).shifts) == 1


def test_backups_are_free_and_serve_one_place_at_a_time() -> None:
    same_time = [need(1), need(2)]
    proposal = propose(same_time, [person(i) for i in (1, 2, 3)], W)
    assert backups(of(proposal, 1)) + backups(of(proposal, 2)) == [3, None]
    one_after_other = [need(1), need(2, start=at(1, 9))]
    proposal = propose(one_after_other, [person(1, stars=Decimal(5)), person(2)], W)
    assert [backups(shift) for shift in proposal.shifts] == [[2], [2]]


class TestHeld:
    def test_a_held_place_stays_and_has_a_backup(self) -> None:
        people = [person(1, stars=Decimal(5)), person(2, stars=Decimal(2)), person(3, stars=Decimal(3))]
        (shift,) = propose([need(headcount=2)], people, W, held=[Held(1, 2)]).shifts
        assert workers(shift) == [2, 1]
        assert [position.held for position in shift.positions] == [True, False]
        assert backups(shift) == [3, None]
        assert shift.rejected == {2: (Reason("already_on_shift"),)}

    def test_its_time_is_taken_for_other_shifts(self) -> None:
        proposal = propose([need(1), need(2, start=at(0, 12))], [person(1)], W, held=[Held(1, 1)])
        assert [reason.code for reason in of(proposal, 2).rejected[1]] == ["overlap"]

    def test_it_counts_once_whether_booked_or_not(self) -> None:
        shifts = [need(1, order_id=7), need(2, order_id=7, start=at(1, 9))]
        plain = person(1, weekly_cap=timedelta(hours=16))
        for who in (plain, replace(plain, bookings=(booked(0, 9, 17, order_id=7),))):
            proposal = propose(shifts, [who], W, held=[Held(1, 1)])
            assert workers(of(proposal, 2)) == [1]
            assert of(proposal, 2).ranked[0].parts[-1].points == W.continuity

    def test_a_worker_outside_the_pool_can_hold_a_place(self) -> None:
        (shift,) = propose([need()], [person(1)], W, held=[Held(1, 99)]).shifts
        assert shift.positions == (PositionProposal(99, 1, None, held=True),)

    def test_more_held_places_than_headcount_are_all_shown(self) -> None:
        (shift,) = propose([need()], [person(1)], W, held=[Held(1, 8), Held(1, 9)]).shifts
        assert workers(shift) == [8, 9]
        assert shift.shortage == 0

    def test_an_unknown_shift_is_refused(self) -> None:
        with pytest.raises(ValueError, match="unknown shift 5"):
            propose([need()], [], W, held=[Held(5, 1)])


def test_whoever_declined_is_not_asked_again_for_that_shift() -> None:
    proposal = propose([need(1), need(2, start=at(1, 9))], [person(1)], W, excluded={1: frozenset({1})})
    assert of(proposal, 1).rejected == {1: (Reason("declined_before"),)}
    assert workers(of(proposal, 2)) == [1]


def test_next_best_passes_over_those_on_the_shift_and_those_who_declined() -> None:
    people = [person(i, stars=Decimal(6 - i)) for i in (1, 2, 3, 4)]
    ranking = next_best(need(), people, W, excluded=frozenset({1}), on_shift=frozenset({2}))
    assert ranking.best is not None
    assert ranking.best.worker_id == 3
    assert {w: [r.code for r in found] for w, found in ranking.rejected.items()} == {
        1: ["declined_before"],
        2: ["already_on_shift"],
    }
    assert next_best(need(), people[:1], W, excluded=frozenset({1})).best is None


class TestDigest:
    def test_equal_inputs_in_any_order_have_one_digest(self) -> None:
        shifts, people = [need(1), need(2)], [person(1), person(2)]
        digest = propose(shifts, people, W).digest
        assert len(digest) == 64
        assert propose(shifts[::-1], people[::-1], W, excluded={1: frozenset()}).digest == digest

    @pytest.mark.parametrize(
        "other", [need(headcount=2), need(hours=9), need(skills={"chat": 1}), need(team=frozenset({1}))]
    )
    def test_every_input_counts(self, other: Need) -> None:
        assert propose([other], [person()], W).digest != propose([need()], [person()], W).digest

    @pytest.mark.parametrize("name", [field.name for field in fields(Need)])
    def test_every_field_of_a_need_counts(self, name: str) -> None:
        plain = replace(need(), site=None)
        now = getattr(plain, name)
        changes: dict[str, Any] = {"start": at(0, 8), "end": at(0, 18), "site": LatLng(1.0, 2.0), "remote": True}
        changes |= {"min_stars": Decimal(3), "max_rate": 7, "city": "x", "skills": {"x": 1}, "languages": {"x": 1}}
        changes |= {kind: frozenset({"x"}) for kind in ("certificates", "courses")}
        changes |= {kind: frozenset({3}) for kind in ("blocked", "conflicts", "team")}
        change: dict[str, Any] = {name: changes[name] if name in changes else int(str(now)) + 1}
        other = replace(plain, **change)
        digests = {digest_of([one], W, (), (), {}, ()) for one in (plain, other)}
        assert len(digests) == 2

    def test_equal_needs_written_otherwise_have_one_digest(self) -> None:
        one = need(min_stars=Decimal("4.50"), skills={"a": 1, "b": 2})
        same = replace(one, min_stars=Decimal("4.5"), skills={"b": 2, "a": 1}, start=one.start.astimezone(UTC))
        assert one == same
        assert digest_of([one], W, (), (), {}, ()) == digest_of([same], W, (), (), {}, ())

    def test_so_do_people_weights_held_and_excluded(self) -> None:
        digests = {
            propose([need()], [person()], W).digest,
            propose([need()], [person(recent_minutes=1)], W).digest,
            propose([need()], [person()], Weights(stars=21)).digest,
            propose([need()], [person()], W, held=[Held(1, 1)]).digest,
            propose([need()], [person()], W, excluded={1: frozenset({1})}).digest,
        }
        assert len(digests) == 5

    def test_the_weights_version_is_kept(self) -> None:
        assert propose([], [], Weights(version="v7")).weights_version == "v7"
