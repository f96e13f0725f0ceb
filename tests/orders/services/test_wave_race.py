"""Three hundred people answer sixty places at the same second, over their own pages: sixty get one, 240 hear the truth.

All requests wait at once; as many threads as there are connections for take them up together, each the next as soon as
it has its answer. And what happens to the same race without the guards.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from queue import Empty, SimpleQueue

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from orders.models import Assignment, Offer, OrderPolicy, Position
from orders.services import locks, offers, waves
from orders.states import OfferStatus, PositionStatus
from staffing.core.models import Notification, OutboxMessage
from staffing.demo import invariants
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import desk, offering
from tests.orders.services.test_waves_race import unlocked, without_constraint

PLACES, ASKED = 60, 5
# The embedded server takes a hundred connections; the sweeps and other tests need some.
THREADS = 30
TAKEN = "此班次刚刚已被他人接走，谢谢您愿意帮忙。"
GOT = "接单成功，已排入您的班表。"
Said = tuple[int, str]

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def asked(agency: Agency, *, places: int, each: int) -> list[Offer]:
    """As many people as all waves ask together, each asked for one of the places of one shift."""
    order = offering(agency, headcount=places)
    OrderPolicy(wave_size=each).save()
    for _ in range(places * each):
        agency.worker()
    for place in Position.objects.filter(shift__order=order):
        assert waves.start(place.pk, by=desk(agency), now=NOW).invited == each
    return list(Offer.objects.filter(status=OfferStatus.PENDING).select_related("worker__user").order_by("pk"))


def logged_in(offer: Offer) -> Client:
    """The worker's phone."""
    phone = Client(raise_request_exception=False)
    phone.force_login(offer.worker.user)
    return phone


def everybody_says_yes(waiting: Sequence[Offer], threads: int) -> list[Said]:
    """Every offer accepted by its worker's page, released together; status and what the page says."""
    line: SimpleQueue[tuple[Client, str]] = SimpleQueue()
    # The last asked for each place come first as often as the first asked.
    for offer in sorted(waiting, key=lambda one: (one.pk * 7919) % 1009):
        line.put((logged_in(offer), reverse("orders:my-offer-accept", args=[offer.pk])))
    gate, said = threading.Barrier(threads), []

    def take() -> None:
        connection.ensure_connection()
        gate.wait(timeout=60)
        try:
            while True:
                said.append(press(*line.get_nowait()))
        except Empty:
            return
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=take) for _ in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(timeout=120)
    return said


def press(phone: Client, url: str) -> Said:
    """One yes."""
    answer = phone.post(url)
    return answer.status_code, " ".join(map(str, get_messages(answer.wsgi_request)))


def test_three_hundred_answer_sixty_places_at_the_same_second() -> None:
    agency = Agency()
    with time_machine.travel(NOW, tick=False):
        waiting = asked(agency, places=PLACES, each=ASKED)
        assert len({offer.worker_id for offer in waiting}) == len(waiting) == PLACES * ASKED

        said = everybody_says_yes(waiting, THREADS)

        assert Counter(said) == {(302, GOT): PLACES, (302, TAKEN): PLACES * (ASKED - 1)}
    per_place = Counter(Assignment.objects.values_list("position", flat=True))
    assert len(per_place) == PLACES and set(per_place.values()) == {1}
    assert Position.objects.filter(status=PositionStatus.FILLED).count() == PLACES
    drain(NOW)
    told = Notification.objects.filter(kind="offer.taken").values_list("user", flat=True)
    placed = set(Assignment.objects.values_list("worker__user", flat=True))
    losers = {offer.worker.user_id for offer in waiting} - placed
    assert sorted(told) == sorted(losers)
    assert not OutboxMessage.objects.exclude(last_error="").exists()
    assert invariants.violations(NOW) == []


def test_without_the_guards_the_same_race_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: no lock on the order, no constraint; everyone has looked before anyone writes."""
    agency = Agency()
    with time_machine.travel(NOW, tick=False):
        waiting = asked(agency, places=4, each=ASKED)
        everyone_looked = threading.Barrier(len(waiting))
        really_open = offers._still_open

        def look(offer: Offer, now: object) -> None:
            really_open(offer, now)  # type: ignore[arg-type]
            everyone_looked.wait(timeout=60)

        monkeypatch.setattr(locks, "order", unlocked)
        monkeypatch.setattr(offers, "_still_open", look)
        # What the first takes back would wait for the others' own rows.
        monkeypatch.setattr(offers, "withdraw_all", lambda *args, **given: None)
        with without_constraint():
            said = everybody_says_yes(waiting, len(waiting))
            assert Counter(said) == {(302, GOT): len(waiting)}
            per_place = Counter(Assignment.objects.values_list("position", flat=True))
            assert set(per_place.values()) == {ASKED}
