"""The desk's training: the catalogue is the manager's, sessions are everybody's of the agency, numbers are true."""

from datetime import timedelta

import pytest
import time_machine

from staffing.core.actors import actor_of
from tests.fixtures import training
from tests.fixtures.agency import NOW
from workers.models import Course, Lesson, Question, TrainingSession, TrainingTask, WorkerCourse
from workers.services import sessions

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(agency, client):
    client.force_login(agency.manager())
    return client


@pytest.fixture
def dispatcher(agency, client):
    client.force_login(agency.dispatcher())
    return client


COURSE = {
    "name_zh": "礼品卡",
    "name_en": "Gift cards",
    "kind": "product",
    "pass_rule": "desk",
    "paid_minutes": "30",
    "open_to_all": "on",
    "is_active": "on",
}
LESSON = {
    "title_zh": "第一课",
    "text_zh": "## 什么是礼品卡\n- 实体\n- 电子",
    "title_en": "One",
    "text_en": "Cards",
    "minutes": "8",
}
QUIZ = {
    "draw": 5,
    "pass_percent": 80,
    "minutes": 10,
    "tries": 3,
    "tries_days": 7,
    "wait_minutes": 30,
    "is_active": "on",
}
QUESTION = {
    "kind": "single",
    "text_zh": "礼品卡能退吗？",
    "text_en": "May it be returned?",
    "text_zh_1": "能",
    "text_zh_2": "不能",
}


def test_a_course_is_written_from_nothing_to_its_bank(manager):
    desk = "/people/training"
    url = manager.post(f"{desk}/courses/new/", COURSE).url
    course = Course.objects.get(code="gift-cards")
    shown = manager.post(f"{url}lessons/new/", LESSON | {"preview": "1"}).content.decode()
    assert '<h2 class="h3">' in shown and "什么是礼品卡" in shown and not Lesson.objects.exists()
    manager.post(f"{url}lessons/new/", LESSON)
    manager.post(f"{url}lessons/new/", LESSON | {"title_zh": "第二课"})
    first, second = course.lessons.all()
    manager.post(f"{desk}/lessons/{second.pk}/move/", {"up": "1"})
    assert [row.pk for row in course.lessons.all()] == [second.pk, first.pk]
    manager.post(f"{desk}/lessons/{first.pk}/", LESSON | {"title_zh": "改"})
    manager.post(f"{url}quiz/", QUIZ)
    course.refresh_from_db()
    assert course.pass_rule == "quiz" and course.quiz.code == "gift-cards"
    bank = f"{desk}/quizzes/{course.quiz.pk}"
    refused = manager.post(f"{bank}/questions/new/", QUESTION)
    assert refused.status_code == 422 and "礼品卡能退吗" in refused.content.decode() and not Question.objects.exists()
    manager.post(f"{bank}/questions/new/", QUESTION | {"is_right_2": "on"})
    question = Question.objects.get()
    assert [(row.text_en, row.is_right) for row in question.options.all()] == [("能", False), ("不能", True)]
    manager.post(f"{desk}/questions/{question.pk}/", QUESTION | {"is_right_1": "on", "text_zh": "可以退吗？"})
    assert question.options.get(is_right=True).text_zh == "能"
    assert "可以退吗" in manager.get(f"{bank}/").content.decode()
    assert "改" in manager.get(f"{url}preview/").content.decode()
    manager.post(f"{desk}/lessons/{first.pk}/remove/")
    assert "改" not in manager.get(f"{url}preview/").content.decode()


def test_the_catalogue_is_the_managers(dispatcher):
    course = training.course()
    lesson, quiz = training.lesson(course), training.quiz(course)
    page = dispatcher.get(f"/people/training/courses/{course.pk}/").content.decode()
    assert lesson.title_zh in page and "新增课时" not in page and "新开一场" in page
    for url in ("courses/new", f"courses/{course.pk}/edit", f"lessons/{lesson.pk}", f"quizzes/{quiz.pk}/rules"):
        assert dispatcher.get(f"/people/training/{url}/").status_code == 403


def test_numbers_are_those_of_the_rows(dispatcher, agency):
    course = training.course()
    quiz, session = training.quiz(course), training.session(agency, course, seats=1)
    training.take(agency.worker(), quiz)
    training.take(agency.worker(), quiz, wrong=4)
    for _ in range(3):
        worker = agency.worker()
        sessions.enrol(session.pk, worker, by=actor_of(worker.user), now=NOW)
    row = next(row for row in dispatcher.get("/people/training/").context["rows"] if row["course"] == course)
    found = row["course"]
    assert (found.passed, found.tries, found.good, found.waiting, found.session_count) == (1, 2, 1, 2, 1)
    assert row["rate"] == 0.5


def test_a_session_from_opening_to_attendance(dispatcher, agency):
    course = training.course(pass_rule="attendance")
    trainer = agency.dispatcher()
    plan = {
        "kind": "classroom",
        "day": "2026-11-25",
        "start": "14:00",
        "end": "16:00",
        "trainer": trainer.pk,
        "seats": 1,
    }
    assert dispatcher.post(f"/people/training/courses/{course.pk}/sessions/new/", plan).status_code == 422
    url = dispatcher.post(f"/people/training/courses/{course.pk}/sessions/new/", plan | {"place": "302"}).url
    session = TrainingSession.objects.get()
    there, waits = agency.worker(), agency.worker()
    for person in (there, waits):
        dispatcher.post(f"{url}enrol/", {"worker": person.pk})
    assert waits.user.name in dispatcher.get(url, {"q": waits.user.phone[-6:]}).content.decode()
    dispatcher.post(f"{url}edit/", plan | {"place": "401", "seats": 2})
    assert set(session.places.values_list("status", flat=True)) == {"enrolled"}
    dispatcher.post(f"{url}leave/", {"worker": waits.pk})
    assert dispatcher.post(f"{url}hold/").status_code in (302, 409) and not WorkerCourse.objects.exists()
    with time_machine.travel(session.ends_at, tick=False):
        assert "登记到课" in dispatcher.get(url).content.decode()
        dispatcher.post(f"{url}hold/", {"present": [there.pk]})
    assert WorkerCourse.objects.get().worker == there


def test_calling_off_needs_a_reason(dispatcher, agency):
    session = training.session(agency, training.course())
    url = f"/people/training/sessions/{session.pk}/cancel/"
    dispatcher.post(url)
    session.refresh_from_db()
    assert session.status == "open"
    dispatcher.post(url, {"reason": "讲师生病"})
    session.refresh_from_db()
    assert (session.status, session.reason) == ("cancelled", "讲师生病")


def test_somebody_is_asked_to_learn(dispatcher, agency):
    worker, course = agency.worker(), training.course()
    url, asked = f"/people/{worker.pk}/training/assign/", {"course": course.pk, "due_on": "2026-11-30"}
    dispatcher.post(url, asked)
    assert TrainingTask.objects.get().worker == worker
    again = dispatcher.post(url, asked)
    assert again.status_code == 422 and "已有这门课" in again.content.decode()
    part = dispatcher.get(f"/people/{worker.pk}/training/", headers={"HX-Request": "true"}).content.decode()
    assert course.name_zh in part and "<html" not in part


def test_a_true_or_false_question_needs_no_words_for_its_answers(manager):
    course = Course.objects.create(code="gift", name_zh="礼品卡", name_en="Gift cards")
    manager.post(f"/people/training/courses/{course.pk}/quiz/", QUIZ)
    new = f"/people/training/quizzes/{course.quiz.pk}/questions/new/"
    asked = {"kind": "true_false", "text_zh": "能退。", "text_en": "May be returned."}
    assert manager.post(new, asked).status_code == 422
    manager.post(new, asked | {"is_right_2": "on"})
    told = [(row.text_zh, row.text_en, row.is_right) for row in Question.objects.get().options.all()]
    assert told == [("对", "True", False), ("错", "False", True)]


def test_courses_of_one_name_have_codes_of_their_own(manager):
    for _ in range(2):
        manager.post("/people/training/courses/new/", COURSE)
    codes = Course.objects.filter(name_zh="礼品卡").values_list("code", flat=True)
    assert sorted(codes) == ["gift-cards", "gift-cards-2"]
