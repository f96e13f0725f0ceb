"""The client's room: who may open what, what each press does, and what a page costs in queries."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Client, Order, Timesheet
from orders.services import ordering
from orders.states import OrderStatus, TimesheetStatus
from staffing.core.models import AuditEvent, Role
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.client_room import arrive, drain, filled, leave

pytestmark = pytest.mark.django_db

PLAIN = ("client-home", "client-today", "client-orders", "client-new")
OF_ORDER = ("client-order", "client-order-live", "client-order-again", "client-order-edit")
POSTS_OF_ORDER = ("client-order-submit", "client-order-cancel", "client-hours-approve-all")
POSTS_OF_HOURS = ("client-hours-approve", "client-hours-dispute")


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def company(agency: Agency) -> Client:
    return agency.client()


@pytest.fixture
def http(agency: Agency, company: Client) -> Http:
    """A browser in which the company's member is logged in."""
    return logged_in(agency, company)


def logged_in(agency: Agency, company: Client) -> Http:
    http = Http()
    http.force_login(agency.member(company))
    return http


def at(name: str, *args: int) -> str:
    return reverse(f"orders:{name}", args=args)


def served(agency: Agency, company: Client, headcount: int = 1) -> Order:
    """An order that ended yesterday, its hours waiting."""
    for _ in range(headcount):
        agency.worker()
    order = filled(agency, company, NOW - timedelta(days=1), headcount=headcount)
    arrive(order, *([0] * headcount))
    leave(order)
    drain(order.ends_at)
    order.refresh_from_db()
    return order


def sheet_of(order: Order) -> Timesheet:
    return Timesheet.objects.get(assignment__position__shift__order=order)


@pytest.mark.parametrize("role", [Role.DISPATCHER, Role.WORKER, Role.MANAGER])
def test_other_roles_are_refused_everywhere(agency: Agency, role: Role) -> None:
    http, order = Http(), agency.draft()
    http.force_login(agency.user(role))
    pages = [*(at(name) for name in PLAIN), *(at(name, order.pk) for name in OF_ORDER)]
    presses = [at("client-cost"), *(at(name, 1) for name in (*POSTS_OF_ORDER, *POSTS_OF_HOURS))]
    assert {http.get(url).status_code for url in pages} == {403}
    assert {http.post(url).status_code for url in presses} == {403}


def test_strangers_are_led_to_the_login(agency: Agency) -> None:
    answer = Http().get(at("client-home"))
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('login')}?next={at('client-home')}")


def test_another_companys_things_do_not_exist(agency: Agency, http: Http) -> None:
    theirs = served(agency, agency.client())
    sheet = sheet_of(theirs)
    assert {http.get(at(name, theirs.pk)).status_code for name in OF_ORDER} == {404}
    assert {http.post(at(name, theirs.pk), {"reason": "x"}).status_code for name in POSTS_OF_ORDER} == {404}
    assert {http.post(at(name, sheet.pk), {"reason": "x"}).status_code for name in POSTS_OF_HOURS} == {404}
    assert sheet_of(theirs).status == TimesheetStatus.SUBMITTED
    assert theirs.number not in http.get(at("client-orders")).content.decode()


def test_wrong_methods_are_refused(http: Http) -> None:
    posts = (*POSTS_OF_ORDER, *POSTS_OF_HOURS)
    assert {http.get(at(name, 1)).status_code for name in posts if name != "client-order-cancel"} == {405}
    assert http.get(at("client-cost")).status_code == 405
    assert {http.post(at(name, 1)).status_code for name in OF_ORDER} == {405}
    assert {http.post(at(name)).status_code for name in PLAIN if name != "client-new"} == {405}


def test_someone_without_a_company_finds_nothing(agency: Agency) -> None:
    http = Http()
    http.force_login(agency.user(Role.CLIENT))
    assert http.get(at("client-new")).status_code == 404
    assert http.get(at("client-home")).status_code == 200


def test_a_new_client_is_led_to_the_first_order(http: Http) -> None:
    page = http.get(at("client-home")).content.decode()
    main = page[page.index('id="main"') : page.index("</main>")]
    assert (main.count("btn btn-primary"), main.count(f'href="{at("client-new")}"')) == (1, 1)


def test_home_shows_what_waits_what_runs_and_what_is_ahead(agency: Agency, http: Http, company: Client) -> None:
    done, draft = served(agency, company), agency.draft(company)
    running = filled(agency, company, NOW - timedelta(hours=1), headcount=1)
    ahead = agency.submitted(company)
    page = http.get(at("client-home")).content.decode()
    assert f"{at('client-order', done.pk)}#hours" in page
    assert all(order.number in page for order in (draft, running, ahead))
    assert "0/1 已到岗" in page
    assert http.get(at("client-today")).content.decode().count("<tr>") == 2


def test_draft_is_submitted_once(agency: Agency, http: Http, company: Client) -> None:
    draft = agency.draft(company)
    for _ in range(2):
        answer = http.post(at("client-order-submit", draft.pk))
        assert answer["Location"] == at("client-order", draft.pk)
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at) == (OrderStatus.SUBMITTED, NOW)
    assert AuditEvent.objects.filter(order_id=draft.pk, action="submit").count() == 1


def test_a_draft_whose_time_has_passed_says_so_on_its_page(agency: Agency, http: Http, company: Client) -> None:
    draft = agency.draft(company, now=NOW - timedelta(days=3), start=NOW - timedelta(days=1))
    url = at("client-order", draft.pk)
    answer = http.post(at("client-order-submit", draft.pk), headers={"referer": f"http://testserver{url}"})
    assert answer["Location"].endswith(url)
    assert [str(each) for each in get_messages(answer.wsgi_request)] == ["班次开始时间已过。"]


def test_cancelling_needs_a_reason_and_happens_once(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    refused = http.post(at("client-order-cancel", order.pk), {"reason": "  "})
    assert refused.status_code == 422
    assert "id_reason_error" in refused.content.decode()
    for _ in range(2):
        assert http.post(at("client-order-cancel", order.pk), {"reason": "活动延期"}).status_code == 302
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    assert "活动延期" in http.get(at("client-order-history", order.pk)).content.decode()
    assert at("client-order-cancel", order.pk) not in http.get(at("client-order", order.pk)).content.decode()


def test_an_order_in_service_offers_no_cancelling(agency: Agency, http: Http, company: Client) -> None:
    agency.worker()
    order = filled(agency, company, NOW - timedelta(hours=1), headcount=1)
    arrive(order, 0)
    assert at("client-order-cancel", order.pk) not in http.get(at("client-order", order.pk)).content.decode()
    answer = http.post(at("client-order-cancel", order.pk), {"reason": "不要了"})
    assert answer.status_code == 409
    order.refresh_from_db()
    assert order.status == OrderStatus.IN_SERVICE


def test_hours_are_approved_one_by_one_and_together(agency: Agency, http: Http, company: Client) -> None:
    order = served(agency, company, headcount=3)
    sheets = Timesheet.objects.order_by("pk")
    for _ in range(2):
        assert http.post(at("client-hours-approve", sheets[0].pk)).status_code == 302
    assert list(sheets.values_list("status", flat=True)) == ["approved", "submitted", "submitted"]
    for _ in range(2):
        assert http.post(at("client-hours-approve-all", order.pk)).status_code == 302
    assert set(sheets.values_list("status", flat=True)) == {"approved"}
    assert AuditEvent.objects.filter(subject_type="timesheet", action="approve").count() == 3


def test_hours_are_disputed_with_a_reason(agency: Agency, http: Http, company: Client) -> None:
    sheet = sheet_of(served(agency, company))
    field = f"sheet{sheet.pk}-reason"
    refused = http.post(at("client-hours-dispute", sheet.pk), {field: ""})
    assert refused.status_code == 422
    assert f"id_{field}_error" in refused.content.decode()
    for _ in range(2):
        assert http.post(at("client-hours-dispute", sheet.pk), {field: "早退一小时"}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.status, sheet.dispute) == (TimesheetStatus.DISPUTED, "早退一小时")


def test_approved_hours_cannot_be_disputed(agency: Agency, http: Http, company: Client) -> None:
    sheet = sheet_of(served(agency, company))
    http.post(at("client-hours-approve", sheet.pk))
    assert http.post(at("client-hours-dispute", sheet.pk), {f"sheet{sheet.pk}-reason": "x"}).status_code == 409


def test_live_part_stops_asking_when_all_is_over(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    url = at("client-order-live", order.pk)
    assert "every 5s" in http.get(url).content.decode()
    ordering.cancel(order.pk, by=agency.acting_client(company), now=NOW, reason="不要了")
    assert "every 5s" not in http.get(url).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"早班客服", "夜班导购"}),
        ({"q": "导购"}, {"夜班导购"}),
        ({"state": "draft"}, {"早班客服"}),
        ({"since": "2026-11-30"}, {"夜班导购"}),
        ({"until": "2026-11-30"}, {"早班客服"}),
        ({"q": "没有的"}, set()),
        ({"since": "什么"}, {"早班客服", "夜班导购"}),
    ],
)
def test_orders_are_filtered(
    agency: Agency, http: Http, company: Client, query: dict[str, str], found: set[str]
) -> None:
    agency.draft(company, title="早班客服")
    agency.submitted(company, title="夜班导购", start=NOW + timedelta(days=20))
    page = http.get(at("client-orders"), query).content.decode()
    assert {title for title in ("早班客服", "夜班导购") if title in page} == found


def test_an_order_is_found_by_its_number(agency: Agency, http: Http, company: Client) -> None:
    first, second = agency.draft(company), agency.draft(company)
    page = http.get(at("client-orders"), {"q": first.number.lower()}).content.decode()
    assert (at("client-order", first.pk) in page, at("client-order", second.pk) in page) == (True, False)


def test_long_lists_come_in_pages(agency: Agency, http: Http, company: Client) -> None:
    orders = [agency.draft(company) for _ in range(21)]
    assert orders[0].number not in http.get(at("client-orders")).content.decode()
    assert orders[0].number in http.get(at("client-orders"), {"page": "2"}).content.decode()


def queries(http: Http, url: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert http.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", PLAIN)
def test_lists_cost_the_same_for_one_and_three_orders(agency: Agency, name: str) -> None:
    costs = []
    for count in (1, 3):
        company = agency.client()
        http = logged_in(agency, company)
        for _ in range(count):
            served(agency, company)
            agency.draft(company)
            agency.submitted(company)
            agency.worker()
            filled(agency, company, NOW - timedelta(hours=1), headcount=1)
        costs.append(queries(http, at(name)))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("name", ["client-order", "client-order-live", "client-order-again"])
def test_an_order_costs_the_same_for_one_and_three_people(
    agency: Agency, http: Http, company: Client, name: str
) -> None:
    one, three = served(agency, company), served(agency, company, headcount=3)
    assert queries(http, at(name, one.pk)) == queries(http, at(name, three.pk))
