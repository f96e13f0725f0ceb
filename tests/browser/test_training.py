"""A quiz that outlives a lost connection; typing by keys and by an input method, and a paste that is refused."""

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.browser.test_worker import WIDER_THAN_SCREEN, login
from tests.fixtures import training
from tests.fixtures.agency import NOW, Agency
from tests.plugins.browser import PHONE, axe_violations
from workers.models import Skill, TypingAttempt, TypingText, WorkerSkill

# What a page says of a request without a connection.
OFFLINE = "ERR_INTERNET_DISCONNECTED"
TEXT = "您好，请稍等，我马上查"
PASTE = """(field) => field.dispatchEvent(new ClipboardEvent("paste", {cancelable: true, bubbles: true}))"""


@pytest.fixture
def agency(committed_agency: Agency):
    with time_machine.travel(NOW):
        yield committed_agency


def test_answers_wait_for_the_connection_and_none_is_lost(live_server, open_page, agency):
    worker, quiz = agency.worker(), training.quiz(training.course())
    page = login(open_page(size=PHONE, allow=[OFFLINE]), worker.user, live_server.url)
    page.goto(f"/my/training/quizzes/{quiz.pk}/")
    page.get_by_role("button", name="开始答题").click()
    expect(page.locator("[data-question]")).to_have_count(4)
    assert axe_violations(page) == []
    assert page.evaluate(WIDER_THAN_SCREEN) <= 0
    attempt = quiz.attempts.get()
    right = training.answers(attempt)
    choose(page, 1, right[1])
    expect(page.locator('[data-question="1"] [data-kept]')).to_have_text("已保存")
    page.context.set_offline(True)
    for number in (2, 3):
        choose(page, number, right[number])
    expect(page.locator("[data-quiz-status]")).to_contain_text("没有网络")
    assert not attempt.questions.get(number=2).answer
    page.context.set_offline(False)
    expect(page.locator('[data-question="3"] [data-kept]')).to_have_text("已保存")
    page.reload()
    expect(page.locator('[data-question="2"] input:checked')).to_have_count(len(right[2]))
    page.get_by_role("button", name="交卷").click()
    page.get_by_role("dialog").get_by_role("button", name="交卷").click()
    expect(page.locator("h1")).to_have_text("通过了")
    assert axe_violations(page) == []
    attempt.refresh_from_db()
    assert (attempt.status, attempt.right) == ("passed", 3)


def choose(page: Page, number: int, keys: list[str]) -> None:
    """Tick what is right."""
    for key in keys:
        page.locator(f'[name="q{number}"][value="{key}"]').check(force=True)


@pytest.fixture
def typist(agency, live_server, open_page):
    """A worker before the text."""
    skill = Skill.objects.create(
        code="typing-zh", name_zh="中文打字", name_en="Typing", kind="typing", grades=training.GRADES
    )
    TypingText.objects.create(skill=skill, script="zh", body=TEXT)
    worker = agency.worker()
    page = login(open_page(size=PHONE), worker.user, live_server.url)
    page.goto("/my/training/typing/")
    assert axe_violations(page) == []
    page.get_by_role("button", name="开始中文打字").click()
    expect(page.get_by_label("在这里输入")).to_be_focused()
    # The field has the focus before the script that listens has come.
    page.wait_for_load_state()
    return page


def test_an_input_method_puts_words_in_place_and_the_text_ends_it(typist):
    assert axe_violations(typist) == []
    session = typist.context.new_cdp_session(typist)
    for word in ("您好，", "请稍", "等，我", "马上"):
        session.send("Input.imeSetComposition", {"text": word, "selectionStart": len(word), "selectionEnd": len(word)})
        session.send("Input.insertText", {"text": word})
    typist.keyboard.insert_text("茶")
    expect(typist.locator(".typing-wrong")).to_have_text("查")
    typist.keyboard.press("Backspace")
    typist.keyboard.insert_text("查")
    expect(typist.locator("h1")).to_have_text("打字成绩")
    attempt = TypingAttempt.objects.get()
    assert (attempt.status, attempt.typed, attempt.accuracy) == ("counted", len(TEXT), 100)
    assert [row["text"] for row in attempt.report[:2]] == ["您好，", "请稍"]
    assert WorkerSkill.objects.get(skill__code="typing-zh").level >= 1


def test_a_paste_is_stopped_told_and_refused(typist):
    typist.get_by_label("在这里输入").evaluate(PASTE)
    expect(typist.locator("[data-typing-status]")).to_contain_text("不能粘贴")
    typist.keyboard.insert_text("您好")
    typist.get_by_role("button", name="提交").click()
    expect(typist.locator("h1")).to_have_text("这次不算成绩")
    expect(typist.locator("#main")).to_contain_text("有粘贴或拖入")
    assert TypingAttempt.objects.get().refusal == "paste"
