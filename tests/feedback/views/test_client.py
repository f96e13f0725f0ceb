"""The client's pages: own cases only, the last word, and repeats that do no harm."""

from datetime import timedelta

import pytest
import time_machine

from feedback.models import ReviewCase
from feedback.services import cases
from feedback.states import CaseStatus
from tests.feedback.stories import ENDED, open_case, reported, scene

LIST = "/client/cases/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ENDED, tick=False) as travel:
        yield travel


@pytest.fixture
def told(agency):
    return scene(agency)


@pytest.fixture
def case(told):
    return open_case(told)


@pytest.fixture
def own(client, told):
    client.force_login(told.member)
    return client


def address(case: ReviewCase, action: str = "") -> str:
    return f"{LIST}{case.pk}/{action}"


def test_without_cases_the_list_says_so(own):
    assert "没有需要处理的反馈" in own.get(LIST).content.decode()


def test_list_and_page_show_the_case_with_its_countdown(own, case):
    assert case.number in own.get(LIST).content.decode()
    page = own.get(address(case)).content.decode()
    assert (ENDED + timedelta(hours=48)).isoformat()[:13].replace("T", "T") or "data-countdown" in page
    assert "data-countdown" in page
    assert "已解决" in page  # the review's own question
    assert "not-solved" not in page


def test_a_report_can_be_confirmed_once_and_again(own, told, case):
    reported(told, case)
    page = own.get(address(case)).content.decode()
    assert "我们已改派资深客服。" in page
    assert "confirm/" in page
    for _ in range(2):
        assert own.post(address(case, "confirm/"), {"seen_round": 1}).status_code == 302
    case.refresh_from_db()
    assert case.status == CaseStatus.CONFIRMED
    assert "confirm/" not in own.get(address(case)).content.decode()


def test_not_solved_opens_one_new_round_however_often_it_is_pressed(own, told, case, clock):
    reported(told, case)
    clock.shift(timedelta(hours=5))
    for _ in range(2):
        answer = own.post(address(case, "not-solved/"), {"seen_round": 1, "note": "还是没人来"})
        assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.status, case.round) == (CaseStatus.OPEN, 2)
    assert case.due_at == ENDED + timedelta(hours=53)
    page = own.get(address(case)).content.decode()
    assert "还是没人来" in page
    assert "第 2 轮" in page


def test_not_solved_needs_words(own, told, case):
    reported(told, case)
    answer = own.post(address(case, "not-solved/"), {"seen_round": 1, "note": "   "})
    assert answer.status_code == 422
    assert "note" in answer.context["form"].errors
    assert ReviewCase.objects.get().round == 1


def test_a_refused_answer_keeps_the_words(own, told, case):
    answer = own.post(address(case, "not-solved/"), {"seen_round": 1, "note": "写了很久的一段话"})
    assert answer.status_code == 422
    assert "写了很久的一段话" in answer.content.decode()
    assert ReviewCase.objects.get().round == 1


def test_an_old_page_cannot_confirm_a_newer_round(own, told, case):
    reported(told, case)
    cases.not_solved(case.pk, by=told.client, now=ENDED, note="不行", seen_round=1)
    reported(told, case)
    assert own.post(address(case, "confirm/"), {"seen_round": 1}).status_code == 409
    case.refresh_from_db()
    assert case.status == CaseStatus.REPORTED


@pytest.mark.parametrize("seen", ["", "x", "0", None])
def test_without_a_round_nothing_is_confirmed(own, told, case, seen):
    reported(told, case)
    assert own.post(address(case, "confirm/"), {} if seen is None else {"seen_round": seen}).status_code == 400
    assert ReviewCase.objects.get().status == CaseStatus.REPORTED


@pytest.mark.parametrize("action", ["", "confirm/", "not-solved/"])
def test_another_clients_case_does_not_exist(client, agency, told, case, action):
    reported(told, case)
    client.force_login(agency.member(agency.client()))
    given = {"seen_round": 1, "note": "x"}
    answer = client.post(address(case, action), given) if action else client.get(address(case))
    assert answer.status_code == 404
    assert case.number not in client.get(LIST).content.decode()
    assert ReviewCase.objects.get().status == CaseStatus.REPORTED


@pytest.mark.parametrize("role", ["dispatcher", "manager", "worker"])
@pytest.mark.parametrize("action", ["", "confirm/", "not-solved/"])
def test_other_roles_stay_out(client, agency, case, role, action):
    client.force_login(agency.user(role))
    method = client.post if action else client.get
    assert method(address(case, action)).status_code == 403
    assert client.get(LIST).status_code == 403


def test_methods_and_login(client, own, case):
    assert own.get(address(case, "confirm/")).status_code == 405
    assert own.get(address(case, "not-solved/")).status_code == 405
    assert own.post(address(case)).status_code == 405
    assert own.post(LIST).status_code == 405
    client.logout()
    assert client.get(LIST).status_code == 302


def test_queries_do_not_grow_with_the_cases(own, told, case, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as few:
        own.get(LIST)
    for _ in range(5):
        open_case(scene(told.agency, company=told.company))
    with django_assert_max_num_queries(len(few)):
        own.get(LIST)
