"""The phone's training: lessons in turn, a quiz to its result, sessions, certificates; and who may see what."""

import json

import pytest
import time_machine

from tests.fixtures import training
from tests.fixtures.agency import NOW
from workers.models import IssuedCertificate, LessonRead, Skill, TypingText, WorkerCourse
from workers.services import typing_tests


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def me(agency, client):
    worker = agency.worker()
    client.force_login(worker.user)
    return worker


def test_lesson_by_lesson_then_the_quiz_then_the_certificate(client, me):
    course = training.course(paid_minutes=30)
    one, two = training.lesson(course), training.lesson(course)
    quiz = training.quiz(course)
    page = client.get(f"/my/training/courses/{course.pk}/").content.decode()
    assert "请先学完全部课时" in page and "0 / 2" in page
    assert f'<a class="btn btn-primary w-100 mt-3" href="/my/training/lessons/{one.pk}/">开始学习' in page
    assert '<h2 class="h3">' in client.get(f"/my/training/lessons/{one.pk}/").content.decode()
    assert client.post(f"/my/training/lessons/{one.pk}/").url == f"/my/training/lessons/{two.pk}/"
    assert client.post(f"/my/training/lessons/{two.pk}/").url == f"/my/training/courses/{course.pk}/"
    assert LessonRead.objects.count() == 2
    page = client.get(f"/my/training/courses/{course.pk}/").content.decode()
    assert "开始学习" not in page and "继续学习" not in page and "去考试" in page
    started = client.post(f"/my/training/quizzes/{quiz.pk}/").url
    attempt = quiz.attempts.get()
    body = client.get(started).content.decode()
    assert all(row.content["text"]["zh"] in body for row in attempt.questions.all())
    assert "因为" not in body and "is-right" not in body
    right = training.answers(attempt)
    url = f"/my/training/attempts/{attempt.pk}"
    assert client.post(f"{url}/answer/", {"number": 1, "q1": right[1]}).status_code == 204
    given = {f"q{number}": keys for number, keys in right.items() if number > 1}
    client.post(f"{url}/finish/", given | {"q2": []})
    result = client.get(f"{url}/").content.decode()
    assert "通过了" in result and "75%" in result and result.count("答错") == 1 and "因为" in result
    issued = IssuedCertificate.objects.get()
    assert issued.number in client.get(f"/my/training/certificates/{issued.pk}/").content.decode()
    assert course.name_zh in client.get("/my/training/").content.decode()


def test_a_certificate_is_checked_without_a_login_and_says_no_more_than_it_must(client, me):
    training.take(me, training.quiz(training.course(valid_days=10)))
    me.user.name = "欧阳若溪"
    me.user.save()
    issued = IssuedCertificate.objects.get()
    client.logout()
    answer = client.get(f"/verify/{issued.code}/")
    page = answer.content.decode()
    assert "证书有效" in page and "欧**" in page and issued.course.name_zh in page
    assert "若溪" not in page and me.user.phone not in page and issued.number not in page
    assert answer["Referrer-Policy"] == "no-referrer"
    with time_machine.travel(NOW.replace(day=1, month=12) + (NOW - NOW.replace(day=1)), tick=False):
        assert "证书已过期" in client.get(f"/verify/{issued.code}/").content.decode()
    assert client.get(f"/verify/{issued.code[:-1]}x/").status_code == 404


def test_another_ones_is_not_there(client, me, agency):
    other = agency.worker()
    course = training.course()
    done = training.take(other, training.quiz(course))
    issued = IssuedCertificate.objects.get()
    for url in (f"attempts/{done.pk}/", f"certificates/{issued.pk}/"):
        assert client.get(f"/my/training/{url}").status_code == 404
    for url in (f"attempts/{done.pk}/answer/", f"attempts/{done.pk}/finish/"):
        assert client.post(f"/my/training/{url}").status_code == 404


def test_a_course_that_is_not_open_is_there_for_whom_it_was_asked(client, me):
    hidden = training.course(open_to_all=False)
    lesson, quiz = training.lesson(hidden), training.quiz(hidden)
    for url in (f"courses/{hidden.pk}/", f"lessons/{lesson.pk}/", f"quizzes/{quiz.pk}/"):
        assert client.get(f"/my/training/{url}").status_code == 404
    WorkerCourse.objects.create(worker=me, course=hidden, passed_on=NOW.date())
    assert client.get(f"/my/training/courses/{hidden.pk}/").status_code == 200


def test_a_seat_a_queue_and_back(client, me, agency):
    session = training.session(agency, training.course(), seats=1)
    url, page = f"/my/training/sessions/{session.pk}", f"/my/training/courses/{session.course_id}/"
    training.sessions.enrol(session.pk, agency.worker(), by=training.actor_of(agency.dispatcher()), now=NOW)
    assert "排队候补" in client.get(page).content.decode()
    client.post(f"{url}/enrol/")
    body = client.get(page).content.decode()
    assert "候补中" in body and "取消报名" in body
    client.post(f"{url}/leave/")
    client.post(f"{url}/leave/")
    assert session.places.get(worker=me).status == "left"


def test_typing_is_told_plainly_when_it_does_not_count(client, me):
    skill = Skill.objects.create(
        code="typing-zh", name_zh="中文打字", name_en="Typing", kind="typing", grades=training.GRADES
    )
    TypingText.objects.create(skill=skill, script="zh", body="您好，请问有什么可以帮您？")
    assert "不能粘贴" in client.get("/my/training/typing/").content.decode()
    url = client.post("/my/training/typing/", {"script": "zh"}).url
    assert "您好，请问" in client.get(url).content.decode()
    report = json.dumps([{"at": 10, "start": 0, "removed": 0, "text": "", "kind": "paste"}])
    assert client.post(url, {"report": report}).url == url
    assert "有粘贴或拖入" in client.get(url).content.decode()
    other = typing_tests.start(me.pk, "zh", by=training.actor_of(me.user), now=NOW)
    client.post(f"/my/training/typing/{other.pk}/", {"report": "{"})
    assert "无法核对" in client.get(f"/my/training/typing/{other.pk}/").content.decode()


def test_a_quiz_that_is_over_is_handed_in_when_its_page_is_opened(client, me):
    quiz = training.quiz(training.course())
    url = client.post(f"/my/training/quizzes/{quiz.pk}/").url
    with time_machine.travel(NOW.replace(minute=11), tick=False):
        assert client.post(f"{url}answer/", {"number": 1}).status_code in (302, 409)
        assert "没有通过" in client.get(url).content.decode()
