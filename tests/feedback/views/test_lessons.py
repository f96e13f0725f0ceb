"""Write-backs, fixes and absences on their pages: previewed first, one's own, nothing lost."""

from datetime import timedelta

import pytest
import time_machine

from feedback.models import CaseRound, CreditNote, LoopPolicy, StaffAbsence, WriteBack
from feedback.services import cases
from orders.models import Client, ClientGate
from staffing.core.actors import actor_of
from tests.feedback.stories import CAUSE, ENDED, open_case, scene
from workers.models import Course, TrainingTask

KEY = "00000000-0000-0000-0000-000000000007"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ENDED, tick=False) as travel:
        yield travel


@pytest.fixture
def told(agency):
    return scene(agency)


@pytest.fixture
def case(told):
    made = open_case(told)
    cases.take(made.pk, by=told.desk, now=ENDED)
    return cases.find_cause(made.pk, by=told.desk, now=ENDED, **CAUSE | {"fix_by": ENDED.date()})


@pytest.fixture
def desk(client, told):
    client.force_login(told.dispatcher)
    return client


def url(case, rest=""):
    return f"/cases/{case.pk}/writebacks/{rest}"


def test_every_kind_has_its_form(desk, case):
    for kind in WriteBack.Kind.values:
        page = desk.get(url(case), {"kind": kind})
        assert page.status_code == 200
        assert f'value="{kind}"' in page.content.decode()
    assert desk.get(url(case), {"kind": "nonsense"}).context["form"] is None


def test_first_the_preview_then_the_deed_once(desk, case):
    given = {"kind": "briefing", "form_key": KEY, "text": "先核对订单号。"}
    page = desk.post(url(case, "new/"), given)
    assert "上岗须知增加：先核对订单号。" in page.content.decode()
    assert not WriteBack.objects.exists()
    for _ in range(2):
        assert desk.post(url(case, "new/"), given | {"confirmed": "1"}).status_code == 302
    assert Client.objects.get(pk=case.client_id).briefing == "先核对订单号。"
    assert WriteBack.objects.count() == 1
    assert "先核对订单号" in desk.get(f"/cases/{case.pk}/").context["report_form"]["text"].value()


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, case):
    page = desk.post(url(case, "new/"), {"kind": "credit", "form_key": KEY, "amount": "0", "reason": "迟到"})
    assert page.status_code == 422
    assert "迟到" in page.content.decode()
    page = desk.post(url(case, "new/"), {"kind": "backups", "form_key": KEY, "count": "99"})
    assert page.status_code == 422 and "99" in page.content.decode()


def test_after_the_preview_all_can_be_changed_again(desk, case):
    given = {"kind": "credit", "form_key": KEY, "amount": "88", "reason": "迟到"}
    assert desk.post(url(case, "new/"), given).context["preview"]
    page = desk.post(url(case, "new/"), given | {"again": "1"})
    assert (page.status_code, page.context["preview"]) == (200, None)
    assert 'value="88"' in page.content.decode() and "迟到" in page.content.decode()
    assert not WriteBack.objects.exists()


def test_taken_back_from_the_list(desk, case):
    given = {"kind": "backups", "form_key": KEY, "count": "2", "confirmed": "1"}
    desk.post(url(case, "new/"), given)
    row = WriteBack.objects.get()
    assert "从 0 人增至 2 人" in desk.get("/cases/lessons/").content.decode()
    desk.post(f"/writebacks/{row.pk}/revert/")
    assert Client.objects.get(pk=case.client_id).backups == 0
    assert "已撤回" in desk.get(url(case)).content.decode()


def test_whoever_asked_for_much_money_cannot_agree_to_it(desk, client, told, case):
    amount = str(LoopPolicy.current().credit_alone + 1)
    desk.post(url(case, "new/"), {"kind": "credit", "form_key": KEY, "amount": amount, "reason": "x", "confirmed": "1"})
    note = CreditNote.objects.get()
    assert "同意补偿" not in desk.get(url(case)).content.decode()
    assert desk.post(f"/credits/{note.pk}/decide/", {"approve": "yes"}).status_code in (302, 403)
    note.refresh_from_db()
    assert note.status == CreditNote.Status.WAITING
    client.force_login(told.agency.manager())
    assert "同意补偿" in client.get(url(case)).content.decode()
    client.post(f"/credits/{note.pk}/decide/", {"approve": "yes"})
    client.force_login(told.member)
    assert note.number in client.get(f"/client/cases/{case.pk}/").content.decode()


def test_the_worker_sees_the_course_and_the_desk_sees_it_passed(desk, client, told, case):
    course = Course.objects.create(code="calm", name_zh="情绪安抚", name_en="Calming callers")
    worker = told.order.shifts.get().positions.first().assignments.get().worker
    given = {"kind": "training", "form_key": KEY, "worker": worker.pk, "course": course.pk, "reason": "x"}
    desk.post(url(case, "new/"), given | {"due_on": (ENDED + timedelta(days=3)).date(), "confirmed": "1"})
    client.force_login(worker.user)
    for page in ("/my/training/", "/my/training/open/"):
        assert "情绪安抚" in client.get(page).content.decode()
    client.force_login(told.dispatcher)
    client.post(f"/training/{TrainingTask.objects.get().pk}/passed/", {"score": "88"})
    assert TrainingTask.objects.get().status == "done"
    client.force_login(worker.user)
    assert "情绪安抚" not in client.get("/my/training/open/").content.decode()


def test_a_fix_is_listed_until_it_is_done(desk, case):
    turn = CaseRound.objects.get()
    assert CAUSE["fix"] in desk.get("/cases/fixes/").content.decode()
    desk.post(f"/fixes/{turn.pk}/done/", {"next": "list"})
    assert CAUSE["fix"] not in desk.get("/cases/fixes/").content.decode()


def test_ones_own_absence_and_a_managers_for_anybody(desk, client, told):
    other = told.agency.dispatcher()
    days = {"first_day": ENDED.date(), "last_day": ENDED.date(), "note": "年假"}
    assert desk.post("/cases/absences/", days | {"user": other.pk}).status_code == 422
    assert desk.post("/cases/absences/", days | {"user": told.dispatcher.pk}).status_code == 302
    assert "年假" in desk.get("/cases/absences/").content.decode()
    client.force_login(told.agency.manager())
    assert client.post("/cases/absences/", days | {"user": other.pk}).status_code == 302
    row = StaffAbsence.objects.get(user=other)
    client.force_login(told.dispatcher)
    assert client.post(f"/absences/{row.pk}/back/").status_code == 404


def test_the_report_is_previewed_word_for_word(desk, case):
    page = desk.post(f"/cases/{case.pk}/report/preview/", {"text": "我们已改派。"})
    assert "我们已改派。" in page.content.decode()
    case.refresh_from_db()
    assert case.status == "fixing"
    assert desk.post(f"/cases/{case.pk}/report/preview/", {"text": " "}).status_code == 422


def test_the_checklist_is_ticked_by_the_evidence_and_kept_as_the_owner_left_it(desk, told):
    fresh = open_case(scene(told.agency, company=told.company))
    cases.take(fresh.pk, by=actor_of(told.dispatcher), now=ENDED)
    lines = [line for group in desk.get(f"/cases/{fresh.pk}/").context["checklist"] for line in group["lines"]]
    assert {line["code"] for line in lines if line["ticked"]} == {"skill_low", "attendance_low"}
    form = {"cause": "matching", "note": "n", "fix": "f", "checklist": ["shortage"]}
    desk.post(f"/cases/{fresh.pk}/cause/", form)
    lines = [line for group in desk.get(f"/cases/{fresh.pk}/").context["checklist"] for line in group["lines"]]
    assert {line["code"] for line in lines if line["ticked"]} == {"shortage"}


@pytest.mark.parametrize("page", ["/cases/lessons/", "/cases/fixes/", "/cases/absences/", "writebacks", "gate"])
def test_queries_do_not_grow(desk, told, case, django_assert_max_num_queries, page):
    query = {"kind": "gate"} if page == "gate" else {}
    address = page if page.startswith("/") else url(case)
    given = {"kind": "briefing", "confirmed": "1"}
    desk.post(url(case, "new/"), given | {"form_key": KEY, "text": "甲"})
    with django_assert_max_num_queries(12) as few:
        desk.get(address, query)
        asked = len(few)
    for number in range(3):
        desk.post(url(case, "new/"), given | {"form_key": KEY[:-1] + str(number), "text": f"乙{number}"})
    with django_assert_max_num_queries(asked):
        desk.get(address, query)


def test_a_requirement_is_asked_by_the_name_of_its_level(desk, case, told):
    skill = told.agency.skill
    skill.grades = [{"zh": "能用", "en": "Basic"}, {"zh": "熟练", "en": "Fluent"}]
    skill.save()
    form = desk.get(url(case), {"kind": "gate", "gate": f"skill:{skill.pk}"}, headers={"HX-Request": "true"})
    assert 'id="gate-level"' in form.content.decode() and "熟练" in form.content.decode()
    given = {"kind": "gate", "form_key": KEY, "gate": f"skill:{skill.pk}", "reason": "技能不符"}
    assert "level" in desk.post(url(case, "new/"), given).context["form"].errors
    assert desk.post(url(case, "new/"), given | {"level": "3"}).status_code == 422
    assert desk.post(url(case, "new/"), given | {"level": "2", "confirmed": "1"}).status_code == 302
    assert ClientGate.objects.get(client=case.client_id).level == 2


@pytest.mark.parametrize(("gate", "level"), [("stars:0", "45"), ("clearance:0", "2")])
def test_stars_and_checks_have_their_own_levels(desk, case, gate, level):
    given = {"kind": "gate", "form_key": KEY, "gate": gate, "level": level, "reason": "客户要求", "confirmed": "1"}
    assert desk.post(url(case, "new/"), given).status_code == 302
    assert ClientGate.objects.get(client=case.client_id).level == int(level)


@pytest.mark.parametrize("gate", ["", "skill:0", "skill:x", "course:1", "nonsense"])
def test_what_has_no_levels_asks_for_none(desk, case, gate):
    assert "level" not in desk.get(url(case), {"kind": "gate", "gate": gate}).context["form"].fields
