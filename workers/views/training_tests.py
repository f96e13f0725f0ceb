"""Quizzes on the phone: what is asked, the questions with the server's clock, what came of it."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from staffing.core.models import Role
from workers.models import AttemptQuestion, Quiz, QuizAttempt, Worker
from workers.selectors import training as reads
from workers.services import quizzes
from workers.training_states import AttemptStatus
from workers.views.me import my_worker

LATEST = 10


@access(Role.WORKER, methods="GET POST")
def intro(request: HttpRequest, pk: int) -> HttpResponse:
    """How it goes; begun, to its questions."""
    worker, now = my_worker(request), clock.now()
    quiz = get_object_or_404(Quiz.objects.select_related("course", "skill", "language"), pk=pk, is_active=True)
    if quiz.course is not None:
        get_object_or_404(reads.visible(worker), pk=quiz.course_id)
    if request.method == "POST":
        return _begin(request, worker, quiz)
    stands = quizzes.standing(worker, quiz, now)
    tries = quiz.attempts.filter(worker=worker).exclude(status=AttemptStatus.RUNNING)[:LATEST]
    context = {"quiz": quiz, "standing": stands, "refusal": stands.refusal(now), "tries": tries, "now": now}
    return render(request, "workers/my_quiz.html", context)


def _begin(request: HttpRequest, worker: Worker, quiz: Quiz) -> HttpResponse:
    """To the questions; where none may begin, back to the words that say why."""
    try:
        started = quizzes.start(worker.pk, quiz, by=acting(request), now=clock.now())
    except Conflict:
        return redirect("workers:my-quiz", quiz.pk)
    return redirect("workers:my-attempt", started.pk)


def _mine(request: HttpRequest, pk: int) -> QuizAttempt:
    rows = QuizAttempt.objects.select_related("quiz__course", "quiz__skill", "quiz__language")
    return get_object_or_404(rows, pk=pk, worker__user=acting(request).user)


@never_cache
@access(Role.WORKER)
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions while the time runs, then the result with what was wrong and why."""
    row, now = _mine(request, pk), clock.now()
    if row.status == AttemptStatus.RUNNING and row.ends_at <= now:
        quizzes.expire(row.pk, now)
        row = _mine(request, pk)
    running = row.status == AttemptStatus.RUNNING
    grade = row.quiz.skill or row.quiz.language
    context = {
        "attempt": row,
        "quiz": row.quiz,
        "level_name": grade.grade(row.level) if grade and row.level else "",
        "questions": [_shown(each) for each in row.questions.all()],
    }
    return render(request, "workers/my_attempt.html" if running else "workers/my_result.html", context)


def _shown(row: AttemptQuestion) -> dict[str, Any]:
    """A question in the active language; `is_right` and `why` are for the result."""
    content = row.content
    options = [
        {
            "key": option["key"],
            "text": row.told(option),
            "chosen": option["key"] in row.answer,
            "right": option["key"] in content["right"],
        }
        for option in content["options"]
    ]
    right = bool(content["right"]) and set(row.answer) == set(content["right"])
    words = {"text": row.told(content["text"]), "why": row.told(content["why"]), "kind": content["kind"]}
    return {"number": row.number, "options": options, "is_right": right, "answered": bool(row.answer), **words}


def _chosen(request: HttpRequest, number: int) -> Sequence[str]:
    return request.POST.getlist(f"q{number}")


@access(Role.WORKER, methods="POST")
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep one answer: `number`, and `q<number>` as often as something is chosen. 204, or 409 once it is over."""
    row = _mine(request, pk)
    number = int(request.POST["number"]) if request.POST.get("number", "").isdecimal() else 0
    quizzes.answer(row.pk, number, _chosen(request, number), now=clock.now())
    return HttpResponse(status=204)


@access(Role.WORKER, methods="POST")
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, with all answers of the form. Repeating it changes nothing."""
    row = _mine(request, pk)
    numbers = row.questions.values_list("number", flat=True)
    given = {number: _chosen(request, number) for number in numbers if f"q{number}" in request.POST}
    quizzes.finish(row.pk, given, by=acting(request), now=clock.now())
    return redirect("workers:my-attempt", row.pk)
