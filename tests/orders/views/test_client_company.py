"""People, team, messages, members and rights in the client's room."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.models import ReviewCase
from orders.models import Assignment, Client, ClientMember, DoNotSend, Order, OrderMessage, TeamMember
from orders.services import members
from orders.services.members import Rights
from orders.states import AssignmentStatus, OrderStatus, TimesheetStatus
from staffing.core.models import Role, User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.client_room import arrive, drain, filled, leave
from workers.models import Worker

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
PHONE = "13712345678"


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def company(agency: Agency) -> Client:
    company = agency.client()
    company.members.update(may_manage=True)
    return company


@pytest.fixture
def http(agency: Agency, company: Client) -> Http:
    return enter(agency.member(company))


def enter(user: User) -> Http:
    http = Http()
    http.force_login(user)
    return http


def at(name: str, *args: int) -> str:
    return reverse(f"orders:{name}", args=args)


def served(agency: Agency, company: Client, headcount: int = 1) -> Order:
    for _ in range(headcount):
        agency.worker()
    order = filled(agency, company, NOW - timedelta(days=1), headcount=headcount)
    arrive(order, *([0] * headcount))
    leave(order)
    drain(order.ends_at)
    order.refresh_from_db()
    return order


def text(http: Http, url: str, **headers: str) -> str:
    answer = http.get(url, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def queries(http: Http, url: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        text(http, url, **headers)
    # The shifted clock is asked for in demo and tests alone.
    return sum("core_democlock" not in query["sql"] for query in caught)


PART = {"hx-request": "true"}
PAGES = [
    ("client-order", True, {}),
    ("client-order-live", True, PART),
    ("client-order-details", True, PART),
    ("client-order-history", True, PART),
    ("client-order-messages", True, PART),
    ("client-order-cancel", True, {}),
    ("client-order-amend", True, {}),
    ("client-people", False, {}),
    ("client-home", False, {}),
    ("client-today", False, PART),
    ("client-orders", False, {}),
    ("client-members", False, {}),
    ("client-company", False, {}),
]


@pytest.mark.parametrize(("name", "of_order", "headers"), PAGES)
def test_pages_cost_few_queries_whatever_is_on_them(
    agency: Agency, name: str, of_order: bool, headers: dict[str, str]
) -> None:
    costs = []
    for count in (1, 3):
        company = agency.client()
        company.members.update(may_manage=True)
        http = enter(agency.member(company))
        done = served(agency, company, headcount=count)
        for _ in range(count):
            agency.worker()
        running = filled(agency, company, NOW + timedelta(days=2), headcount=count)
        for each in range(count):
            agency.draft(company)
            user = User.objects.create_user(f"137{company.pk:04d}{each:04d}", None, name="x", role=Role.CLIENT)
            ClientMember.objects.create(user=user, client=company)
            for order in (done, running):
                OrderMessage.objects.create(
                    order=order, author=user, from_client=False, body="x", form_key=uuid.uuid4(), created_at=NOW
                )
        order = running if name in ("client-order-cancel", "client-order-amend") else done
        url = at(name, order.pk) if of_order else at(name)
        costs.append(queries(http, url, **headers))
    assert costs[0] == costs[1]
    assert costs[0] <= MOST_QUERIES


def test_one_click_approves_what_is_as_planned_and_leaves_the_rest(agency: Agency, http: Http, company: Client) -> None:
    for _ in range(3):
        agency.worker()
    order = filled(agency, company, NOW - timedelta(days=1))
    arrive(order, 0, 0, 9)
    leave(order)
    page = text(http, at("client-order", order.pk))
    assert "批准与计划一致的 2 份" in page
    http.post(at("client-hours-approve-all", order.pk))
    states = order.shifts.get().positions.values_list("assignments__timesheet__status", flat=True)
    assert sorted(states) == [TimesheetStatus.APPROVED, TimesheetStatus.APPROVED, TimesheetStatus.SUBMITTED]
    invoice = text(http, at("client-order-details", order.pk), **PART)
    assert ("¥360.00" in invoice, "尚未批准" in invoice) == (True, True)


def test_an_order_shows_its_cases_and_the_front_page_asks_for_the_word(
    agency: Agency, http: Http, company: Client
) -> None:
    order = served(agency, company)
    part = reverse("feedback:client-order-cases", args=[order.pk])
    assert text(http, part, **PART).strip() == ""
    from feedback.services import surveys
    from feedback.services.surveys import Answers

    survey = surveys.send(order.pk, NOW) or order.surveys.get()
    surveys.answer(survey.pk, Answers(1, 1, 1, 1), NOW)
    case = ReviewCase.objects.get()
    assert case.number in text(http, part, **PART)
    assert enter(agency.member(agency.client())).get(part).status_code == 404
    waiting = reverse("feedback:client-cases-waiting")
    assert case.number not in text(http, waiting, **PART)
    ReviewCase.objects.update(status="reported")
    assert case.number in text(http, waiting, **PART)


def test_a_person_is_shown_without_what_is_private(agency: Agency, http: Http, company: Client) -> None:
    served(agency, company)
    worker = Worker.objects.get()
    page = text(http, at("client-person", worker.pk))
    assert (worker.user.name in page, worker.user.phone in page) == (True, False)
    assert http.get(at("client-person", agency.worker().pk)).status_code == 404


def test_team_and_do_not_send_by_their_buttons(agency: Agency, http: Http, company: Client) -> None:
    served(agency, company)
    worker = Worker.objects.get()
    for _ in range(2):
        assert http.post(at("client-person-team", worker.pk)).status_code == 302
    assert TeamMember.objects.count() == 1
    assert "固定团队" in text(http, f"{at('client-people')}?group=team")
    refused = http.post(at("client-person-shun", worker.pk), {"reason": " "})
    assert (refused.status_code, DoNotSend.objects.exists()) == (422, False)
    for _ in range(2):
        http.post(at("client-person-shun", worker.pk), {"reason": "态度不好"})
    assert (DoNotSend.objects.get().reason, TeamMember.objects.exists()) == ("态度不好", False)
    assert "态度不好" in text(http, at("client-person", worker.pk))
    http.post(at("client-person-shun", worker.pk), {"undo": "1"})
    assert not DoNotSend.objects.exists()


def test_a_booked_person_who_is_not_to_come_is_replaced_on_request(agency: Agency, http: Http, company: Client) -> None:
    agency.worker()
    filled(agency, company, NOW + timedelta(days=1), headcount=1)
    work = Assignment.objects.get()
    url = at("client-replace", work.pk)
    assert http.post(url).status_code == 409
    http.post(at("client-person-shun", work.worker_id), {"reason": "态度不好"})
    assert url in text(http, at("client-person", work.worker_id))
    for _ in range(2):
        assert http.post(url).status_code == 302
    work.refresh_from_db()
    assert work.status == AssignmentStatus.RELEASED
    assert enter(agency.member(agency.client())).post(url).status_code == 404


def test_a_word_goes_to_the_desk_and_back(agency: Agency, http: Http, company: Client) -> None:
    order = agency.submitted(company)
    url, key = at("client-order-messages", order.pk), str(uuid.uuid4())
    for _ in range(2):
        answer = http.post(url, {"body": "入口在南门", "form_key": key}, headers=PART)
        assert (answer.status_code, "入口在南门" in answer.content.decode()) == (200, True)
    assert OrderMessage.objects.count() == 1
    desk, there = enter(agency.dispatcher()), at("desk-order-messages", order.pk)
    first = text(desk, there, **PART)
    assert (first.count("pill-danger"), "与客户留言" in first) == (1, True)
    assert text(desk, there, **PART).count("pill-danger") == 0
    plain = desk.post(there, {"body": "收到", "form_key": str(uuid.uuid4())})
    assert plain["Location"] == f"{at('desk-order', order.pk)}#messages"
    assert "1 条新留言" in text(http, at("client-home"))
    assert "已读" in text(http, url, **PART)
    assert "新留言" not in text(http, at("client-home"))


@pytest.mark.parametrize("body", ["  ", "长" * 1001])
def test_a_word_that_cannot_be_sent_is_kept(agency: Agency, http: Http, company: Client, body: str) -> None:
    order = agency.submitted(company)
    answer = http.post(
        at("client-order-messages", order.pk), {"body": body, "form_key": str(uuid.uuid4())}, headers=PART
    )
    assert (answer.status_code, body.strip() in answer.content.decode()) == (422, True)
    assert not OrderMessage.objects.exists()


def test_words_of_others_are_not_read(agency: Agency, http: Http) -> None:
    order = agency.submitted()
    assert http.get(at("client-order-messages", order.pk)).status_code == 404
    draft = agency.draft()
    assert enter(agency.dispatcher()).get(at("desk-order-messages", draft.pk)).status_code == 404


def invited(http: Http, **fields: str) -> str:
    """Invite somebody; the link as it is shown, once."""
    given = {"name": "林知夏", "phone": PHONE, "email": "", "may_approve": "on"} | fields
    assert http.post(at("client-member-invite"), given).status_code == 302
    page = text(http, at("client-members"))
    assert "invitation-link" not in text(http, at("client-members"))
    return "/join/" + re.search(r"/join/([^<\"]+)", page)[1]  # type: ignore[index]


def test_somebody_is_invited_sets_a_password_and_sees_what_their_rights_allow(
    agency: Agency, http: Http, company: Client
) -> None:
    order = served(agency, company)
    link, nobody = invited(http), Http()
    assert nobody.post(link, {"new_password1": "a-b-c-8-long", "new_password2": "other"}).status_code == 422
    done = nobody.post(link, {"new_password1": "a-b-c-8-long", "new_password2": "a-b-c-8-long"})
    assert done["Location"] == reverse("login")
    assert nobody.get(link).status_code == 404
    assert User.objects.get(phone=PHONE).check_password("a-b-c-8-long")
    theirs = enter(User.objects.get(phone=PHONE))
    assert theirs.get(at("client-members")).status_code == 403
    assert theirs.post(at("client-hours-approve-all", order.pk)).status_code == 302
    assert theirs.post(at("client-order-submit", agency.draft(company).pk)).status_code == 403
    assert at("client-new") not in text(theirs, at("client-home"))


def test_an_invitation_that_cannot_be_keeps_what_was_typed(agency: Agency, http: Http, company: Client) -> None:
    invited(http)
    for phone in (PHONE, "123"):
        answer = http.post(at("client-member-invite"), {"name": "另一位", "phone": phone})
        page = answer.content.decode()
        assert (answer.status_code, "另一位" in page, "is-invalid" in page) == (422, True, True)


def test_rights_are_changed_and_logins_shut_out_by_managers_alone(agency: Agency, http: Http, company: Client) -> None:
    invited(http)
    other = ClientMember.objects.get(user__phone=PHONE)
    assert http.post(at("client-member", other.pk), {"may_order": "on"}).status_code == 302
    other.refresh_from_db()
    assert (other.may_order, other.may_approve) == (True, False)
    assert "/join/" in http.post(at("client-member-link", other.pk), follow=True).content.decode()
    for off in (True, True, False):
        http.post(at("client-member-active", other.pk), {"off": "1"} if off else {})
        other.user.refresh_from_db()
        assert other.user.is_active is not off
    theirs = enter(other.user)
    mine = company.members.exclude(pk=other.pk).get()
    for name in ("client-member", "client-member-link", "client-member-active"):
        assert theirs.post(at(name, mine.pk)).status_code == 403
    last = http.post(at("client-member", mine.pk), {})
    assert (last.status_code, "至少要有一位" in last.content.decode()) == (422, True)
    stranger = enter(agency.member(agency.client()))
    assert stranger.get(at("client-member", mine.pk)).status_code == 404


def test_who_was_shut_out_is_out_at_once(agency: Agency, http: Http, company: Client) -> None:
    user = members.invite(
        company, name="x", phone=PHONE, email="", rights=Rights(), by=agency.acting_client(company), now=NOW
    )
    theirs = enter(user)
    assert theirs.get(at("client-home")).status_code == 200
    http.post(at("client-member-active", user.membership.pk), {"off": "1"})
    assert theirs.get(at("client-home"))["Location"].startswith(reverse("login"))


def test_the_company_is_described_by_its_managers(agency: Agency, http: Http, company: Client) -> None:
    typed = {"profile": "开放式办公", "briefing": "提前十分钟到", "contact_email": "nowhere"}
    refused = http.post(at("client-company"), typed)
    assert (refused.status_code, "开放式办公" in refused.content.decode()) == (422, True)
    assert http.post(at("client-company"), typed | {"contact_email": "hr@client.example"}).status_code == 302
    company.refresh_from_db()
    assert (company.profile, company.contact_email) == ("开放式办公", "hr@client.example")
    company.members.update(may_manage=False)
    assert http.post(at("client-company"), typed).status_code == 403
    page = text(http, at("client-company"))
    assert ("开放式办公" in page, "<textarea" in page) == (True, False)


def test_a_right_that_is_missing_is_missing_in_the_api_too(agency: Agency, http: Http, company: Client) -> None:
    order, done = agency.submitted(company), served(agency, company)
    company.members.update(may_order=False, may_approve=False)
    for pk, deed in ((order.pk, "cancel"), (order.pk, "submit"), (done.pk, "approve-hours")):
        answer = http.post(
            f"/api/v1/orders/{pk}/{deed}/", {"reason": "x"} if deed == "cancel" else {}, "application/json"
        )
        assert (deed, answer.status_code) == (deed, 403)
    order.refresh_from_db()
    assert order.status != OrderStatus.CANCELLED
