"""A batch beside everything else: what changes while it plans, two of them at once, and thirty-two deeds together."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from orders import snapshot
from orders.models import DoNotSend, MatchRun, Offer, Order, Position
from orders.services import attendance, batch, locks, offers, ordering, proposing
from orders.services.moves import Group, Judge
from orders.states import OfferStatus, OrderStatus, PositionStatus
from staffing.core import audit
from staffing.core.actors import actor_of
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.journeys.invariants import complaints
from tests.orders.services.line import TOMORROW, booked, desk, hours, minutes, person, proposed
from tests.orders.services.test_booking_race import all_at_once
from workers.models import Skill, Worker

LATER = NOW + minutes(1)
Deed = Callable[["Scene"], object]


class Scene:
    """Two days with a clash each: an expert on a common place, and an open one that only the expert can take."""

    def __init__(self, agency: Agency) -> None:
        self.agency, rare = agency, Skill.objects.create(code="rare")
        self.desk = desk(agency)
        self.expert = agency.worker(skills={agency.skill: 5, rare: 5})
        starts = [TOMORROW, TOMORROW + timedelta(days=2)]
        self.common = [proposed(agency, start=start) for start in starts]
        self.special = [proposed(agency, start=start, skills={rare.pk: 2}) for start in starts]
        self.plain = agency.worker(reliability=20)

    def chosen(self, orders: list[Order]) -> list[int | None]:
        found = dict(Position.objects.values_list("shift__order", "proposed_worker"))
        return [found[order.pk] for order in orders]

    @property
    def solved(self) -> list[bool]:
        """Of each day: the expert is where only the expert can be, and the other one in their place."""
        pairs = zip(self.chosen(self.common), self.chosen(self.special), strict=True)
        return [pair == (self.plain.pk, self.expert.pk) for pair in pairs]

    def place(self, order: Order) -> Position:
        return Position.objects.get(shift__order=order)


# What changes while it plans


def after_planning(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    really_plan = batch._plan

    def plan(now: object) -> object:
        made = really_plan(now)  # type: ignore[arg-type]
        deed()
        return made

    monkeypatch.setattr(batch, "_plan", plan)


def suspend(worker: Worker) -> None:
    Worker.objects.filter(pk=worker.pk).update(status=Worker.Status.SUSPENDED)


def by_hand(s: Scene, order: Order, worker: Worker) -> Position:
    given = {"by": s.desk, "now": NOW, "reason": "客户点名", "override": True}
    return proposing.exchange(s.place(order).pk, worker.pk, **given)  # type: ignore[arg-type]


MEANWHILE: dict[str, Deed] = {
    "the proposal was confirmed": lambda s: ordering.confirm(s.common[0].pk, by=s.desk, now=NOW),
    "the order was cancelled": lambda s: ordering.cancel(s.special[0].pk, by=s.desk, now=NOW, reason="改期"),
    "somebody chose by hand": lambda s: by_hand(s, s.special[0], s.agency.worker()),
    "the same person was chosen by hand": lambda s: [by_hand(s, s.common[0], who) for who in (s.plain, s.expert)],
    "the newcomer took other work": lambda s: by_hand(s, proposed(s.agency, start=TOMORROW + hours(1)), s.plain),
    "the client barred the newcomer": lambda s: DoNotSend.objects.create(
        client=s.common[0].client, worker=s.plain, reason="客户投诉", created_at=NOW
    ),
    "the newcomer has said no": lambda s: declined(s, s.common[0], s.plain),
}


def declined(s: Scene, order: Order, worker: Worker) -> None:
    place = s.place(order)
    offer = Offer.objects.create(
        position=place, worker=worker, status=OfferStatus.DECLINED, wave=1, pay_rate=28, sent_at=NOW, expires_at=LATER
    )
    audit.record(offer, "decline", by=actor_of(worker.user), now=NOW, to_state=offer.status)


@pytest.mark.django_db
@pytest.mark.parametrize("name", MEANWHILE)
def test_what_changed_while_it_planned_is_left_alone_and_the_rest_is_done(
    agency: Agency, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    scene = Scene(agency)
    before = scene.chosen(scene.common)
    after_planning(monkeypatch, lambda: MEANWHILE[name](scene))
    run = batch.run(LATER)
    assert run is not None
    assert run.shifts.count() == 2
    assert scene.solved == [False, True]
    assert scene.chosen(scene.common)[0] == before[0] == scene.expert.pk
    assert complaints() == []


@pytest.mark.django_db
def test_nothing_is_written_where_nothing_holds_any_more(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(agency)
    runs = MatchRun.objects.count()
    after_planning(monkeypatch, lambda: suspend(scene.plain))
    assert batch.run(LATER) is None
    assert (scene.solved, MatchRun.objects.count()) == ([False, False], runs)


@pytest.mark.django_db
def test_slices_are_whole_moves_and_share_one_run(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(agency)
    slices: list[int] = []
    really_write = batch._write
    monkeypatch.setattr(batch, "SLICE", 1)

    def write(part: Sequence[Group], *rest: Any) -> MatchRun | None:
        slices.append(sum(map(len, part)))
        return really_write(part, *rest)

    monkeypatch.setattr(batch, "_write", write)
    run = batch.run(LATER)
    assert run is not None
    assert (slices, run.shifts.count(), scene.solved) == ([2, 2], 4, [True, True])


# Two at once


@pytest.mark.race
def test_of_two_at_once_one_yields(
    committed_agency: Agency, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scene, one_yielded = Scene(committed_agency), threading.Event()
    after_planning(monkeypatch, lambda: one_yielded.wait(timeout=30))

    def run() -> None:
        if batch.run(LATER) is None:
            one_yielded.set()

    with caplog.at_level("INFO", logger=batch.__name__):
        assert all_at_once([run, run]) == ["ok", "ok"]
    assert one_yielded.is_set()
    assert "yields" in caplog.text
    assert MatchRun.objects.filter(cause="batch").count() == 1
    assert scene.solved == [True, True]
    assert complaints() == []


@pytest.fixture
def both_plan_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No turns: two batches plan on the same state before either writes."""
    planned = threading.Barrier(2)
    monkeypatch.setattr(batch, "_take_turn", lambda: None)
    after_planning(monkeypatch, lambda: planned.wait(timeout=30))
    yield


@pytest.mark.race
def test_two_with_the_same_plan_write_it_once(committed_agency: Agency, both_plan_at_once: None) -> None:
    scene = Scene(committed_agency)
    assert all_at_once([partial(batch.run, LATER)] * 2) == ["ok", "ok"]
    assert MatchRun.objects.filter(cause="batch").count() == 1
    assert AuditEvent.objects.filter(reason="batch").count() == 4
    assert scene.solved == [True, True]
    assert complaints() == []


@pytest.mark.race
def test_without_the_locks_the_race_is_lost(
    committed_agency: Agency, both_plan_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: no lock of matching, none of the orders; both have judged before either writes."""
    Scene(committed_agency)
    everyone_judged, really_judge = threading.Barrier(2), batch._judge
    rows = Order.objects.select_related("client", "site", "city")

    def judge(*args: object) -> Judge:
        made = really_judge(*args)  # type: ignore[arg-type]
        everyone_judged.wait(timeout=30)
        return made

    monkeypatch.setattr(locks, "matching", lambda: None)
    monkeypatch.setattr(batch, "_locked", lambda found, moves: rows.in_bulk())
    monkeypatch.setattr(batch, "_judge", judge)
    assert all_at_once([partial(batch.run, LATER)] * 2) == ["ok", "ok"]
    assert MatchRun.objects.filter(cause="batch").count() == 2
    assert AuditEvent.objects.filter(reason="batch").count() == 8
    assert complaints() != []


# Everything at once


@pytest.mark.race
@pytest.mark.parametrize("seed", range(2))
def test_thirty_two_deeds_at_once_tear_nothing(committed_agency: Agency, seed: int) -> None:
    agency = committed_agency
    by, rare = desk(agency), Skill.objects.create(code="rare")
    people = [agency.worker(skills={agency.skill: 3, rare: n % 2 * 3}, reliability=100 - 7 * n) for n in range(10)]
    start = TOMORROW + hours(seed)
    waiting = [agency.submitted(start=start, headcount=2, skills={rare.pk: 1}) for _ in range(4)]
    open_ones = [proposed(agency, start=start + hours(n)) for n in range(6)]
    asked = [proposed(agency, start=start + timedelta(days=1), headcount=2) for _ in range(4)]
    for order in asked:
        ordering.confirm(order.pk, by=by, now=NOW)
    lost = booked(agency, start=start + timedelta(days=2), headcount=2)
    pending = list(Offer.objects.filter(status=OfferStatus.PENDING).select_related("worker__user"))[:8]
    places = list(Position.objects.filter(status=PositionStatus.PROPOSED))
    calls: list[Callable[[], object]] = [partial(batch.run, LATER)] * 6
    calls += [partial(proposing.propose_order, order.pk, LATER) for order in waiting]
    calls += [partial(offers.accept, offer.pk, by=person(offer), now=LATER) for offer in pending[:5]]
    calls += [partial(offers.decline, offer.pk, by=person(offer), now=LATER) for offer in pending[5:]]
    calls += [
        partial(proposing.exchange, place.pk, people[-1 - n].pk, by=by, now=LATER, reason="换人", override=True)
        for n, place in enumerate(places[:4])
    ]
    calls += [partial(ordering.confirm, order.pk, by=by, now=LATER) for order in open_ones[:3]]
    calls += [partial(ordering.rematch, order.pk, by=by, now=LATER) for order in open_ones[3:5]]
    calls += [partial(ordering.cancel, order.pk, by=by, now=LATER, reason="改期") for order in (asked[3], open_ones[5])]
    calls += [partial(attendance.cancel, work.pk, by=person(work), now=LATER, reason="家里有事") for work in lost]
    calls += [partial(batch.run, LATER)] * (32 - len(calls))
    assert len(calls) == 32

    results = Counter(all_at_once(calls))

    assert set(results) <= {"ok", "Conflict", "NotFree"}, results
    assert complaints() == []
    drain(LATER)
    batch.run(LATER)
    drain(LATER)
    assert complaints() == []
    assert not Order.objects.filter(status=OrderStatus.SUBMITTED).exists()
    assert nobody_is_courted_twice() == []
    snapshot.clear()


def nobody_is_courted_twice() -> list[tuple[int, int]]:
    """Places that the agency has chosen itself for one person at overlapping times."""
    taken = Position.objects.filter(status=PositionStatus.PROPOSED, chosen_by_hand=False).select_related("shift")
    by_start = sorted(taken, key=lambda place: (place.proposed_worker_id or 0, place.shift.start_at))
    return [
        (one.pk, other.pk)
        for one, other in pairwise(by_start)
        if one.proposed_worker_id == other.proposed_worker_id and other.shift.start_at < one.shift.end_at
    ]
