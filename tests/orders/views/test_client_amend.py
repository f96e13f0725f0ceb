"""Changing and calling off an order in the client's room: the cost is said before, and never more is taken."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client as Http
from django.urls import reverse

from orders.models import Client, Order
from orders.services import offers
from orders.states import OfferStatus, OrderStatus
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.client_room import arrive, filled, person
from tests.orders.services.line import hours, minutes, offering

pytestmark = pytest.mark.django_db
BEGINS = NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def present() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def company(agency: Agency) -> Client:
    return agency.client()


@pytest.fixture
def http(agency: Agency, company: Client) -> Http:
    http = Http()
    http.force_login(agency.member(company))
    return http


def cancelling(order: Order) -> str:
    return reverse("orders:client-order-cancel", args=[order.pk])


def amending(order: Order) -> str:
    return reverse("orders:client-order-amend", args=[order.pk])


def full(agency: Agency, company: Client, headcount: int = 2, begins: datetime = BEGINS) -> Order:
    for _ in range(headcount):
        agency.worker()
    return filled(agency, company, begins, headcount=headcount)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the page's form, but for its buttons."""
    form = page[page.index("<form", page.index('id="main"')) : page.index("</form>", page.index('id="main"'))]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") != "checkbox" or "checked" in tag:
            found[given.get("name", "")] = given.get("value", "")
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', form, re.S):
        found[name] = text
    return found


def opened(http: Http, order: Order, **typed: Any) -> dict[str, Any]:
    """The form as it is opened, with some fields typed over."""
    return fields_of(http.get(amending(order)).content.decode()) | typed


def preview(http: Http, order: Order, **typed: Any) -> tuple[int, str]:
    answer = http.post(amending(order), opened(http, order, **typed) | {"action": "preview"})
    return answer.status_code, answer.content.decode()


def test_calling_off_long_before_is_free_and_says_so(agency: Agency, http: Http, company: Client) -> None:
    order = full(agency, company)
    page = http.get(cancelling(order)).content.decode()
    assert "取消订单（免费）" in page
    assert http.post(cancelling(order), {"reason": "改期", "agreed": "0.00"}).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.cancel_fee) == (OrderStatus.CANCELLED, Decimal(0))


def test_calling_off_late_says_the_cost_and_takes_it(
    agency: Agency, http: Http, company: Client, present: time_machine.Traveller
) -> None:
    order = full(agency, company)
    present.move_to(BEGINS - hours(5), tick=False)
    page = http.get(cancelling(order)).content.decode()
    assert "取消订单并支付 ¥108.00" in page
    answer = http.post(cancelling(order), fields_of(page) | {"reason": "改期"})
    assert answer.status_code == 302
    order.refresh_from_db()
    assert order.cancel_fee == Decimal("108.00")
    assert "¥108.00" in http.get(reverse("orders:client-order", args=[order.pk])).content.decode()


def test_a_cost_that_has_risen_is_shown_before_anything_happens(
    agency: Agency, http: Http, company: Client, present: time_machine.Traveller
) -> None:
    order = full(agency, company)
    shown = fields_of(http.get(cancelling(order)).content.decode())
    present.move_to(BEGINS - hours(5), tick=False)
    answer = http.post(cancelling(order), shown | {"reason": "改期"})
    page = answer.content.decode()
    assert (answer.status_code, "取消订单并支付 ¥108.00" in page, "改期" in page) == (409, True, True)
    order.refresh_from_db()
    assert order.status == OrderStatus.FILLED
    assert http.post(cancelling(order), fields_of(page)).status_code == 302


def test_what_was_never_shown_is_not_agreed_to(
    agency: Agency, http: Http, company: Client, present: time_machine.Traveller
) -> None:
    order = full(agency, company)
    present.move_to(BEGINS - hours(5), tick=False)
    assert http.post(cancelling(order), {"reason": "改期"}).status_code == 409


def test_an_ended_order_has_nothing_to_call_off(agency: Agency, http: Http, company: Client) -> None:
    order = full(agency, company, 1, NOW + minutes(30))
    arrive(order, 0)
    assert http.get(cancelling(order)).status_code == 409
    other = agency.submitted(company)
    http.post(cancelling(other), {"reason": "x"})
    assert http.get(cancelling(other)).status_code == 302


def test_the_preview_names_people_and_money_and_applying_does_it(
    agency: Agency, http: Http, company: Client, present: time_machine.Traveller
) -> None:
    order = full(agency, company)
    present.move_to(BEGINS - hours(5), tick=False)
    status, page = preview(http, order, **{"shift-0-headcount": "1", "title": "新标题"})
    gone = [
        w for w in order.shifts.get().positions.values_list("assignments__worker__user__name", flat=True) if w in page
    ]
    assert (status, len(gone), "确认修改并支付 ¥54.00" in page, "新标题" in page) == (200, 1, True, True)
    order.refresh_from_db()
    assert order.title != "新标题"
    answer = http.post(amending(order), fields_of(page) | {"action": "apply"})
    assert answer["Location"] == reverse("orders:client-order", args=[order.pk])
    order.refresh_from_db()
    assert (order.title, order.cancel_fee, order.shifts.get().headcount) == ("新标题", Decimal("54.00"), 1)
    http.post(amending(order), fields_of(page) | {"action": "apply"})
    order.refresh_from_db()
    assert order.cancel_fee == Decimal("54.00")


def test_a_yes_in_between_brings_the_preview_back(agency: Agency, http: Http) -> None:
    agency.worker()
    agency.worker()
    order = offering(agency, headcount=2)
    http.force_login(agency.member(order.client))
    _status, page = preview(http, order, **{"shift-0-headcount": "1"})
    assert "不再需要" not in page
    for offer in order.shifts.get().positions.values_list("offers", flat=True):
        one = offers.Offer.objects.get(pk=offer, status=OfferStatus.PENDING)
        offers.accept(one.pk, by=person(one), now=NOW)
    answer = http.post(amending(order), fields_of(page) | {"action": "apply"})
    again = answer.content.decode()
    assert (answer.status_code, "不再需要" in again) == (409, True)
    assert http.post(amending(order), fields_of(again) | {"action": "apply"}).status_code == 302


def test_a_shift_more_keeps_what_was_typed_and_comes_a_day_later(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    answer = http.post(amending(order), opened(http, order, title="改了一半") | {"action": "add"})
    found = fields_of(answer.content.decode())
    assert (answer.status_code, found["title"], found["shift-1-shift"]) == (200, "改了一半", "")
    assert (found["shift-0-date"], found["shift-1-date"]) == ("2026-11-24", "2026-11-25")
    _status, page = preview(http, order, **found)
    http.post(amending(order), fields_of(page) | {"action": "apply"})
    assert order.shifts.count() == 2


def test_a_moved_shift_is_said_to_be_two_things(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    _status, page = preview(http, order, **{"shift-0-date": "2026-11-28"})
    assert ("原时间取消" in page, "改到此时间" in page) == (True, True)


def test_bad_input_keeps_what_was_typed(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    status, page = preview(http, order, **{"shift-0-headcount": "0", "title": "改了一半"})
    assert (status, "改了一半" in page, "is-invalid" in page) == (422, True, True)
    status, page = preview(http, order, **{"shift-0-gone": "on", "title": "改了一半"})
    assert (status, "改了一半" in page, "请至少保留一个班次" in page) == (422, True, True)


def test_nothing_changed_is_said(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    assert "没有任何更改" in preview(http, order)[1]


def test_somebody_elses_change_is_shown_first(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    stale = opened(http, order, title="旧的")
    _status, page = preview(http, order, title="新的")
    http.post(amending(order), fields_of(page) | {"action": "apply"})
    answer = http.post(amending(order), stale | {"action": "preview"})
    assert (answer.status_code, fields_of(answer.content.decode())["title"]) == (409, "新的")


def test_a_shift_at_hand_is_shown_but_locked(
    agency: Agency, http: Http, company: Client, present: time_machine.Traveller
) -> None:
    order = full(agency, company)
    present.move_to(BEGINS - minutes(30), tick=False)
    page = http.get(amending(order)).content.decode()
    assert "已开始的班次不能修改" in page
    assert preview(http, order, title="仍可改标题")[0] == 200
    assert preview(http, order, **{"shift-0-headcount": "1"})[0] == 422


def test_a_draft_is_changed_in_its_own_form(agency: Agency, http: Http, company: Client) -> None:
    order = agency.draft(company)
    assert http.get(amending(order))["Location"] == reverse("orders:client-order-edit", args=[order.pk])


def test_only_who_may_order_changes_and_calls_off(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    company.members.update(may_order=False)
    for url in (cancelling(order), amending(order)):
        assert (http.get(url).status_code, http.post(url, {"reason": "x"}).status_code) == (403, 403)
    page = http.get(reverse("orders:client-order", args=[order.pk])).content.decode()
    assert (cancelling(order) in page, amending(order) in page) == (False, False)
    order.refresh_from_db()
    assert order.status == OrderStatus.SUBMITTED


def test_anothers_order_does_not_exist(agency: Agency, http: Http) -> None:
    order = agency.submitted()
    for url in (cancelling(order), amending(order)):
        assert (http.get(url).status_code, http.post(url, {"reason": "x"}).status_code) == (404, 404)
