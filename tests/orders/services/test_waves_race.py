"""Three people say yes to one place at the same second: exactly one gets it. And what happens without the guards."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from orders.models import Assignment, Offer, Order, Position
from orders.services import bookings, locks, offers, waves
from orders.states import OfferStatus, PositionStatus
from staffing.core.models import Notification
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import desk, offering, person
from tests.orders.services.test_booking_race import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def three_asked(agency: Agency) -> list[Offer]:
    """Three offers of one place, all waiting."""
    order = offering(agency)
    for _ in range(3):
        agency.worker()
    place = Position.objects.get(shift__order=order)
    waves.start(place.pk, by=desk(agency), now=NOW)
    return list(Offer.objects.filter(status=OfferStatus.PENDING).select_related("worker__user").order_by("pk"))


def everybody_says_yes(asked: list[Offer]) -> Counter[str]:
    return Counter(all_at_once([partial(offers.accept, one.pk, by=person(one), now=NOW) for one in asked]))


@pytest.mark.parametrize("turn", range(3))
def test_of_three_at_once_exactly_one_is_booked_and_two_are_told(turn: int) -> None:
    asked = three_asked(Agency())

    results = everybody_says_yes(asked)

    assert results == {"ok": 1, "Conflict": 2}
    assert Assignment.objects.count() == 1
    assert Position.objects.get().status == PositionStatus.FILLED
    taken = Offer.objects.filter(status=OfferStatus.WITHDRAWN, reason=offers.TAKEN)
    drain(NOW)
    told = Notification.objects.filter(kind="offer.taken").values_list("user", flat=True)
    assert sorted(told) == sorted(taken.values_list("worker__user", flat=True))
    assert len(told) == 2


def test_yes_no_and_the_next_wave_at_once_never_cross() -> None:
    """Whatever comes first: no deadlock, at most one booking, and no question left on a place that is taken."""
    agency = Agency()
    asked = three_asked(agency)
    for _ in range(3):
        agency.worker()
    place = Position.objects.get()
    results = all_at_once(
        [
            partial(offers.accept, asked[0].pk, by=person(asked[0]), now=NOW),
            partial(offers.decline, asked[1].pk, by=person(asked[1]), now=NOW),
            partial(offers.accept, asked[2].pk, by=person(asked[2]), now=NOW),
            partial(waves.follow, place.pk, place.wave, NOW),
            partial(waves.start, place.pk, by=desk(agency), now=NOW),
        ]
    )
    assert set(results) <= {"ok", "Conflict"}
    assert Assignment.objects.count() == 1
    assert not Offer.objects.filter(status=OfferStatus.PENDING).exists()


@contextmanager
def without_constraint() -> Iterator[None]:
    """Take the rule of one worker a place away for a while."""
    constraint = next(c for c in Assignment._meta.constraints if c.name == "one_worker_a_position")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Assignment, constraint)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE orders_assignment CASCADE")
        with connection.schema_editor() as editor:
            editor.add_constraint(Assignment, constraint)


def unlocked(order_id: int) -> Order:
    return Order.objects.select_related("client", "site", "city").get(pk=order_id)


def test_without_the_guards_the_race_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: no lock on the order, no constraint; everyone has looked before anyone writes."""
    asked = three_asked(Agency())
    everyone_looked = Barrier(3)
    really_open = offers._still_open

    def look(offer: Offer, now: object) -> None:
        really_open(offer, now)  # type: ignore[arg-type]
        everyone_looked.wait(timeout=30)

    monkeypatch.setattr(locks, "order", unlocked)
    monkeypatch.setattr(offers, "_still_open", look)
    # What the first takes back would wait for the others' own rows.
    monkeypatch.setattr(offers, "withdraw_all", lambda *args, **given: None)
    with without_constraint():
        assert everybody_says_yes(asked) == {"ok": 3}
        assert Assignment.objects.count() == 3


def test_the_constraint_alone_still_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the lock off the database itself refuses the second, as a clear conflict."""
    asked = three_asked(Agency())
    monkeypatch.setattr(locks, "order", unlocked)
    monkeypatch.setattr(offers, "withdraw_all", lambda *args, **given: None)
    offers.accept(asked[0].pk, by=person(asked[0]), now=NOW)
    Position.objects.update(status=PositionStatus.OFFERED)
    with pytest.raises(bookings.NotFree) as refused:
        offers.accept(asked[1].pk, by=person(asked[1]), now=NOW)
    assert refused.value.code == "position_taken"
    assert Assignment.objects.count() == 1
