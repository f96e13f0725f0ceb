"""The desk's pages about courses: the list with its numbers, a course with its parts, as the worker sees it."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from workers.forms_training import CourseForm, LessonForm, QuizForm, values_of
from workers.learning import markup
from workers.models import Course, Lesson, Quiz
from workers.selectors import training_desk as reads
from workers.services import courses
from workers.views.people import AGENCY

UNPROCESSABLE = 422


@access(*AGENCY)
def listing(request: HttpRequest) -> HttpResponse:
    """Every course with how many learn, passed and wait; the tests of skills and languages."""
    rows = [{"course": course, "rate": reads.rate(course)} for course in reads.courses()]
    context = {"rows": rows, "tests": reads.other_tests(), "may_edit": may_edit(request)}
    return render(request, "workers/training.html", context)


def may_edit(request: HttpRequest) -> bool:
    """The catalogue is the manager's."""
    return acting(request).role == Role.MANAGER


@access(*AGENCY)
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """One course: lessons, quiz, sessions, numbers."""
    found = get_object_or_404(reads.courses(), pk=pk)
    quiz = reads.quiz_of(found)
    context = {
        "course": found,
        "rate": reads.rate(found),
        "lessons": reads.lessons(found),
        "quiz": quiz,
        "bank": list(reads.questions(quiz)) if quiz else [],
        "sessions": reads.sessions(found)[:20],
        "may_edit": may_edit(request),
    }
    return render(request, "workers/training_course.html", context)


@access(*AGENCY)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """All lessons as the phone shows them."""
    found = get_object_or_404(Course, pk=pk)
    parts = [{"lesson": row, "blocks": markup.blocks(row.text)} for row in reads.lessons(found)]
    return render(request, "workers/training_preview.html", {"course": found, "parts": parts})


def edited(request: HttpRequest, form: BaseForm, title: str, back: str, **more: Any) -> HttpResponse:
    """The form's page; what was typed wrong stays."""
    context = {"form": form, "title": title, "back": back, **more}
    return render(request, "workers/training_form.html", context, status=UNPROCESSABLE if form.errors else 200)


def _saved(request: HttpRequest, row: Course, form: BaseForm) -> Course:
    """What the form says, written; the instance that the form has changed is read anew, so that changes show."""
    fresh = Course.objects.get(pk=row.pk) if row.pk else row
    messages.success(request, _("已保存。"))
    return courses.save_course(fresh, values_of(form), by=acting(request), now=clock.now())


@access(Role.MANAGER, methods="GET POST")
def new_course(request: HttpRequest) -> HttpResponse:
    """A course more in the catalogue."""
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("workers:training-course", _saved(request, Course(), form).pk)
    return edited(request, form, _("新建课程"), "")


@access(Role.MANAGER, methods="GET POST")
def edit_course(request: HttpRequest, pk: int) -> HttpResponse:
    """Its words and rules."""
    found = get_object_or_404(Course, pk=pk)
    form = CourseForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        return redirect("workers:training-course", _saved(request, found, form).pk)
    return edited(request, form, _("编辑课程"), str(pk))


@access(Role.MANAGER, methods="GET POST")
def new_lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """A lesson more, the last."""
    found = get_object_or_404(Course, pk=pk)
    return _lesson(request, Lesson(course=found), _("新增课时"))


@access(Role.MANAGER, methods="GET POST")
def edit_lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """Its words, with a preview."""
    found = get_object_or_404(Lesson.objects.select_related("course"), pk=pk, is_active=True)
    return _lesson(request, found, _("编辑课时"))


def _lesson(request: HttpRequest, row: Lesson, title: str) -> HttpResponse:
    course_id = row.course_id
    form = LessonForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        fresh = Lesson.objects.get(pk=row.pk) if row.pk else Lesson(course=row.course)
        courses.save_lesson(fresh, values_of(form), by=acting(request), now=clock.now())
        messages.success(request, _("已保存。"))
        return redirect("workers:training-course", course_id)
    shown = [markup.blocks(form.data.get(name) or "") for name in ("text_zh", "text_en")] if form.is_bound else []
    return edited(request, form, title, str(course_id), previews=shown, may_preview=True)


@access(Role.MANAGER, methods="POST")
def move_lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up (`up`) or down."""
    found = get_object_or_404(Lesson, pk=pk, is_active=True)
    courses.move(found.pk, -1 if "up" in request.POST else 1, by=acting(request), now=clock.now())
    return redirect("workers:training-course", found.course_id)


@access(Role.MANAGER, methods="POST")
def remove_lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of use; what was read stays."""
    found = get_object_or_404(Lesson, pk=pk)
    courses.remove(found, by=acting(request), now=clock.now())
    return redirect("workers:training-course", found.course_id)


@access(Role.MANAGER, methods="GET POST")
def course_quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of the course's quiz; with the first it gets one."""
    found = get_object_or_404(Course, pk=pk)
    quiz = reads.quiz_of(found) or Quiz(course=found)
    form = QuizForm(request.POST or None, instance=quiz)
    if request.method == "POST" and form.is_valid():
        fresh = reads.quiz_of(found) or Quiz(course=found)
        courses.save_quiz(fresh, values_of(form), by=acting(request), now=clock.now())
        messages.success(request, _("已保存。"))
        return redirect("workers:training-course", pk)
    return edited(request, form, _("测验规则"), str(pk))
