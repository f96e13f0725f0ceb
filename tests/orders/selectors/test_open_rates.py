"""A shift to be had is shown at the pay of its day, not of today: what the yes will be paid by."""

from datetime import timedelta
from decimal import Decimal

from orders.models import Position
from orders.selectors import open_shifts as reads
from orders.selectors import swaps as swap_reads
from orders.selectors.worker import Wages
from orders.services import open_shifts, swaps
from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW, Agency
from tests.orders.services.line import booked, hours
from tests.orders.services.test_open_shifts import empty_place
from workers.models import LevelChange, RateCard, Worker

SOON, LATER = NOW + hours(30), NOW + hours(54)


def promoted(agency: Agency) -> Worker:
    """Somebody who is paid as a senior from the day after tomorrow on."""
    worker = agency.worker()
    RateCard.objects.filter(level="senior").update(pay_rate=Decimal(35))
    LevelChange.objects.create(
        worker=worker, level_before="junior", level_after="senior", track_before="service", track_after="service",
        effective_on=NOW.date() + timedelta(days=2), reason="x", decided_by=agency.manager(), decided_at=NOW,
    )  # fmt: skip
    return worker


def test_open_places_before_and_after_the_day(agency: Agency) -> None:
    places: list[Position] = [empty_place(agency, start=start) for start in (SOON, LATER)]
    worker = promoted(agency)
    shown = [card.pay.rate for card in reads.listing(worker, NOW).cards]
    taken = [open_shifts.claim(place.shift_id, by=actor_of(worker.user), now=NOW).pay_rate for place in places]
    assert shown == taken == [Decimal(28), Decimal(35)]


def test_a_colleagues_shift_after_the_day(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency, start=LATER)
    worker = promoted(agency)
    asked = swaps.ask(work.pk, by=actor_of(work.worker.user), now=NOW)
    (card,) = reads.of_colleagues(worker, NOW).cards
    assert card.pay.rate == swap_reads.card_of(asked, worker, Wages.current()).pay.rate == Decimal(35)
