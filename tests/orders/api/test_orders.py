"""Orders through the API: what is asked for is what is kept, and only what a role may see is shown."""

import itertools
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders import snapshot
from orders.models import MatchRun, Order, TeamMember, Timesheet
from orders.services import batch, ordering, proposing
from orders.services.ordering import ShiftSpec
from orders.states import AssignmentStatus, TimesheetStatus
from staffing.core.actors import actor_of
from staffing.core.models import AuditEvent
from tests.api.line import V1, as_user, booked, day, proposed, served
from tests.fixtures.agency import NOW
from workers.models import CertificateType, Course

ORDERS = f"{V1}orders/"
KEYS = itertools.count()


def body_of(agency, company, **fields):
    shifts = [
        {"start_at": "2026-11-24T22:00:00+08:00", "end_at": "2026-11-25T06:00:00+08:00", "headcount": 2},
        {"start_at": "2026-11-25T01:00:00Z", "end_at": "2026-11-25T05:00:00Z", "headcount": 1},
    ]
    defaults = {
        "title": "夜间在线客服",
        "service_type": "after_sale",
        "city": agency.city.code,
        "site": company.sites.get().pk,
        "shifts": shifts,
        "skills": [{"code": "chat", "min_level": 2}],
        "languages": [{"code": "mandarin", "min_level": 3}],
        "min_stars": "4.0",
        "clearance": 1,
        "notes": "请带工牌",
    }
    return defaults | fields


def post(user, body, language="zh-hans"):
    return as_user(user, language).post(ORDERS, body, HTTP_IDEMPOTENCY_KEY=f"key-{next(KEYS)}")


@pytest.fixture
def company(agency):
    return agency.client()


def test_a_client_orders_for_their_own_company(agency, company):
    CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health certificate")
    Course.objects.create(code="pos", name_zh="智能POS操作", name_en="Smart POS")
    answer = post(agency.member(company), body_of(agency, company, certificates=["health"], courses=["pos"]), "en")
    made = answer.json()
    assert answer.status_code == 201, made
    assert made["courses"] == [{"code": "pos", "name": "Smart POS"}]
    assert (made["status"], made["client"]["id"], made["headcount"], made["filled"]) == ("draft", company.pk, 3, 0)
    assert made["city"] == {"code": "shanghai", "name": "Shanghai", "tier": 1}
    assert (made["bill_rate"], made["min_stars"]) == ("45.00", "4.0")
    # 16 h at night for two with 10 % uplift, 4 h by day.
    assert made["estimate"] == "972.00"
    assert [shift["start_at"] for shift in made["shifts"]] == ["2026-11-24T22:00:00+08:00", "2026-11-25T09:00:00+08:00"]
    assert [len(shift["positions"]) for shift in made["shifts"]] == [2, 1]
    assert made["skills"] == [{"code": "chat", "name": "Online chat", "min_level": 2, "grade": "level 2"}]
    assert made["certificates"] == [{"code": "health", "name": "Health certificate"}]
    assert made["languages"][0]["code"] == "mandarin"
    assert made["proposal"] is None
    order = Order.objects.get()
    assert order.created_by == agency.member(company)
    assert AuditEvent.objects.filter(subject_type="order", subject_id=order.pk, action="create").exists()


def test_the_agency_orders_for_a_client(agency, company):
    desk = agency.dispatcher()
    nameless = post(desk, body_of(agency, company))
    assert (nameless.status_code, nameless.json()["errors"][0]["pointer"]) == (400, "#/client")
    answer = post(desk, body_of(agency, company, client=company.pk, remote=True, site=None))
    assert (answer.status_code, answer.json()["remote"], answer.json()["site"]) == (201, True, None)
    company.is_active = False
    company.save()
    assert post(desk, body_of(agency, company, client=company.pk)).status_code == 400


def test_nobody_orders_for_another_company(agency, company):
    other = agency.client()
    answer = post(agency.member(company), body_of(agency, company, client=other.pk))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "client_not_own")
    foreign = post(agency.member(company), body_of(agency, company, site=other.sites.get().pk))
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (400, "#/site")
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"shifts": []}, "#/shifts"),
        ({"city": "atlantis"}, "#/city"),
        ({"skills": [{"code": "magic", "min_level": 2}]}, "#/skills/0/code"),
        ({"skills": [{"code": "chat", "min_level": 6}]}, "#/skills/0/min_level"),
        ({"skills": [{"code": "chat", "min_level": 1}, {"code": "chat", "min_level": 2}]}, "#/skills"),
        ({"languages": [{"code": "mandarin"}, {"code": "mandarin"}]}, "#/languages"),
        ({"min_stars": "5.5"}, "#/min_stars"),
        ({"service_type": "juggling"}, "#/service_type"),
        ({"title": "\u0000"}, "#/title"),
        ({"min_star": "4"}, "#/min_star"),
    ],
)
def test_what_makes_no_sense_is_pointed_at(agency, company, fields, pointer):
    answer = post(agency.member(company), body_of(agency, company, **fields))
    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"site": None}, "no_site"),
        ({"shifts": [{"start_at": day(-1).isoformat(), "end_at": day(1).isoformat(), "headcount": 1}]}, "in_the_past"),
        ({"shifts": [{"start_at": day(2).isoformat(), "end_at": day(1).isoformat(), "headcount": 1}]}, "backwards"),
        ({"shifts": [{"start_at": day(1).isoformat(), "end_at": day(3).isoformat(), "headcount": 1}]}, "too_long"),
    ],
)
def test_what_the_services_refuse_is_told_with_their_code(agency, company, fields, code):
    answer = post(agency.member(company), body_of(agency, company, **fields))
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_submit_confirm_and_cancel_are_repeatable(agency, company):
    agency.worker()
    order = agency.draft(company, start=day(2))
    client, desk = as_user(agency.member(company)), as_user(agency.dispatcher())

    def twice(speaker, action, body=None):
        first, again = (speaker.post(f"{ORDERS}{order.pk}/{action}/", body) for _ in range(2))
        assert first.status_code == 200, first.json()
        assert first.json() == again.json()
        return first.json()

    assert desk.post(f"{ORDERS}{order.pk}/confirm/").json()["code"] == "wrong_state"
    assert twice(client, "submit")["status"] == "submitted"
    cancelled = twice(client, "cancel", {"reason": "改期"})
    assert (cancelled["status"], cancelled["status_text"]) == ("cancelled", "已取消")
    assert client.post(f"{ORDERS}{order.pk}/submit/").status_code == 409

    order = proposed(agency, company, start=day(3))
    confirmed = twice(desk, "confirm")
    assert confirmed["shifts"][0]["positions"][0]["status"] == "offered"
    assert AuditEvent.objects.filter(action="confirm", subject_id=order.pk).count() == 1


def test_hours_are_approved_together(agency, company):
    agency.worker()
    work = served(agency, company, start=day(1))
    speaker = as_user(agency.member(company))
    path = f"{ORDERS}{work.audit_order_id}/approve-hours/"
    assert [speaker.post(path).status_code for _ in range(2)] == [200, 200]
    assert Timesheet.objects.get().status == TimesheetStatus.APPROVED


def test_whom_the_engine_chose_is_the_agencys_affair_until_somebody_said_yes(agency, company):
    agency.worker()
    waiting, done = proposed(agency, company, start=day(1)), booked(agency, company, start=day(2))
    desk, client = as_user(agency.dispatcher()), as_user(agency.member(company))

    def place(speaker, pk):
        return speaker.get(f"{ORDERS}{pk}/").json()["shifts"][0]["positions"][0]

    assert place(desk, waiting.pk)["proposed_worker"]["phone"].startswith("139")
    assert place(desk, waiting.pk)["score"] > 0
    hidden = place(client, waiting.pk)
    assert (hidden["proposed_worker"], hidden["score"], hidden["assignment"]) == (None, None, None)
    shown = place(client, done.audit_order_id)["assignment"]
    assert shown["status"] == AssignmentStatus.BOOKED
    assert "****" in shown["worker"]["phone"]
    proposal = client.get(f"{ORDERS}{waiting.pk}/").json()["proposal"]
    assert (proposal["pool_size"], proposal["shortage"]) == (1, 0)


@pytest.mark.parametrize(("language", "skill"), [("zh-hans", "在线客服"), ("en", "Online chat")])
def test_matching_is_explained_in_both_languages(agency, company, language, skill):
    fit, unfit = agency.worker(), agency.worker(skills={})
    order = proposed(agency, company, start=day(1))
    answer = as_user(agency.dispatcher(), language).get(f"{ORDERS}{order.pk}/matches/").json()
    (shift,) = answer
    (best,) = shift["ranked"]
    assert best["worker"] == {"id": fit.pk, "name": fit.user.name}
    assert best["score"] == sum(part["points"] for part in best["parts"])
    assert all(part["text"] and part["name"] and part["max"] >= part["points"] for part in best["parts"])
    (rejected,) = shift["rejected"]
    assert rejected["worker"]["id"] == unfit.pk
    (reason,) = rejected["reasons"]
    assert (reason["code"], reason["params"]) == ("skill_missing", {"skill": "chat", "need": 2})
    assert skill in reason["text"]
    assert [(one["code"], one["removed"], one["only"]) for one in shift["gates"]] == [("skill", 1, 1)]
    assert shift["gates"][0]["text"]


def test_matches_are_bounded(agency, company):
    for _ in range(3):
        agency.worker()
    order = proposed(agency, company, start=day(1))
    speaker = as_user(agency.manager())
    (shift,) = speaker.get(f"{ORDERS}{order.pk}/matches/?most=2").json()
    assert (len(shift["ranked"]), shift["ranked_count"]) == (2, 3)
    refused = speaker.get(f"{ORDERS}{order.pk}/matches/?most=0")
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "most")
    draft = agency.draft(company, start=day(2))
    assert speaker.get(f"{ORDERS}{draft.pk}/matches/").json() == []


def test_the_training_an_order_asks_for_is_shown(agency, company):
    course = Course.objects.create(code="pos", name_zh="智能POS操作", name_en="Smart POS")
    order = agency.draft(company, courses=[course.pk])
    shown = as_user(agency.member(company)).get(f"{ORDERS}{order.pk}/").json()
    assert shown["courses"] == [{"code": "pos", "name": "智能POS操作"}]


def test_an_order_that_a_batch_has_proposed_shows_that_run_and_its_own_shortage(agency, company):
    agency.worker()
    order = agency.submitted(company, headcount=2)
    other = agency.submitted(company, headcount=3, start=NOW + timedelta(days=2))
    assert order_of(agency, order)["proposal"] is None
    run = batch.run(NOW)
    assert run is not None
    found = [order_of(agency, one)["proposal"] for one in (order, other)]
    assert [(one["run"], one["shortage"]) for one in found] == [(run.pk, 1), (run.pk, 2)]
    ordering.rematch(order.pk, by=actor_of(agency.dispatcher()), now=NOW)
    proposing.propose_order(order.pk, NOW)
    assert order_of(agency, order)["proposal"]["run"] > run.pk
    assert order_of(agency, other)["proposal"]["run"] == run.pk


def order_of(agency, order):
    return as_user(agency.manager()).get(f"{ORDERS}{order.pk}/").json()


def test_matches_tell_before_whom_somebody_stands_and_how_the_run_went(agency, company):
    plain, member = agency.worker(stars="5.0"), agency.worker(stars="1.5")
    TeamMember.objects.create(client=company, worker=member, created_at=NOW)
    order = proposed(agency, company)
    MatchRun.objects.update(gap=0.0002, method="search")
    (shift,) = as_user(agency.manager(), "en").get(f"{ORDERS}{order.pk}/matches/").json()
    first, last = shift["ranked"]
    assert (first["worker"]["id"], last["worker"]["id"]) == (member.pk, plain.pk)
    assert first["lead"]["points"] == first["score"] - last["score"]
    assert (first["lead"]["next"], first["lead"]["team_first"], first["lead"]["continuity"]) == (plain.pk, True, False)
    assert sum(row["points"] for row in first["lead"]["differences"]) == first["lead"]["points"]
    assert "Regular team first" in first["lead"]["text"]
    assert last["lead"] is None
    assert (shift["method"], shift["gap"], shift["stopped"], shift["fallback"]) == ("search", 0.0002, False, False)


@pytest.mark.parametrize(
    ("language", "text"), [("zh-hans", "技能「在线客服」降为「1 级」"), ("en", "Skill 'Online chat' from level 1")]
)
def test_what_if_tells_each_change_of_each_shift(agency, company, language, text):
    agency.worker()
    for _ in range(2):
        agency.worker(skills={agency.skill: 1})
    order = proposed(agency, company)
    (shift,) = as_user(agency.dispatcher(), language).get(f"{ORDERS}{order.pk}/what-if/").json()
    assert (shift["pool_size"], shift["placed"], shift["eligible"], shift["rejected"]) == (3, 1, 0, 3)
    assert [(gate["code"], gate["removed"], gate["only"]) for gate in shift["gates"]] == [
        ("skill", 2, 2),
        ("on_shift", 1, 1),
    ]
    best = shift["changes"][0]
    assert best["params"] == {"skill": "chat", "from": 2, "to": 1}
    assert (best["code"], best["text"], best["more"], best["fewer"]) == ("skill_lower", text, 2, 0)


def test_what_if_costs_the_same_for_one_shift_and_for_three(agency, company):
    agency.worker()
    by = as_user(agency.dispatcher())

    def cost(shifts: int) -> int:
        days_ = [NOW + timedelta(days=1 + at) for at in range(shifts)]
        order = agency.submitted(company, shifts=[ShiftSpec(at, at + timedelta(hours=8), 1) for at in days_])
        by.get(f"{ORDERS}{order.pk}/what-if/")
        with CaptureQueriesContext(connection) as context:
            assert len(by.get(f"{ORDERS}{order.pk}/what-if/").json()) == shifts
        return len(context.captured_queries)

    assert cost(1) == cost(3)


def test_what_if_without_the_index_is_a_problem_and_an_order_that_is_over_has_no_shift(agency, company, monkeypatch):
    order = proposed(agency, company)
    monkeypatch.setattr(snapshot, "available", lambda now: None)
    refused = as_user(agency.dispatcher()).get(f"{ORDERS}{order.pk}/what-if/")
    assert (refused.status_code, refused.json()["code"]) == (503, "pool_unavailable")
    assert refused["Content-Type"] == "application/problem+json"
    with time_machine.travel(order.ends_at, tick=False):
        assert as_user(agency.dispatcher()).get(f"{ORDERS}{order.pk}/what-if/").json() == []
