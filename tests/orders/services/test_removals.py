"""Somebody who is no longer sent: questions go to others by themselves, bookings by a dispatcher's one word."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from orders.models import Assignment, Offer, Position, Replacement
from orders.services import removals
from orders.states import AssignmentStatus, OfferStatus, PositionStatus
from staffing.core.actors import actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Notification, User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.orders.services.line import booked, days, desk, offering, proposed
from workers.models import Worker
from workers.services import proposals, standing_appeals
from workers.services.proposals import Verdict


def remove(agency: Agency, worker: Worker, kind: str = "suspend") -> None:
    row = proposals.make(worker.pk, kind, [{"code": "services", "have": "1", "need": "2"}], NOW)
    assert row is not None
    proposals.decide(row.pk, Verdict(True, "多次未到岗"), by=actor_of(agency.manager()), now=NOW)
    drain(NOW)


def told(user: User) -> list[dict[str, object]]:
    return list(Notification.objects.filter(user=user, kind="removal.holds").values_list("data", flat=True))


@pytest.mark.parametrize("kind", ["suspend", "leave"])
def test_who_is_asked_or_proposed_is_passed_over_at_once(agency: Agency, kind: str) -> None:
    worker, desk_user = agency.worker(), agency.dispatcher()
    asked, meant = offering(agency), proposed(agency)
    other = agency.worker()
    remove(agency, worker, kind)
    assert Offer.objects.get(worker=worker).status == OfferStatus.WITHDRAWN
    assert Offer.objects.get(position__shift__order=asked, status=OfferStatus.PENDING).worker == other
    place = Position.objects.get(shift__order=meant)
    assert place.proposed_worker_id != worker.pk
    assert told(desk_user) == []


def test_bookings_stay_and_the_desk_hears_of_them_then_releases_them_in_one_step(agency: Agency) -> None:
    worker = agency.worker()
    works = booked(agency, shifts=days(4, 4))
    desk_user = User.objects.get(role="dispatcher")
    remove(agency, worker)
    assert {work.status for work in Assignment.objects.all()} == {AssignmentStatus.BOOKED}
    assert told(desk_user) == [{"worker": worker.user.name, "n": len(works)}]

    browser = Browser()
    browser.force_login(desk_user)
    page = browser.get(reverse("orders:desk-person-shifts", args=[worker.pk])).content.decode()
    assert "还占着 2 个班次" in page
    url = reverse("orders:desk-person-release", args=[worker.pk])
    assert browser.post(url, {"reason": " "}).status_code == 422
    for _ in range(2):
        assert browser.post(url, {"reason": "已暂停"}).status_code == 302
    assert {work.status for work in Assignment.objects.all()} == {AssignmentStatus.RELEASED}
    assert Replacement.objects.filter(lost__in=works).count() == len(works)
    assert "还占着" not in browser.get(reverse("orders:desk-person-shifts", args=[worker.pk])).content.decode()


def test_while_an_appeal_is_open_nothing_is_released(agency: Agency) -> None:
    worker = agency.worker()
    booked(agency)
    remove(agency, worker)
    removed = worker.proposals.get()
    standing_appeals.file(removed, by=actor_of(worker.user), now=NOW, text="已请假")
    with pytest.raises(Conflict):
        removals.release_all(worker.pk, by=desk(agency), now=NOW, reason="已暂停")
    assert removals.leave(worker.pk, NOW) == 0
    assert Assignment.objects.get().status == AssignmentStatus.BOOKED


def test_it_needs_a_reason(agency: Agency) -> None:
    worker = agency.worker()
    remove(agency, worker)
    with pytest.raises(Invalid):
        removals.release_all(worker.pk, by=desk(agency), now=NOW, reason=" ")


def test_places_to_which_nobody_said_yes_are_left_alone(agency: Agency) -> None:
    worker = agency.worker()
    order = proposed(agency)
    removals.pass_over(agency.worker(), now=NOW, reason="x")
    place = Position.objects.get(shift__order=order)
    assert (place.status, place.proposed_worker) == (PositionStatus.PROPOSED, worker)


def test_the_phone_says_so_where_work_is_looked_for(agency: Agency) -> None:
    worker = agency.worker()
    phone = Browser()
    phone.force_login(worker.user)
    urls = [reverse(f"orders:{name}") for name in ("my-today", "my-offers", "my-open")]
    assert not any("您目前不在派单名单" in phone.get(url).content.decode() for url in urls)
    remove(agency, worker)
    assert all("您目前不在派单名单" in phone.get(url).content.decode() for url in urls)
