"""Reviews and cases through the API: the loop from a bad review to the client's word."""

import pytest

from feedback.diagnosis import CODES
from feedback.models import CaseRound, ReviewCase
from tests.api.line import V1, as_user, day, reviewed

CAUSE = {"cause": "emergency", "note": "内部：候补不足", "fix": "增加一名候补", "fix_by": "2026-12-01"}


@pytest.fixture
def company(agency):
    return agency.client()


@pytest.fixture
def review(agency, company):
    agency.worker()
    agency.dispatcher()
    return reviewed(agency, company, start=day(1))


def test_a_review_names_its_people_and_its_case(agency, company, review):
    shown = as_user(agency.member(company)).get(f"{V1}reviews/{review.pk}/").json()
    assert (shown["overall"], shown["comment"], shown["case"]) == (1, "没有人来", review.case.pk)
    assert [rating["stars"] for rating in shown["ratings"]] == [2]


def test_a_case_from_taking_to_the_clients_word(agency, company, review):
    path = f"{V1}cases/{review.case.pk}/"
    desk, client = as_user(agency.dispatcher()), as_user(agency.member(company))

    def twice(speaker, action, body=None):
        first, again = (speaker.post(f"{path}{action}/", body) for _ in range(2))
        assert first.status_code == 200, first.json()
        assert first.json() == again.json()
        return first.json()

    assert desk.post(f"{path}report/", {"text": "已处理"}).status_code == 409
    assert twice(desk, "take")["status"] == "investigating"
    assert twice(desk, "find-cause", CAUSE)["rounds"][0]["cause_note"] == "内部：候补不足"
    assert twice(desk, "report", {"text": "已为您增加候补"})["status"] == "reported"
    reopened = twice(client, "not-solved", {"note": "还是不放心", "round": 1})
    assert (reopened["status"], reopened["round"], len(reopened["rounds"])) == ("open", 2, 2)
    for action, body in (("take", None), ("find-cause", CAUSE), ("report", {"text": "已换人"})):
        assert desk.post(f"{path}{action}/", body).status_code == 200
    closed = twice(client, "confirm", {"note": "可以了"})
    assert (closed["status"], closed["rounds"][1]["outcome_note"]) == ("confirmed", "可以了")
    assert CaseRound.objects.count() == 2


def test_a_client_reads_cause_and_fix_once_reported_and_never_the_inner_notes(agency, company, review):
    path = f"{V1}cases/{review.case.pk}/"
    desk, client = as_user(agency.manager()), as_user(agency.member(company))
    desk.post(f"{path}take/")
    desk.post(f"{path}find-cause/", CAUSE)
    before = client.get(path).json()
    assert (before["evidence"], before["escalations"]) == (None, None)
    assert (before["rounds"][0]["cause"], before["rounds"][0]["fix"]) == (None, None)
    desk.post(f"{path}report/", {"text": "已为您增加候补"})
    after = client.get(path).json()["rounds"][0]
    assert (after["cause"], after["cause_text"], after["fix"]) == ("emergency", "应急处理", "增加一名候补")
    assert after["cause_note"] is None
    whole = desk.get(path).json()
    assert whole["evidence"]
    assert [one["level_hours"] for one in whole["escalations"]] == [24, 40, 48]


def test_the_fix_is_given_to_somebody_of_the_agency_with_what_was_found(agency, company, review):
    path, other = f"{V1}cases/{review.case.pk}/", agency.manager()
    desk = as_user(agency.dispatcher())
    desk.post(f"{path}take/")
    given = {"fix_owner": other.pk, "checklist": [next(iter(CODES))]}
    assert desk.post(f"{path}find-cause/", CAUSE | given).status_code == 200
    turn = CaseRound.objects.get()
    assert (turn.fix_owner, turn.checklist) == (other, [next(iter(CODES))])


@pytest.mark.parametrize(
    ("action", "body", "pointer"),
    [
        ("find-cause", {**CAUSE, "checklist": ["weather"]}, "#/checklist/0"),
        ("find-cause", {**CAUSE, "fix_owner": 0}, "#/fix_owner"),
        ("find-cause", {"cause": "weather", "note": "x", "fix": "y"}, "#/cause"),
        ("find-cause", {"cause": "other", "note": "x"}, "#/fix"),
        ("report", {"text": "  "}, "#/text"),
    ],
)
def test_what_is_missing_is_pointed_at(agency, review, action, body, pointer):
    answer = as_user(agency.dispatcher()).post(f"{V1}cases/{review.case.pk}/{action}/", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_not_solved_needs_words_and_the_round(agency, company, review):
    answer = as_user(agency.member(company)).post(f"{V1}cases/{review.case.pk}/not-solved/", {})
    assert {error["pointer"] for error in answer.json()["errors"]} == {"#/note", "#/round"}
    assert ReviewCase.objects.get().round == 1
