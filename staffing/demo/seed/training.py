"""Training in the demo: four courses with lessons and banks, sessions with a queue, somebody in the middle of one."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from staffing.core.actors import actor_of
from staffing.core.models import Role, User
from staffing.demo import logins
from staffing.demo.seed import training_typing
from staffing.demo.seed.training_questions import BANKS, Ask
from staffing.demo.seed.training_words import COURSES
from staffing.demo.seed.training_words import Course as Written
from workers.models import (
    Course,
    Language,
    Lesson,
    LessonRead,
    Option,
    Question,
    Quiz,
    QuizLevel,
    Skill,
    TrainingPolicy,
    TrainingSession,
    TypingText,
    Worker,
)
from workers.services import quizzes, sessions, trainings
from workers.services.sessions import Plan

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ENGLISH = ((60, 2), (80, 3), (100, 4))
WORDS_A_MINUTE = (20, 30, 40, 50, 60)


def build(now: datetime) -> None:
    """The catalogue, then what people make of it."""
    TrainingPolicy().save()
    for written in COURSES:
        _course(written)
    _english()
    _typing()
    people = Worker.objects.filter(status=Worker.Status.ACTIVE).select_related("user").order_by("pk")
    _sessions(people, now)
    _tried(people, now)
    _shown(people.get(user__phone=logins.WORKER.phone), now)


def _course(written: Written) -> None:
    names = ("name_zh", "name_en", "kind", "summary_zh", "summary_en", "pass_rule", "valid_days", "paid_minutes")
    values = {name: getattr(written, name) for name in names} | {"open_to_all": True}
    course, _new = Course.objects.update_or_create(code=written.code, defaults=values)
    Lesson.objects.bulk_create(
        Lesson(
            course=course,
            number=number,
            title_zh=words.title_zh,
            title_en=words.title_en,
            text_zh=words.text_zh,
            text_en=words.text_en,
            minutes=words.minutes,
        )
        for number, words in enumerate(written.lessons, start=1)
    )
    quiz = Quiz.objects.create(
        code=written.code, name_zh=written.name_zh, name_en=written.name_en, course=course, draw=4, pass_percent=75
    )
    _bank(quiz, BANKS[written.code])


def _bank(quiz: Quiz, asked: tuple[Ask, ...]) -> None:
    for ask in asked:
        words = {"text_zh": ask.zh, "text_en": ask.en, "why_zh": ask.why_zh, "why_en": ask.why_en}
        question = Question.objects.create(quiz=quiz, kind=ask.kind, **words)
        Option.objects.bulk_create(
            Option(question=question, text_zh=zh, text_en=en, is_right=number in ask.right)
            for number, (zh, en) in enumerate(ask.options, start=1)
        )


def _english() -> None:
    """A test whose result is a level of a language."""
    language = Language.objects.get(code="english")
    names = {"name_zh": "英语在线客服测试", "name_en": "English for online chat"}
    quiz = Quiz.objects.create(
        code="english-chat", language=language, draw=4, pass_percent=60, valid_days=730, tries=2, tries_days=30, **names
    )
    QuizLevel.objects.bulk_create(QuizLevel(quiz=quiz, percent=percent, level=level) for percent, level in ENGLISH)
    _bank(quiz, BANKS["english-chat"])


def _typing() -> None:
    """Chinese texts for the scale that all have, English ones for a scale of their own."""
    grades = [{"zh": f"{n} 词/分", "en": f"{n} wpm", "from": n} for n in WORDS_A_MINUTE]
    names = {"name_zh": "英文打字", "name_en": "Typing in English", "kind": Skill.Kind.TYPING, "grades": grades}
    english, _new = Skill.objects.get_or_create(code="typing-en", defaults=names)
    chinese = Skill.objects.get(code="typing")
    for skill, script, bodies in ((chinese, "zh", training_typing.ZH), (english, "en", training_typing.EN)):
        TypingText.objects.bulk_create(TypingText(skill=skill, script=script, body=body) for body in bodies)


def _sessions(people: QuerySet[Worker], now: datetime) -> None:
    """One that is full with a queue, one online with room, one held last week."""
    full = _session("emergency-response", now + 3 * DAY, now - 4 * DAY, seats=5, place="静安区延平路培训室 302")
    for number, worker in enumerate(people[3:11]):
        sessions.enrol(full.pk, worker, by=actor_of(worker.user), now=now - 3 * DAY + number * HOUR)
    online = _session("calming", now + 5 * DAY, now - 2 * DAY, seats=30, link="https://class.lingke.example/calming")
    for number, worker in enumerate(people[8:15]):
        sessions.enrol(online.pk, worker, by=actor_of(worker.user), now=now - DAY + number * HOUR)
    held = _session("emergency-response", now - 6 * DAY, now - 12 * DAY, seats=12, place="静安区延平路培训室 302")
    there = list(people[20:30])
    for worker in there:
        sessions.enrol(held.pk, worker, by=actor_of(worker.user), now=now - 10 * DAY)
    present = [worker.pk for worker in there[:-2]]
    sessions.hold(held.pk, present, by=actor_of(held.trainer), now=held.ends_at)


def _session(
    code: str, day: datetime, planned: datetime, *, seats: int, place: str = "", link: str = ""
) -> TrainingSession:
    """From 14 to 16 o'clock local time of that day."""
    trainer = User.objects.filter(role=Role.DISPATCHER).order_by("pk")[1]
    start = day.replace(hour=6, minute=0, second=0, microsecond=0)
    kind = TrainingSession.Kind.CLASSROOM if place else TrainingSession.Kind.ONLINE
    wanted = Plan(kind, start, start + 2 * HOUR, place, link, trainer, seats)
    return sessions.plan(Course.objects.get(code=code), wanted, by=actor_of(trainer), now=planned)


def _tried(people: QuerySet[Worker], now: datetime) -> None:
    """Some have learned and tried; every fourth of them did not pass."""
    for place, code in enumerate(("after-sale-talk", "desk-system", "calming")):
        course = Course.objects.get(code=code)
        for number, worker in enumerate(people[30 + place * 8 : 38 + place * 8]):
            at = now - (20 - number) * DAY
            _read(worker, list(course.lessons.all()), at - HOUR)
            _take(worker, course.quiz, at, wrong=2 if number % 4 == 3 else number % 2)


def _read(worker: Worker, lessons: list[Lesson], at: datetime) -> None:
    LessonRead.objects.bulk_create(LessonRead(worker=worker, lesson=lesson, at=at) for lesson in lessons)


def _take(worker: Worker, quiz: Quiz, at: datetime, *, wrong: int) -> None:
    by = actor_of(worker.user)
    attempt = quizzes.start(worker.pk, quiz, by=by, now=at, seed=worker.pk)
    rows = attempt.questions.order_by("number")
    given = {row.number: row.content["right"] if row.number > wrong else [] for row in rows}
    quizzes.finish(attempt.pk, given, by=by, now=at + HOUR / 10)


def _shown(worker: Worker, now: datetime) -> None:
    """The demo's worker has passed one, is in the middle of another, was asked for it, and waits for a seat."""
    done, calming = Course.objects.get(code="desk-system"), Course.objects.get(code="calming")
    _read(worker, list(done.lessons.all()), now - 9 * DAY)
    _take(worker, done.quiz, now - 9 * DAY + HOUR, wrong=1)
    _read(worker, list(calming.lessons.all())[:1], now - DAY)
    desk = actor_of(User.objects.filter(role=Role.DISPATCHER).order_by("pk")[0])
    due = (now + 6 * DAY).date()
    trainings.assign(worker, calming, due_on=due, reason="客户建议加强沟通", by=desk, now=now - 2 * DAY)
    waiting = TrainingSession.objects.get(course__code="emergency-response", status="open")
    sessions.enrol(waiting.pk, worker, by=actor_of(worker.user), now=now - DAY)
