"""A pool as built, changed, sorted and read back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.matching import AvailabilityException, Booking, Candidate, LatLng, Weights, Window
from orders.matching.columns import Pool
from orders.matching.demand import Demand
from orders.matching.tables import Catalogue, Tables
from tests.orders.matching.make import CENTRE, at, need, person

from .test_rules_in_columns import by_columns, by_pairs, pool_of
from .worlds import people, shifts

relaxed = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def plain(who: Candidate) -> Candidate:
    """Without the name, and without an order in anything that has none."""

    def fixed(rows: tuple[Any, ...]) -> Any:
        return frozenset(Counter(rows).items())

    changes = {name: fixed(getattr(who, name)) for name in ("windows", "exceptions", "bookings")}
    return replace(who, name="", **changes)


@relaxed
@given(st.lists(st.integers(1, 10**12), unique=True, max_size=4).flatmap(lambda ids: st.tuples(*map(people, ids))))
def test_a_person_comes_back_as_put_in(crowd: tuple[Candidate, ...]) -> None:
    pool = pool_of(crowd)
    assert len(pool) == len(crowd)
    for who in crowd:
        assert plain(pool.candidate(pool.row_of(who.id))) == plain(who)


def test_the_richest_person_comes_back_whole() -> None:
    who = Candidate(
        id=7,
        city="上海",
        location=LatLng(31.2, 121.4),
        max_km=12.5,
        remote_ok=True,
        skills={"chat": 5, "phone": 1},
        certificates={"health": None, "pos": date(2026, 12, 31)},
        courses={"rescue": date(2027, 1, 1)},
        languages={"zh": 5},
        stars=Decimal("4.75"),
        clearance=2,
        min_rest=timedelta(hours=8),
        weekly_cap=timedelta(hours=24),
        windows=(Window(6, 1439, 2879), Window(0, 0, 1)),
        exceptions=(AvailabilityException("off", at(0), at(1)), AvailabilityException("extra", at(2), at(2, 0.25))),
        bookings=(Booking(at(0, 9), at(0, 17), 3, CENTRE), Booking(at(1, 9), at(1, 17))),
        reliability=99,
        recent_minutes=481,
        services_done=12,
        rate=2025,
        active=False,
    )
    pool = pool_of([person(3), who])
    assert pool.candidate(pool.row_of(7)) == who


@relaxed
@given(st.data())
def test_changes_answer_like_a_fresh_pool(data: st.DataObject) -> None:
    now = {id: data.draw(people(id)) for id in range(1, 5)}
    needs = [data.draw(shifts(10)), data.draw(shifts(11))]
    later = [{id: data.draw(people(id)) for id in data.draw(st.sets(st.integers(1, 7), max_size=3))} for _ in range(2)]
    gone = [data.draw(st.sets(st.integers(1, 9), max_size=2)) for _ in range(2)]
    catalogue = Catalogue.of([*now.values(), *(who for some in later for who in some.values())])
    pool = Pool.build(Tables.of(list(now.values()), catalogue), catalogue, room=64)
    demand, chosen = Demand.of(needs, catalogue), Weights()
    for some, left in zip(later, gone, strict=True):
        before, answers = pool, by_columns(pool, demand, chosen)
        pool = pool.changed(Tables.of(list(some.values()), catalogue), left - some.keys())
        now = {id: who for id, who in (now | some).items() if id not in left - some.keys()}
        fresh = Pool.build(Tables.of(list(now.values()), catalogue), catalogue)
        assert pool.tail == before.tail + len(some)
        assert by_columns(before, demand, chosen) == answers
        for other in (pool, pool.sorted()):
            assert by_columns(other, demand, chosen) == by_columns(fresh, demand, chosen)
            assert by_pairs(other, demand, chosen) == by_pairs(fresh, demand, chosen)
            assert {id: plain(other.candidate(other.row_of(id))) for id in now} == {i: plain(w) for i, w in now.items()}
    assert pool.sorted().tail == 0 and len(pool.sorted()) == len(now) == len(pool)


def test_the_sorted_pool_is_the_fresh_one_whatever_came_before() -> None:
    crowd = [person(id, city="上海" if id % 2 else "杭州", max_km=id % 5) for id in range(1, 9)]
    catalogue = Catalogue.of(crowd)
    fresh = Pool.build(Tables.of(crowd, catalogue), catalogue)
    grown = Pool.build(Tables.of(crowd[5:], catalogue), catalogue).changed(Tables.of(crowd[:5][::-1], catalogue))
    assert grown.sorted().ids.tolist() == fresh.ids.tolist() != grown.ids.tolist()


def test_two_changes_of_one_pool_do_not_see_each_other() -> None:
    pool = pool_of([person(1), person(2)])
    one = pool.changed(Tables.of([person(3)], pool.catalogue))
    two = pool.changed(Tables.of([person(4)], pool.catalogue), [1])
    assert [sorted(p.ids[p.living].tolist()) for p in (pool, one, two)] == [[1, 2], [1, 2, 3], [2, 4]]
    demand = Demand.of([need()], pool.catalogue)
    assert [sorted(who for _, who in by_pairs(p, demand, Weights())) for p in (one, two)] == [[1, 2, 3], [2, 4]]


def test_more_changes_than_there_was_room_for() -> None:
    pool = Pool.build(Tables.of([person(0)], Catalogue.of([person(0)])), Catalogue.of([person(0)]), room=0)
    for id in range(1, 200):
        pool = pool.changed(Tables.of([person(id)], pool.catalogue), [id - 2])
    demand = Demand.of([need()], pool.catalogue)
    assert sorted(who for _, who in by_pairs(pool, demand, Weights())) == [198, 199]


def test_an_empty_pool_answers() -> None:
    pool = Pool.build(Tables.of([], Catalogue()), Catalogue(cities=("上海",)))
    demand = Demand.of([need()], pool.catalogue)
    assert (len(pool), by_columns(pool, demand, Weights()), by_pairs(pool, demand, Weights())) == (0, {}, {})
    assert pool.row_of(1) == -1
    assert len(by_pairs(pool.changed(Tables.of([person(1)], pool.catalogue)), demand, Weights())) == 1


def test_whoever_is_out_of_reach_is_skipped_with_the_block() -> None:
    crowd = [person(id, location=LatLng(20 + id * 0.4, 121.47), max_km=id % 40) for id in range(1, 60)]
    pool = pool_of(crowd)
    demand = Demand.of([need(site=who.location, shift_id=who.id) for who in crowd if who.location], pool.catalogue)
    found = set(by_pairs(pool, demand, Weights()))
    assert {(id, id) for id in range(1, 60)} <= found
    assert len(pool.blocks.city) > 5


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"skills": {"chat": 7}}, r"skills: level must lie in 0\.\.6"),
        ({"languages": {"zh": -1}}, r"languages: level must lie in 0\.\.6"),
        ({"clearance": -1}, "clearance"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        pool_of([person(1, **change)])


def test_ids_and_children_must_fit_together() -> None:
    catalogue = Catalogue.of([person(1)])
    tables = Tables.of([person(1), person(1)], catalogue)
    with pytest.raises(ValueError, match="twice"):
        Pool.build(tables, catalogue)
    one = Tables.of([person(1)], catalogue)
    stray = replace(one, windows={"who": np.array([2]), "start": np.array([0]), "end": np.array([9])})
    with pytest.raises(ValueError, match="windows: a row of somebody"):
        Pool.build(stray, catalogue)


def test_the_living_are_listed_by_id_whatever_has_changed() -> None:
    crowd = [person(id=number) for number in (5, 3, 9)]
    pool = pool_of(crowd)
    assert pool.ids[pool.by_id].tolist() == [3, 5, 9]
    later = Tables.of([person(id=3, max_km=2), person(id=7), person(id=1)], pool.catalogue)
    changed = pool.changed(later, gone=[9])
    assert changed.ids[changed.by_id].tolist() == [1, 3, 5, 7]
    assert changed.by_id[1] == changed.row_of(3)
    assert changed.sorted().ids[changed.sorted().by_id].tolist() == [1, 3, 5, 7]
