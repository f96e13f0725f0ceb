"""The desk's pages about a bank of questions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from staffing.core.models import Role
from workers.forms_training import QuestionForm, QuizForm, values_of
from workers.models import Question, Quiz
from workers.selectors import training_desk as reads
from workers.services import courses
from workers.views.people import AGENCY
from workers.views.training_desk import UNPROCESSABLE, edited, may_edit


@access(*AGENCY)
def bank(request: HttpRequest, pk: int) -> HttpResponse:
    """Every question with its answers."""
    quiz = get_object_or_404(Quiz.objects.select_related("course", "skill", "language"), pk=pk)
    context = {"quiz": quiz, "bank": list(reads.questions(quiz)), "may_edit": may_edit(request)}
    return render(request, "workers/training_bank.html", context | {"levels": quiz.levels.all()})


@access(Role.MANAGER, methods="GET POST")
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of a quiz."""
    quiz = get_object_or_404(Quiz, pk=pk)
    form = QuizForm(request.POST or None, instance=quiz)
    if request.method == "POST" and form.is_valid():
        courses.save_quiz(Quiz.objects.get(pk=pk), values_of(form), by=acting(request), now=clock.now())
        messages.success(request, _("已保存。"))
        return redirect("workers:training-bank", pk)
    return edited(request, form, _("测验规则"), "", bank=pk)


@access(Role.MANAGER, methods="GET POST")
def new_question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question more."""
    quiz = get_object_or_404(Quiz, pk=pk)
    return _question(request, Question(quiz=quiz, kind=Question.Kind.SINGLE), _("新增题目"))


@access(Role.MANAGER, methods="GET POST")
def edit_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Its words and answers."""
    return _question(request, get_object_or_404(Question, pk=pk, is_active=True), _("编辑题目"))


def _question(request: HttpRequest, row: Question, title: str) -> HttpResponse:
    form = QuestionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid() and _saved(request, row, form):
        return redirect("workers:training-bank", row.quiz_id)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "workers/training_question.html", {"form": form, "title": title, "row": row}, status=status)


def _saved(request: HttpRequest, row: Question, form: QuestionForm) -> bool:
    fresh = Question.objects.get(pk=row.pk) if row.pk else Question(quiz=row.quiz)
    try:
        courses.save_question(fresh, form.words(), form.answers(), by=acting(request), now=clock.now())
    except Invalid as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("已保存。"))
    return True


@access(Role.MANAGER, methods="POST")
def remove_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use; what was answered stays."""
    row = get_object_or_404(Question, pk=pk)
    courses.remove(row, by=acting(request), now=clock.now())
    return redirect("workers:training-bank", row.quiz_id)
