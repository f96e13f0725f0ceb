"""The agency's pages: the board, the one step that is due, and what is refused."""

from datetime import timedelta

import pytest
import time_machine

from feedback.models import CaseRound, ReviewCase
from feedback.services import cases
from feedback.states import CaseStatus
from tests.feedback.stories import CAUSE, ENDED, open_case, reported, scene

BOARD = "/cases/"
FORM = CAUSE | {"fix_by": "2026-11-30"}


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
def desk(client, told):
    client.force_login(told.dispatcher)
    return client


def address(case: ReviewCase, action: str = "") -> str:
    return f"{BOARD}{case.pk}/{action}"


def strong(page: str) -> list[str]:
    """The labels of the strong buttons inside the page's own content."""
    content = page[page.index("<main") : page.index("</main>")]
    return [part.split("</button>")[0].split("</svg>")[-1] for part in content.split('class="btn btn-primary">')[1:]]


def test_each_state_offers_one_strong_step(desk, told, case):
    assert strong(desk.get(address(case)).content.decode()) == ["接手案件"]
    desk.post(address(case, "take/"))
    assert strong(desk.get(address(case)).content.decode()) == ["保存原因与整改"]
    assert desk.post(address(case, "cause/"), FORM).status_code == 302
    page = desk.get(address(case))
    assert strong(page.content.decode()) == ["预览"]
    suggestion = page.context["report_form"]["text"].value()
    assert told.order.number in suggestion
    assert "技能不符" in suggestion
    assert "改派资深客服" in suggestion
    assert "11月30日" in suggestion
    assert desk.post(address(case, "report/"), {"text": suggestion + "（已改）"}).status_code == 302
    assert strong(desk.get(address(case)).content.decode()) == []
    turn = CaseRound.objects.get()
    assert turn.report.endswith("（已改）")
    assert turn.reported_at == ENDED


def test_the_page_tells_evidence_signals_escalations_and_history(desk, case):
    page = desk.get(address(case)).content.decode()
    for words in ("可能的原因", "技能匹配只有 2 分", "人员匹配", "应急处理", "差评立案", "未到时间", "替补负责人"):
        assert words in page


def test_repeats_do_no_harm(desk, told, case):
    for _ in range(2):
        assert desk.post(address(case, "take/")).status_code == 302
    for _ in range(2):
        assert desk.post(address(case, "cause/"), FORM).status_code == 302
    for text in ("第一次", "第二次"):
        assert desk.post(address(case, "report/"), {"text": text}).status_code == 302
    assert CaseRound.objects.get().report == "第一次"


@pytest.mark.parametrize("missing", ["cause", "note", "fix"])
def test_an_incomplete_cause_keeps_what_was_typed(desk, told, case, missing):
    cases.take(case.pk, by=told.desk, now=ENDED)
    answer = desk.post(address(case, "cause/"), FORM | {missing: ""})
    assert answer.status_code == 422
    form = answer.context["cause_form"]
    assert missing in form.errors
    assert all(form[name].value() == value for name, value in FORM.items() if name != missing)
    case.refresh_from_db()
    assert case.status == CaseStatus.INVESTIGATING


def test_a_report_too_early_is_refused_and_not_lost(desk, case):
    answer = desk.post(address(case, "report/"), {"text": "写好的答复"})
    assert answer.status_code == 422
    assert "写好的答复" in answer.content.decode()
    assert CaseRound.objects.get().reported_at is None


def test_a_cause_too_late_is_refused_and_not_lost(desk, told, case):
    reported(told, case)
    answer = desk.post(address(case, "cause/"), FORM | {"note": "另一个说法"})
    assert answer.status_code == 422
    assert "另一个说法" in answer.content.decode()
    assert CaseRound.objects.get().cause_note == "技能不符"


def test_an_empty_report_is_refused(desk, told, case):
    cases.take(case.pk, by=told.desk, now=ENDED)
    cases.find_cause(case.pk, by=told.desk, now=ENDED, **CAUSE)
    assert desk.post(address(case, "report/"), {"text": " "}).status_code == 422


def numbers(answer) -> list[str]:
    return [case.number for case in answer.context["page"]]


def test_the_board_sorts_by_time_left_and_marks_breaches(desk, agency, told, case, clock):
    clock.shift(timedelta(hours=30))
    newer = open_case(scene(agency), ENDED + timedelta(hours=30))
    clock.shift(timedelta(hours=19))
    answer = desk.get(BOARD)
    assert numbers(answer) == [case.number, newer.number]
    assert [one.was_late for one in answer.context["page"]] == [True, False]
    assert answer.content.decode().count("曾超时") == 1


def test_the_boards_tabs_and_filters(desk, agency, told, case):
    other, closed = scene(agency), scene(agency)
    waiting, done = open_case(other), open_case(closed)
    reported(other, waiting)
    reported(closed, done)
    cases.confirm(done.pk, by=closed.client, now=ENDED)
    ReviewCase.objects.filter(pk=case.pk).update(owner=agency.dispatcher(), substitute=None)
    assert numbers(desk.get(BOARD)) == [case.number]
    assert numbers(desk.get(BOARD, {"state": "reported"})) == [waiting.number]
    assert numbers(desk.get(BOARD, {"state": "closed"})) == [done.number]
    assert [tab["count"] for tab in desk.get(BOARD).context["tabs"]] == [1, 1, 1]
    assert numbers(desk.get(BOARD, {"owner": "me"})) == []
    assert numbers(desk.get(BOARD, {"state": "reported", "owner": "me"})) == [waiting.number]
    assert numbers(desk.get(BOARD, {"q": case.number.lower()})) == [case.number]
    assert numbers(desk.get(BOARD, {"q": told.company.name})) == [case.number]
    assert numbers(desk.get(BOARD, {"q": "没有这家"})) == []
    assert numbers(desk.get(BOARD, {"state": "nonsense", "owner": "nonsense"})) == [case.number]


def test_htmx_gets_the_part_alone(desk, case):
    part = desk.get(BOARD, headers={"hx-request": "true"}).content.decode()
    assert part.lstrip().startswith('<section id="board"')
    assert case.number in part


def test_managers_may_do_all_of_it(client, agency, told, case):
    client.force_login(agency.manager())
    assert client.get(BOARD).status_code == 200
    assert client.post(address(case, "take/")).status_code == 302
    assert ReviewCase.objects.get(owner__role="manager") == case


@pytest.mark.parametrize("role", ["client", "worker"])
@pytest.mark.parametrize("action", ["", "take/", "cause/", "report/"])
def test_other_roles_stay_out(client, agency, case, role, action):
    client.force_login(agency.user(role))
    method = client.post if action else client.get
    assert method(address(case, action)).status_code == 403
    assert client.get(BOARD).status_code == 403


@pytest.mark.parametrize("action", ["take/", "cause/", "report/"])
def test_steps_are_posts_on_existing_cases(desk, case, action):
    assert desk.get(address(case, action)).status_code == 405
    assert desk.post(f"{BOARD}999999/{action}", FORM | {"text": "x"}).status_code == 404


def test_a_missing_case_is_404_and_strangers_log_in_first(desk, client):
    assert desk.get(f"{BOARD}999999/").status_code == 404
    client.logout()
    assert client.get(BOARD).status_code == 302


@pytest.mark.parametrize("page", ["board", "case"])
def test_queries_do_not_grow(desk, agency, told, case, django_assert_max_num_queries, page):
    url = BOARD if page == "board" else address(case)
    with django_assert_max_num_queries(16) as few:
        desk.get(url)
    for _ in range(5):
        open_case(scene(agency))
    for _ in range(3):
        reported(told, case)
        cases.not_solved(case.pk, by=told.client, now=ENDED, note="不行")
    with django_assert_max_num_queries(len(few)):
        desk.get(url)
