"""The week board: what it shows of whom, in how many queries, and who may take what."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from orders.models import Assignment, Offer, Position
from orders.services import attendance, offers, ordering
from orders.services.ordering import ShiftSpec
from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW, Agency
from tests.orders.views.desk_scene import booked, proposed, url
from workers.models import AvailabilityException, Worker

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(agency: Agency, client: Browser) -> Browser:
    client.force_login(agency.dispatcher(name="林调度"))
    return client


def page(desk: Browser, **asked) -> str:
    answer = desk.get(url("desk-week"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def chips(desk: Browser, **asked) -> dict[tuple[int, int], list[str]]:
    """Kinds by (worker, day)."""
    rows = desk.get(url("desk-week"), asked).context["slice"].rows
    return {
        (row.worker.pk, cell.day): [chip.kind for chip in cell.chips]
        for row in rows
        for cell in row.cells
        if cell.chips
    }


def test_a_choice_an_offer_and_a_booking_stand_on_their_day(agency, desk):
    order = proposed(agency, people=1)
    who = Position.objects.get(shift__order=order).proposed_worker_id
    assert chips(desk) == {(who, 1): ["proposed"]}
    ordering.confirm(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    assert chips(desk) == {(who, 1): ["offered"]}
    offer = Offer.objects.get()
    offers.accept(offer.pk, by=actor_of(offer.worker.user), now=NOW)
    assert chips(desk) == {(who, 1): ["booked"]}
    assert "09:00–17:00" in page(desk)


def test_arrivals_and_absences_are_marked_and_cannot_be_moved(agency, desk):
    work = booked(agency, people=2, headcount=2, start=NOW + HOUR)
    other = Assignment.objects.exclude(pk=work.pk).get()
    by = actor_of(agency.dispatcher())
    attendance.check_in(work.pk, by=by, now=NOW, reason="手机没电")
    attendance.declare_absent(other.pk, NOW + 2 * HOUR, by=by)
    found = [chip for row in desk.get(url("desk-week")).context["slice"].rows for c in row.cells for chip in c.chips]
    assert {(chip.worker_id, chip.kind, chip.movable) for chip in found} == {
        (work.worker_id, "here", False),
        (other.worker_id, "missed", False),
    }


def test_a_shift_over_midnight_says_so_and_counts_in_both_weeks(agency, desk):
    sunday = NOW + 6 * DAY + 13 * HOUR
    work = booked(agency, people=1, shifts=[ShiftSpec(sunday, sunday + 8 * HOUR, 1)])
    assert "22:00–次日 06:00" in page(desk)
    (row,) = desk.get(url("desk-week")).context["slice"].rows
    assert (row.minutes, [c.kind for c in row.cells[6].chips]) == (120, ["booked"])
    (row,) = desk.get(url("desk-week"), {"day": "2026-11-30"}).context["slice"].rows
    assert (row.minutes, row.cells[0].chips[0].span) == (360, "前日 22:00–06:00")
    assert row.worker.pk == work.worker_id


def test_unfilled_places_stand_on_top_a_chip_a_shift(agency, desk):
    agency.worker(skills={})
    proposed(agency, people=0, headcount=3)
    agency.submitted(headcount=2)
    cells = desk.get(url("desk-week")).context["open"]
    assert [cell.places for cell in cells] == [0, 5, 0, 0, 0, 0, 0]
    assert [(chip.count, chip.movable) for chip in cells[1].chips] == [(3, True), (2, False)]
    assert "×3" in page(desk)


def test_a_draft_and_a_cancelled_order_are_not_shown(agency, desk):
    agency.draft()
    gone = proposed(agency, people=1, start=NOW + 2 * DAY)
    ordering.cancel(gone.pk, by=actor_of(agency.dispatcher()), now=NOW, reason="客户取消")
    shown = desk.get(url("desk-week"))
    assert sum(cell.places for cell in shown.context["open"]) == 0
    assert not chips(desk)
    assert "这一周没有班次" in page(desk, view="places")


def test_people_are_filtered(agency, desk):
    busy = booked(agency, people=1)
    idle = agency.worker(windows=())
    left = agency.worker(status=Worker.Status.LEFT)
    away = agency.worker()
    AvailabilityException.objects.create(worker=away, kind="off", start_at=NOW - DAY, end_at=NOW + 8 * DAY)

    def shown(**asked) -> set[int]:
        return {row.worker.pk for row in desk.get(url("desk-week"), asked).context["slice"].rows}

    assert shown() == {busy.worker_id, idle.pk, away.pk}
    assert left.pk not in shown()
    assert shown(who="work") == {busy.worker_id}
    assert shown(who="free") == {busy.worker_id}
    assert shown(name=idle.user.name) == {idle.pk}
    assert shown(client=busy.position.shift.order.client_id) == {busy.worker_id}
    assert shown(city=agency.city.pk, skill=agency.skill.pk) == {busy.worker_id, idle.pk, away.pk}
    assert shown(city="9999", view="nonsense", day="yesterday") == {busy.worker_id, idle.pk, away.pk}
    assert "请假" in page(desk)


def test_hours_stand_beside_the_cap(agency, desk):
    person = agency.worker(contract=Worker.Contract.PART_TIME, weekly_cap_minutes=450)
    proposed(agency, people=0, shifts=[ShiftSpec(NOW + DAY, NOW + DAY + 5 * HOUR, 1)])
    (row,) = desk.get(url("desk-week")).context["slice"].rows
    assert (row.worker.pk, row.hours, row.cap_hours, row.over) == (person.pk, "5", "7.5", False)
    assert "5 / 7.5 小时" in page(desk)


def test_orders_by_day_show_every_place(agency, desk):
    work = booked(agency, people=1, headcount=2)
    shown = desk.get(url("desk-week"), {"view": "places"})
    (row,) = shown.context["slice"].rows
    (block,) = row.cells[1].blocks
    assert (block.filled, [chip.kind for chip in block.chips]) == (1, ["open", "booked"]) or (
        block.filled,
        [chip.kind for chip in block.chips],
    ) == (1, ["booked", "open"])
    assert work.worker.user.name in shown.content.decode()
    assert not desk.get(url("desk-week"), {"view": "places", "name": "没有这个"}).context["slice"].rows
    assert desk.get(url("desk-week"), {"view": "places", "who": "open"}).context["slice"].rows


def test_named_rows_are_drawn_anew(agency, desk):
    work = booked(agency, people=1)
    answer = desk.get(url("desk-week-rows"), {"only": f"{work.worker_id}"}, headers=HTMX)
    text = answer.content.decode()
    assert f'id="w{work.worker_id}"' in text
    assert 'id="week-open"' in text
    assert "<html" not in text
    order = work.position.shift.order_id
    text = desk.get(url("desk-week-rows"), {"view": "places", "only": f"{order}"}, headers=HTMX).content.decode()
    assert f'id="o{order}"' in text


def test_only_the_agency_sees_the_board(agency, client):
    client.force_login(agency.worker().user)
    assert client.get(url("desk-week")).status_code == 403
    client.force_login(agency.manager())
    assert client.get(url("desk-week")).status_code == 200
    assert client.post(url("desk-week")).status_code == 405
