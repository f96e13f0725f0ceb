"""What a batch plans for: novices, teams, continuity, ways, training; and its limits: time, snapshot, queries."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from orders import snapshot
from orders.matching import Proposal, planning
from orders.matching.solve import solve
from orders.matching.value import novice_places
from orders.models import MatchRun, MatchWeights, Offer, Order, Package, Position, TeamMember
from orders.services import batch, bookings, matching, offers, ordering, proposing
from orders.services.moves import Judge
from orders.services.ordering import ShiftSpec
from orders.states import PositionStatus
from staffing.core.actors import SYSTEM
from staffing.core.models import Heartbeat
from tests.fixtures.agency import HERE, NOW, Agency
from tests.journeys.invariants import complaints
from tests.orders.services.line import TOMORROW, booked, days, desk, hours, minutes, person, proposed
from workers.models import Course, Worker, WorkerCourse

pytestmark = pytest.mark.django_db
LATER = NOW + minutes(1)
KM_NORTH = 1 / 111.19


def who_has(order: Order) -> list[int | None]:
    return list(Position.objects.filter(shift__order=order).order_by("id").values_list("proposed_worker", flat=True))


def in_force(**values: int) -> None:
    MatchWeights.objects.create(version="test", values={"novice_percent": 0} | values, created_at=NOW)


# Whom


def orders_one_after_the_other(agency: Agency, count: int, **fields: object) -> list[Order]:
    """One place each, two hours each, so that one person could do them all."""
    company = agency.client(**fields)
    starts = [TOMORROW + timedelta(days=n // 8, hours=2 * (n % 8)) for n in range(count)]
    return [agency.submitted(company, shifts=[ShiftSpec(at, at + hours(2), 1)]) for at in starts]


def test_novices_get_their_share_of_places(agency: Agency) -> None:
    in_force(novice_percent=30)
    agency.worker(services_done=50)
    novice = agency.worker(services_done=0, stars=None, reliability=50)
    orders = orders_one_after_the_other(agency, 40)
    drawn = {order.pk for order in orders if novice_places(order.shifts.get().pk, 1, 30)}
    assert 4 <= len(drawn) <= 20
    batch.run(LATER)
    assert {order.pk for order in orders if who_has(order) == [novice.pk]} == drawn
    assert set(Position.objects.filter(novice=True).values_list("shift__order", flat=True)) == drawn


def test_novices_get_no_share_where_the_client_is_of_high_value_or_asks_for_stars(agency: Agency) -> None:
    in_force(novice_percent=100)
    veteran = agency.worker(services_done=50)
    agency.worker(services_done=0, reliability=50)
    valued = orders_one_after_the_other(agency, 4, value=2)
    starred = agency.submitted(start=TOMORROW + timedelta(days=3), min_stars=4)
    batch.run(LATER)
    assert [who_has(order) for order in (*valued, starred)] == [[veteran.pk]] * 5


@pytest.mark.parametrize("package", [Package.FIXED_TEAM, Package.STANDARD])
def test_the_fixed_team_goes_first_where_it_was_ordered(agency: Agency, package: str) -> None:
    stranger, company = agency.worker(), agency.client()
    order = proposed(agency, company=company)
    member = agency.worker(reliability=10)
    TeamMember.objects.create(client=company, worker=member, created_at=NOW)
    Order.objects.update(package=package)
    assert who_has(order) == [stranger.pk]
    batch.run(LATER)
    assert who_has(order) == [member.pk if package == Package.FIXED_TEAM else stranger.pk]


@pytest.mark.parametrize("points", [5, 0])
def test_one_person_for_all_shifts_of_an_order_where_it_counts(agency: Agency, points: int) -> None:
    """The other one is three points better, but cannot come on the second day (a Wednesday)."""
    in_force(continuity=points)
    both = agency.worker(reliability=80)
    better = agency.worker(reliability=100, windows=[(1, 0, 1440)])
    order = agency.submitted(shifts=days(8, 8))
    batch.run(LATER)
    assert who_has(order) == [both.pk if points else better.pk, both.pk]


def two_sites(agency: Agency, gap: float) -> tuple[Order, Order]:
    """Two orders of one day, 20 km apart, the second so many minutes after the first. The way takes 75 minutes."""
    company = agency.client()
    far = agency.site(company, latitude=HERE[0] + 20 * KM_NORTH)
    near = agency.submitted(company, shifts=days(4))
    after = TOMORROW + hours(4) + minutes(gap)
    return near, agency.submitted(company, site=far, shifts=days(4, start=after))


@pytest.mark.parametrize(("gap", "filled"), [(74, 1), (76, 2)])
def test_nobody_is_planned_where_they_cannot_be_in_time(agency: Agency, gap: int, filled: int) -> None:
    agency.worker(max_km=50)
    near, far = two_sites(agency, gap)
    batch.run(LATER)
    assert [worker is None for worker in who_has(near) + who_has(far)].count(False) == filled


@pytest.mark.parametrize(("gap", "taken"), [(74, False), (76, True)])
def test_nobody_is_booked_where_they_cannot_be_in_time(agency: Agency, gap: int, taken: bool) -> None:
    worker = agency.worker(max_km=50)
    near, far = two_sites(agency, gap)
    for order in (near, far):
        proposing.propose_order(order.pk, NOW)
        place = Position.objects.get(shift__order=order)
        if place.status == PositionStatus.OPEN:
            proposing.put(place, worker.pk, 50, None, by=SYSTEM, now=NOW)
        ordering.confirm(order.pk, by=desk(agency), now=NOW)
    first, second = Offer.objects.order_by("pk")
    offers.accept(first.pk, by=person(first), now=NOW)
    if taken:
        offers.accept(second.pk, by=person(second), now=NOW)
        return
    with pytest.raises(bookings.NotFree) as refused:
        offers.accept(second.pk, by=person(second), now=NOW)
    assert [reason["code"] for reason in refused.value.params["reasons"]] == ["travel_before"]


def test_who_lacks_the_training_or_has_it_no_more_is_left_out(agency: Agency) -> None:
    course = Course.objects.create(code="privacy")
    trained, lapsed, _untrained = (agency.worker(reliability=rank) for rank in (10, 90, 100))
    for who, until in ((trained, TOMORROW), (lapsed, NOW)):
        WorkerCourse.objects.create(worker=who, course=course, passed_on=NOW, valid_until=until.date())
    order = agency.submitted(courses=[course.pk])
    batch.run(LATER)
    assert who_has(order) == [trained.pk]


# Limits


def ticking(step: float) -> Iterator[float]:
    return itertools.count(0.0, step)


@pytest.mark.parametrize(("step", "stopped", "method"), [(30.0, True, "greedy"), (0.0, False, "exact")])
def test_the_time_limit_is_kept_and_told(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, step: float, stopped: bool, method: str
) -> None:
    """The clock of the solver jumps past the limit at its second look: scarcest first is the net."""
    clock = ticking(step)
    monkeypatch.setattr(planning, "solve", partial(solve, clock=lambda: next(clock)))
    for rank in range(6):
        agency.worker(reliability=50 + rank, max_km=5 + rank)
    for n in range(3):
        agency.submitted(headcount=2, start=TOMORROW + hours(4 * n))
    run = batch.run(LATER)
    assert run is not None
    assert (run.stopped, run.method, run.shortage) == (stopped, method, 0)
    assert complaints() == []


def swapped(found: Proposal) -> Proposal:
    """As a search that was cut short may leave it: each of two shifts has the other's people."""
    one, other = found.shifts
    return replace(
        found, shifts=(replace(one, positions=other.positions), replace(other, positions=one.positions)), stopped=True
    )


@pytest.mark.parametrize("judged", [True, False])
def test_a_plan_that_was_cut_short_makes_nothing_worse(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, judged: bool
) -> None:
    """It would take the best person from the client of higher value; without the judge (the control) it does."""
    best = agency.worker(stars=5)
    valued = proposed(agency, company=agency.client(value=2))
    plain = agency.worker(stars=3, reliability=40)
    ordinary = proposed(agency)
    really_propose = matching.propose_all
    monkeypatch.setattr(matching, "propose_all", lambda *args, **given: swapped(really_propose(*args, **given)))
    if not judged:
        monkeypatch.setattr(Judge, "makes", lambda self, group: True)
    run = batch.run(LATER)
    assert (run is None) == judged
    assert (who_has(valued), who_has(ordinary)) == (([best.pk], [plain.pk]) if judged else ([plain.pk], [best.pk]))


def outcome(agency: Agency) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What a proposal and a batch make of the same agency; everything is undone."""
    shown = ("proposed_worker", "backup_worker", "score", "novice", "status")
    with transaction.atomic():
        agency.submitted(headcount=2, start=TOMORROW + hours(3))
        first = Order.objects.latest("pk")
        proposing.propose_order(first.pk, NOW)
        alone = list(Position.objects.order_by("pk").values_list(*shown))
        agency.submitted(agency.client(value=2), headcount=3, start=TOMORROW + hours(2))
        assert batch.run(LATER) is not None
        whole = list(Position.objects.order_by("pk").values_list(*shown))
        runs = MatchRun.objects.order_by("pk").values_list("fallback", "value", "positions", "shortage")
        whole += list(runs)
        transaction.set_rollback(True)
    return alone, whole


def test_without_the_snapshot_sql_gives_the_same(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(novice_percent=0)  # the draw hangs on ids, which no rollback gives back
    for rank in range(6):
        agency.worker(reliability=40 + 7 * rank, services_done=rank, min_rest_minutes=60)
    booked(agency, start=NOW + timedelta(days=3))
    proposed(agency)
    alone, whole = outcome(agency)
    monkeypatch.setattr(snapshot, "available", lambda now: None)
    plainly, together = outcome(agency)
    assert plainly == alone
    places = Position.objects.count() + 5
    assert together[:places] == whole[:places]
    plain_runs, runs = together[places:], whole[places:]
    assert [row[1:] for row in plain_runs] == [row[1:] for row in runs]
    assert ([row[0] for row in plain_runs[-2:]], [row[0] for row in runs[-2:]]) == ([True, True], [False, False])


def queries_of_a_batch() -> int:
    """Counted and undone."""
    snapshot.current(LATER)
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as seen,
    ):
        assert batch.run(LATER) is not None
        transaction.set_rollback(True)
    return len(seen)


def test_queries_do_not_grow_with_people_and_little_with_places(agency: Agency) -> None:
    for _ in range(4):
        agency.worker()
    agency.submitted(headcount=2)
    few = queries_of_a_batch()
    for _ in range(25):
        agency.worker()
    assert queries_of_a_batch() == few
    Position.objects.all().delete()
    order = Order.objects.get()
    for number in range(20):
        Position.objects.create(shift=order.shifts.get(), number=number + 1)
    assert queries_of_a_batch() == few


# When


def heart() -> object:
    return Heartbeat.objects.get(name="batch").beat_at


def test_it_runs_when_something_has_changed_and_not_too_often(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[object] = []
    monkeypatch.setattr(batch, "_run", ran.append)
    agency.worker()
    batch.wake(NOW)
    assert ran == [NOW]
    agency.submitted()
    batch.wake(NOW + minutes(4))
    assert (ran, heart()) == ([NOW], NOW + minutes(4))
    batch.wake(NOW + minutes(5))
    assert ran == [NOW, NOW + minutes(5)]


def test_one_that_yields_comes_again_at_once(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(now: object) -> None:
        raise batch.TurnTaken

    agency.worker()
    order = agency.submitted()
    with monkeypatch.context() as patched:
        patched.setattr(batch, "_run", busy)
        assert batch.wake(NOW) is None
    assert batch.wake(NOW + minutes(1)) is not None
    assert who_has(order) == [Worker.objects.get().pk]
