"""Complaints on pages: whose they are, what they show to whom, and that nothing typed is lost."""

import io
import uuid
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from feedback.models import Complaint, ReviewCase
from feedback.services import complaints
from feedback.services.complaints import About, Words
from orders.models import Assignment
from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.feedback.stories import ENDED, Scene, scene

SAID = {"category": "cost", "severity": "2", "text": "多收了两小时 <b>"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ENDED, tick=False) as travel:
        yield travel


@pytest.fixture
def told(agency) -> Scene:
    return scene(agency)


def as_user(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def form(**more: Any) -> dict[str, Any]:
    return SAID | {"form_key": str(uuid.uuid4())} | more


def of_worker(told: Scene, **more: Any) -> Complaint:
    work = Assignment.objects.select_related("worker__user").earliest("pk")
    about = About(told.company, told.order, work)
    by = actor_of(work.worker.user)
    return complaints.file(about, Words("attitude", 2, "现场主管骂人"), by=by, now=ENDED, key=uuid.uuid4(), **more)


def test_a_client_complains_about_an_order_and_sees_what_becomes_of_it(told):
    browser = as_user(told.member)
    page = browser.get(f"/client/complaints/new/?order={told.order.pk}").content.decode()
    assert f'<option value="{told.order.pk}" selected>' in page
    sent = form(order=told.order.pk)
    for _again in range(2):
        assert browser.post("/client/complaints/new/", sent).status_code == 302
    found = Complaint.objects.get()
    assert (found.order, found.category, found.severity) == (told.order, "cost", 2)
    page = browser.get("/client/complaints/").content.decode()
    assert told.order.number in page
    assert "¥" in browser.get(f"/client/complaints/{found.pk}/").content.decode()


def test_nothing_typed_is_lost(told):
    answer = as_user(told.member).post("/client/complaints/new/", form(severity="9"))
    assert answer.status_code == 422
    assert "多收了两小时 &lt;b&gt;" in answer.content.decode()
    assert not Complaint.objects.exists()


def test_anothers_order_and_complaint_do_not_exist(told, agency):
    stranger = agency.member(agency.client())
    answer = as_user(stranger).post("/client/complaints/new/", form(order=told.order.pk))
    assert answer.status_code == 422
    found = complaints.file(About(told.company), Words("other", 1, "x"), by=told.client, now=ENDED, key=uuid.uuid4())
    assert as_user(stranger).get(f"/client/complaints/{found.pk}/").status_code == 404


def test_a_worker_complains_about_a_shift_and_reads_the_answer(told):
    work = Assignment.objects.select_related("worker__user").earliest("pk")
    browser = as_user(work.worker.user)
    assert told.company.name in browser.get(f"/my/complaints/new/?shift={work.pk}").content.decode()
    answer = browser.post("/my/complaints/new/", form(assignment=work.pk))
    assert answer.status_code == 302
    found = Complaint.objects.get()
    assert (found.assignment, found.client, found.may_name) == (work, told.company, False)
    found.case.rounds.update(report="已与客户沟通", reported_at=ENDED)
    assert "已与客户沟通" in browser.get("/my/complaints/").content.decode()


def test_a_worker_names_no_shift_of_others(told):
    mine, other = Assignment.objects.select_related("worker__user").order_by("pk")
    answer = as_user(mine.worker.user).post("/my/complaints/new/", form(assignment=other.pk))
    assert answer.status_code == 422
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("may_name", [True, False])
def test_what_a_worker_said_is_not_among_the_clients(told, may_name):
    found = of_worker(told, may_name=may_name)
    browser = as_user(told.member)
    for url in ("/client/complaints/", "/client/cases/"):
        page = browser.get(url).content.decode()
        assert found.text not in page
        assert found.reporter and found.reporter.name not in page
    assert browser.get(f"/client/complaints/{found.pk}/").status_code == 404
    assert browser.get(f"/client/cases/{found.case.pk}/").status_code == 404


def test_a_dispatcher_writes_a_call_down(told):
    browser = as_user(told.dispatcher)
    sent = form(client=told.company.pk, order=told.order.number.lower(), caller="张经理")
    answer = browser.post("/complaints/new/", sent)
    found = Complaint.objects.get()
    assert answer["Location"] == f"/complaints/{found.pk}/"
    assert (found.order, found.caller, found.recorded_by) == (told.order, "张经理", told.dispatcher)
    page = browser.get(f"/complaints/{found.pk}/").content.decode()
    assert "张经理" in page
    assert ReviewCase.objects.get().number in page


@pytest.mark.parametrize("number", ["D999999", "x", "D0000000000000001", "١٢"])
def test_a_wrong_order_number_is_told(told, number):
    answer = as_user(told.dispatcher).post("/complaints/new/", form(client=told.company.pk, order=number))
    assert (answer.status_code, "order" in answer.context["form"].errors) == (422, True)


def test_the_list_is_filtered_and_exported(told):
    of_worker(told)
    browser = as_user(told.dispatcher)
    complaints.file(About(told.company), Words("cost", 3, "发票"), by=told.client, now=ENDED, key=uuid.uuid4())
    for query, text in [
        ("category=cost", "发票"),
        ("source=worker", "骂人"),
        ("severity=3", "发票"),
        ("q=主管", "骂人"),
    ]:
        page = browser.get(f"/complaints/?{query}").content.decode()
        assert [one in page for one in ("发票", "骂人")] == [one == text for one in ("发票", "骂人")], query
        file = b"".join(browser.get(f"/complaints/export/?{query}&format=csv")).decode()
        assert len(file.strip().splitlines()) == 2
    assert browser.get("/complaints/?state=archived").context["page"].paginator.count == 0
    assert browser.get("/complaints/?state=open").context["page"].paginator.count == 2


def test_the_desk_sorts_and_puts_away(told):
    found = of_worker(told)
    browser = as_user(told.dispatcher)
    browser.post(f"/complaints/{found.pk}/classify/", {"category": "other", "severity": "3"})
    assert browser.post(f"/complaints/{found.pk}/classify/", {"category": "x"}).status_code == 422
    page = browser.get(f"/complaints/{found.pk}/").content.decode()
    assert found.reporter and found.reporter.name in page
    browser.post(f"/complaints/{found.pk}/archive/")
    found.refresh_from_db()
    assert (found.category, found.severity, found.archived_at) == ("other", 3, None)
    ReviewCase.objects.update(status="confirmed", closed_at=ENDED)
    browser.post(f"/complaints/{found.pk}/archive/")
    found.refresh_from_db()
    assert found.archived_at == ENDED
    assert browser.get("/complaints/").context["page"].paginator.count == 0


def test_a_survey_is_taken_back_at_the_desk(told):
    browser = as_user(told.dispatcher)
    assert told.order.title in browser.get("/surveys/").content.decode()
    browser.post(f"/surveys/{told.survey.pk}/revoke/")
    told.survey.refresh_from_db()
    assert told.survey.revoked_at == ENDED
    assert browser.get("/surveys/?state=revoked").context["page"].paginator.count == 1
    file = io.StringIO(b"".join(browser.get("/surveys/export/?format=csv")).decode())
    assert told.order.number in file.read()
