"""Tries at typing: the server's text and clock; the best that counts becomes the grade."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from staffing.core.actors import actor_of
from staffing.core.errors import Conflict
from tests.fixtures.agency import NOW
from tests.fixtures.outbox import drain
from tests.fixtures.training import GRADES
from workers.models import Skill, TrainingPolicy, TypingText, WorkerSkill
from workers.services import courses, typing_tests

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BODY = "您好，很高兴为您服务。请问您的订单遇到了什么问题？我马上为您查询，请您稍等一下。" * 6


@pytest.fixture
def worker(agency):
    return agency.worker()


@pytest.fixture
def texts(agency):
    skill = Skill.objects.create(code="typing-zh", name_zh="中文打字", name_en="Typing", kind="typing", grades=GRADES)
    return [TypingText.objects.create(skill=skill, script="zh", body=f"{n}{BODY}") for n in "甲乙丙"]


def typed(body: str, a_minute: int, seconds: int = 60) -> list[dict[str, Any]]:
    """Two characters at once, at this speed, with the unrest of a hand."""
    count, rows = a_minute * seconds // 60, list[dict[str, Any]]()
    for number in range(0, count, 2):
        at = (number + 2) * 60_000 // a_minute - number * 137 % 500
        rows.append({"at": at, "start": number, "removed": 0, "text": body[number : number + 2], "kind": "composed"})
    return [row for row in rows if row["at"] <= seconds * 1000]


def begin(worker, now=NOW, seed=0):
    return typing_tests.start(worker.pk, "zh", by=actor_of(worker.user), now=now, seed=seed)


def hand_in(attempt, report, after=60 * SECOND):
    by = actor_of(attempt.worker.user)
    return typing_tests.finish(attempt.pk, report, by=by, now=attempt.started_at + after)


def tried(worker, speed, now=NOW):
    attempt = begin(worker, now)
    return hand_in(attempt, typed(attempt.body, speed))


def test_the_best_of_the_days_becomes_the_grade(worker, texts):
    for number, speed in enumerate((64, 95, 40)):
        done = tried(worker, speed, NOW + number * DAY)
        assert done.status == "counted" and abs(done.speed - speed) <= 4
    row = WorkerSkill.objects.get(worker=worker, skill__code="typing-zh")
    assert (row.level, row.source, row.verified_by) == (3, "test", None)
    assert row.valid_until == NOW.date() + 2 * DAY + 365 * DAY


def test_below_the_lowest_threshold_there_is_no_grade(worker, texts):
    assert tried(worker, 20).status == "counted"
    assert not WorkerSkill.objects.filter(skill__kind="typing").exists()


def test_a_paste_is_refused_and_told_and_brings_nothing(worker, texts):
    attempt = begin(worker)
    whole = [{"at": 50_000, "start": 0, "removed": 0, "text": attempt.body, "kind": "key"}]
    event = {"at": 900, "start": 0, "removed": 0, "text": "", "kind": "paste"}
    done = hand_in(attempt, whole)
    assert (done.status, done.refusal, done.speed) == ("refused", "chunk", None)
    attempt = begin(worker, NOW + DAY)
    assert hand_in(attempt, [event, *typed(attempt.body, 60)][:1]).refusal == "paste"
    assert not WorkerSkill.objects.filter(skill__kind="typing").exists()


def test_time_is_the_servers(worker, texts):
    attempt = begin(worker)
    # A minute's typing that was told to have taken a minute, twenty seconds after the text was handed out.
    assert hand_in(attempt, typed(attempt.body, 80), 20 * SECOND).refusal == "clock"
    attempt = begin(worker, NOW + DAY)
    slow = hand_in(attempt, typed(attempt.body, 120, 20), 60 * SECOND)
    assert slow.speed <= 42


def test_handing_in_twice_changes_nothing(worker, texts):
    done = tried(worker, 60)
    again = hand_in(done, [])
    assert (again.status, again.speed) == ("counted", done.speed)


def test_the_text_differs_from_the_last_and_tries_are_few(worker, texts):
    days = TrainingPolicy.current()
    seen = [tried(worker, 60, NOW + number * DAY).text_id for number in range(days.typing_tries)]
    assert all(one != two for one, two in pairwise(seen))
    with pytest.raises(Conflict):
        begin(worker, NOW + 6 * DAY)
    assert begin(worker, NOW + 31 * DAY).status == "running"


def test_what_never_comes_back_is_given_up(worker, texts):
    first = begin(worker)
    second = begin(worker, NOW + 5 * SECOND)
    drain(NOW + 130 * SECOND)
    for row in (first, second):
        row.refresh_from_db()
        assert (row.status, row.refusal) == ("refused", "late")


@pytest.mark.parametrize("report", [None, {}, [{"at": -1}], [[]], "x"])
def test_nonsense_is_refused(worker, texts, report):
    assert hand_in(begin(worker), report).refusal == "broken"


def test_without_a_text_nothing_begins(worker):
    with pytest.raises(Conflict):
        begin(worker)


def test_how_it_was_typed_is_forgotten_the_speed_stays(worker, texts):
    done = tried(worker, 60)
    assert courses.forget(NOW + 180 * DAY) == 0 and courses.forget(NOW + 182 * DAY) == 1
    done.refresh_from_db()
    assert done.report == [] and done.speed
