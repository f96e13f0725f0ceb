"""Thirty-two people ask one worker at the same second: exactly one gets them. And what happens without the guards."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection, connections, transaction

from orders.models import Assignment, Offer, Position
from orders.services import bookings, locks, offers, ordering, proposing
from orders.states import OfferStatus, PositionStatus
from staffing.core.actors import SYSTEM, Actor, actor_of
from tests.fixtures.agency import NOW, Agency
from workers.models import Worker

THREADS = 32

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def one_worker_many_offers(agency: Agency) -> tuple[Worker, list[int]]:
    """One worker with a pending offer from each of 32 orders for the same hours."""
    worker, desk = agency.worker(), actor_of(agency.dispatcher())
    company = agency.client()
    for _ in range(THREADS):
        order = agency.submitted(company)
        proposing.propose_order(order.pk, NOW)
        place = Position.objects.select_related("shift__order").get(shift__order=order)
        if place.status == PositionStatus.OPEN:
            with transaction.atomic():
                proposing.put(place, worker.pk, 50, None, by=SYSTEM, now=NOW)
        ordering.confirm(order.pk, by=desk, now=NOW)
    return worker, list(Offer.objects.filter(status=OfferStatus.PENDING).values_list("pk", flat=True))


def all_at_once(calls: Sequence[Callable[[], object]]) -> list[str]:
    """Run each call in a thread of its own, released together; the class name of what each raised, or "ok"."""
    results: list[str] = []
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        connection.ensure_connection()
        gate.wait(timeout=30)
        try:
            call()
            results.append("ok")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def accept_all(who: Actor, offer_ids: list[int]) -> Counter[str]:
    """Every offer accepted at the same moment."""
    return Counter(all_at_once([partial(offers.accept, pk, by=who, now=NOW) for pk in offer_ids]))


def test_exactly_one_booking_succeeds_and_the_others_are_told_why() -> None:
    agency = Agency()
    worker, offer_ids = one_worker_many_offers(agency)
    assert len(offer_ids) == THREADS

    results = accept_all(actor_of(worker.user), offer_ids)

    assert results == {"ok": 1, "NotFree": THREADS - 1}
    assert Assignment.objects.filter(worker=worker).count() == 1
    assert Counter(Offer.objects.values_list("status", flat=True)) == {
        OfferStatus.ACCEPTED: 1,
        OfferStatus.WITHDRAWN: THREADS - 1,
    }


@contextmanager
def without_constraint() -> Iterator[None]:
    """Take the exclusion constraint away for a while."""
    constraint = next(c for c in Assignment._meta.constraints if c.name == "never_double_booked")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Assignment, constraint)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE orders_assignment CASCADE")
        with connection.schema_editor() as editor:
            editor.add_constraint(Assignment, constraint)


def test_without_the_guards_the_race_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: no lock on the worker, no constraint; everyone has checked before anyone writes."""
    agency = Agency()
    worker, offer_ids = one_worker_many_offers(agency)
    offer_ids = offer_ids[:8]
    everyone_checked = threading.Barrier(len(offer_ids))
    really_insert = bookings._insert

    def insert_late(work: Assignment) -> Assignment:
        everyone_checked.wait(timeout=30)
        return really_insert(work)

    monkeypatch.setattr(locks, "workers", lambda ids: None)
    monkeypatch.setattr(bookings, "_insert", insert_late)
    with without_constraint():
        results = accept_all(actor_of(worker.user), offer_ids)
        assert results == {"ok": 8}
        assert Assignment.objects.filter(worker=worker).count() == 8


def test_the_constraint_alone_still_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the lock and the check off, the database itself refuses the double, as a clear conflict."""
    agency = Agency()
    worker, offer_ids = one_worker_many_offers(agency)
    monkeypatch.setattr(locks, "workers", lambda ids: None)
    monkeypatch.setattr(bookings, "_check_free", lambda offer, start: None)

    offers.accept(offer_ids[0], by=actor_of(worker.user), now=NOW)
    with pytest.raises(bookings.NotFree) as refused:
        offers.accept(offer_ids[1], by=actor_of(worker.user), now=NOW)

    assert refused.value.code == "double_booked"
    assert Assignment.objects.filter(worker=worker).count() == 1


def test_a_yes_pressed_many_times_at_once_books_once() -> None:
    agency = Agency()
    worker = agency.worker()
    order = agency.submitted()
    proposing.propose_order(order.pk, NOW)
    ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    offer = Offer.objects.get()

    results = accept_all(actor_of(worker.user), [offer.pk] * 8)

    assert results == {"ok": 8}
    assert Assignment.objects.count() == 1
