"""Who hears what along the order line, once, and not when it has passed."""

import pytest
from django.core import mail

from orders.models import Offer, Position
from orders.services import attendance, offers, ordering, timesheets
from orders.states import OfferStatus
from staffing.core.models import Notification, OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import arrive, booked, desk, hours, leave, offering, person


def heard(kind: str) -> list[str]:
    """Roles of those who were told."""
    return sorted(Notification.objects.filter(kind=kind).values_list("user__role", flat=True))


def test_an_offer_answered_before_the_message_went_is_not_announced(agency: Agency) -> None:
    agency.worker()
    booked(agency)
    drain(NOW)
    assert heard("offer.sent") == []


def test_a_worker_hears_of_an_offer_once(agency: Agency) -> None:
    agency.worker()
    offering(agency)
    drain(NOW)
    again("tell_of_offer", NOW)
    assert heard("offer.sent") == ["worker"]


def test_a_full_order_is_told_once_however_often_it_fills(agency: Agency) -> None:
    for _ in range(3):
        agency.worker()
    (work,) = booked(agency)
    drain(NOW)
    attendance.cancel(work.pk, by=person(work), now=NOW, reason="家里有事")
    drain(NOW)
    offer = Offer.objects.get(status=OfferStatus.PENDING)
    offers.accept(offer.pk, by=person(offer), now=NOW)
    drain(NOW)
    assert heard("order.filled") == ["client"]
    assert heard("replacement.found") == ["client"]
    assert heard("assignment.lost") == ["dispatcher"]


def test_a_replacement_lost_again_before_the_message_went_is_not_announced(agency: Agency) -> None:
    for _ in range(3):
        agency.worker()
    (work,) = booked(agency)
    attendance.cancel(work.pk, by=person(work), now=NOW, reason="家里有事")
    drain(NOW)
    offer = Offer.objects.get(status=OfferStatus.PENDING)
    found = offers.accept(offer.pk, by=person(offer), now=NOW)
    attendance.cancel(found.pk, by=person(found), now=NOW, reason="家里有事")
    drain(NOW)
    assert heard("replacement.found") == []


def test_an_order_called_off_is_told_to_everybody_concerned(agency: Agency) -> None:
    agency.worker()
    (work,) = booked(agency)
    order = work.position.shift.order
    ordering.cancel(order.pk, by=agency.acting_client(order.client), now=NOW, reason="活动取消")
    drain(NOW)
    again("tell_of_called_off", NOW)
    again("tell_of_release", NOW)
    assert heard("order.cancelled") == ["client", "dispatcher"]
    assert heard("assignment.released") == ["worker"]
    assert Notification.objects.filter(kind="order.cancelled").first().data["reason"] == "活动取消"  # type: ignore[union-attr]


def test_a_draft_thrown_away_concerns_nobody(agency: Agency) -> None:
    desk(agency)
    draft = agency.draft()
    ordering.cancel(draft.pk, by=agency.acting_client(draft.client), now=NOW, reason="写错了")
    drain(NOW)
    assert heard("order.cancelled") == []


def test_hours_and_what_is_said_about_them(agency: Agency) -> None:
    for _ in range(2):
        agency.worker()
    first, second = booked(agency, headcount=2)
    for work in (first, second):
        arrive(work)
        leave(work)
    now, by = first.end_at, agency.acting_client(first.position.shift.order.client)
    drain(now)
    assert heard("timesheet.waiting") == ["client"]
    timesheets.dispute(first.timesheet.pk, by=by, now=now, reason="早退")
    drain(now)
    timesheets.correct(first.timesheet.pk, 470, by=desk(agency), now=now, reason="已核实")
    drain(now)
    for subscriber in ("tell_of_dispute", "tell_of_correction", "tell_of_timesheet"):
        again(subscriber, now + hours(1))
    assert heard("timesheet.disputed") == ["dispatcher"]
    assert heard("timesheet.corrected") == ["client"]


def test_a_worker_whose_yes_came_takes_back_their_clashing_offers_once(agency: Agency) -> None:
    first = agency.worker()
    one = offering(agency)
    drain(NOW)
    second = agency.worker()
    other = offering(agency)
    # The same worker asked from two orders for the same hours, as a dispatcher might have arranged it.
    Offer.objects.filter(position__shift__order=other).update(worker=first)
    Position.objects.filter(shift__order=other).update(proposed_worker=first)
    mine = Offer.objects.get(position__shift__order=one)
    offers.accept(mine.pk, by=person(mine), now=NOW)
    drain(NOW)
    again("take_back_clashing", NOW)
    statuses = Offer.objects.filter(position__shift__order=other).order_by("pk").values_list("status", "worker")
    assert list(statuses) == [(OfferStatus.WITHDRAWN, first.pk), (OfferStatus.PENDING, second.pk)]


@pytest.mark.parametrize("title", ["大促\n在线客服", "大促\r\n在线客服"])
def test_a_title_of_two_lines_still_reaches_the_mailbox(agency: Agency, title: str) -> None:
    worker = agency.worker()
    type(worker.user).objects.filter(pk=worker.user_id).update(email="w@agency.example")
    offering(agency, title=title)
    drain(NOW)
    assert [message.subject for message in mail.outbox] == ["新派单：大促 在线客服"]
    assert not OutboxMessage.objects.exclude(last_error="").exists()
