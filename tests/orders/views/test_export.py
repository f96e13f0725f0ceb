"""The lists of desk and client as files: whose rows, under which filters, in a fixed number of queries."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from orders.models import Timesheet
from staffing.core.actors import actor_of
from staffing.core.models import OutboxMessage
from tests.access.scene import build
from tests.fixtures.agency import NOW, Agency

pytestmark = pytest.mark.django_db
DESK = ["/desk/export/", "/desk/today/export/", "/desk/outbox/export/", "/people/export/", "/cases/export/"]
CLIENT = ["/client/orders/export/", "/client/hours/export/", "/client/cases/export/"]


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def rows(browser: Browser, address: str, **query: str) -> list[list[str]]:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def enter(browser: Browser, user) -> Browser:
    browser.force_login(user)
    return browser


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_list_opens_in_both_forms_for_those_whose_list_it_is(agency, client, form):
    side = build(agency, actor_of(agency.dispatcher()))
    for addresses, users, strangers in (
        (DESK, [agency.dispatcher(), agency.manager()], side.users.values()),
        (CLIENT, [side.users["client"]], [agency.dispatcher(), side.users["worker"]]),
    ):
        for address in addresses:
            for user in users:
                answer = enter(client, user).get(address, {"format": form})
                assert answer.status_code == 200, address
                content = answer.getvalue()
                if form == "xlsx":
                    assert load_workbook(io.BytesIO(content)).worksheets[0].max_column > 5
            assert [enter(client, user).get(address).status_code for user in strangers] == [403] * len(strangers)
            assert enter(client, users[0]).get(address, {"format": "pdf"}).status_code == 404
            assert client.post(address).status_code == 405


def test_the_lists_own_filters_apply(agency, client):
    one, two = agency.submitted(title="双十一大促"), agency.submitted(title="夜班客服")
    desk = enter(client, agency.dispatcher())
    assert {row[0] for row in rows(desk, "/desk/export/")[1:]} == {one.number, two.number}
    assert [row[1] for row in rows(desk, "/desk/export/", text="大促")[1:]] == ["双十一大促"]
    assert rows(desk, "/desk/export/", state="completed")[1:] == []
    worker = agency.worker()
    assert [row[0] for row in rows(desk, "/people/export/", text=worker.user.name)[1:]] == [worker.user.name]
    assert worker.user.phone not in str(rows(desk, "/people/export/"))
    mine = enter(client, agency.member(one.client))
    assert [row[0] for row in rows(mine, "/client/orders/export/")[1:]] == [one.number]
    assert rows(mine, "/client/orders/export/", q="夜班")[1:] == []


def test_hours_are_the_companys_own_and_of_one_order_if_asked(agency, client):
    desk = actor_of(agency.dispatcher())
    sides = [build(agency, desk) for _ in range(2)]
    mine = enter(client, sides[0].users["client"])
    sheet = Timesheet.objects.get(pk=sides[0].ids["timesheet"])
    order = sheet.assignment.position.shift.order
    found = rows(mine, "/client/hours/export/")
    assert [row[0] for row in found[1:]] == [order.number]
    assert found[1][9] == str(sheet.amount)
    assert rows(mine, "/client/hours/export/", of=str(order.pk)) == found
    assert rows(mine, "/client/hours/export/", of=str(order.pk + 999))[1:] == []


def test_todays_trouble_and_the_messages_set_aside(agency, client):
    agency.submitted(start=NOW + timedelta(hours=2), headcount=2, remote=True, site=None)
    OutboxMessage.objects.filter(done_at=None).update(set_aside_at=NOW, last_error="=cmd")
    desk = enter(client, agency.dispatcher())
    assert [row[9] for row in rows(desk, "/desk/today/export/")[1:]] == ["2"]
    assert rows(desk, "/desk/today/export/", kind="no_show")[1:] == []
    assert desk.get("/desk/today/export/", {"format": "xlsx"}).getvalue()[:2] == b"PK"
    assert {row[6] for row in rows(desk, "/desk/outbox/export/")[1:]} == {"'=cmd"}


@pytest.mark.parametrize("address", DESK + CLIENT)
def test_the_queries_are_as_many_for_one_side_as_for_three(agency, client, address):
    desk = agency.dispatcher()
    first = build(agency, actor_of(desk))
    browser = enter(client, first.users["client"] if address in CLIENT else desk)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            build(agency, actor_of(desk))
            if address in CLIENT:
                agency.submitted(first.client)
        rows(browser, address)
        with CaptureQueriesContext(connection) as context:
            rows(browser, address)
        counts.append(len(context.captured_queries))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize(
    ("address", "export", "role"),
    [
        ("/people/", "/people/export/", "desk"),
        ("/cases/", "/cases/export/", "desk"),
        ("/desk/", "/desk/export/", "desk"),
        ("/desk/today/?kind=late", "/desk/today/export/?kind=late&amp;format=csv", "desk"),
        ("/client/orders/?q=x", "/client/orders/export/", "client"),
        ("/client/orders/", "/client/hours/export/", "client"),
        ("/client/cases/", "/client/cases/export/", "client"),
    ],
)
def test_the_page_of_a_list_leads_to_its_file(agency: Agency, client, address, export, role):
    side = build(agency, actor_of(agency.dispatcher()))
    user = agency.dispatcher() if role == "desk" else side.users["client"]
    if "q=" in address:
        agency.submitted(side.client, title="x")
    assert export in enter(client, user).get(address).content.decode()
