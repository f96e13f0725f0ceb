"""The worker's training: what is to be learned, lesson by lesson, sessions, certificates."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from workers.learning import markup
from workers.models import IssuedCertificate, Lesson, TrainingSession, TrainingTask
from workers.selectors import training as reads
from workers.services import courses, sessions
from workers.training_states import PlaceStatus
from workers.views.certificates import shown
from workers.views.me import my_worker


@access(Role.WORKER)
def mine(request: HttpRequest) -> HttpResponse:
    """What is to be learned by when, what is open, tests, sessions, certificates."""
    worker, now = my_worker(request), clock.now()
    found = reads.cards(worker, now)
    context = {
        "cards": {
            "to_do": [card for card in found if card.task or not card.is_valid],
            "passed": [card for card in found if card.is_valid and not card.task],
        },
        "places": reads.places(worker, now),
        "tests": reads.open_tests(worker),
        "certificates": reads.certificates(worker),
        "today": timezone.localdate(now),
    }
    return render(request, "workers/my_training.html", context)


@access(Role.WORKER)
def part(request: HttpRequest) -> HttpResponse:
    """The part of the worker's front page that tells of what is asked; nothing if there is nothing."""
    own = TrainingTask.objects.filter(worker__user=acting(request).user, status=TrainingTask.Status.OPEN)
    return render(request, "workers/_my_training.html", {"tasks": own.select_related("course").order_by("due_on")})


@access(Role.WORKER)
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """One course: lessons, test, sessions."""
    worker, now = my_worker(request), clock.now()
    page = reads.course_page(worker, pk, now)
    if page is None:
        raise Http404
    refusal = page.standing.refusal(now) if page.standing else None
    context = {
        "page": page,
        "card": page.card,
        "refusal": refusal,
        "sessions": reads.sessions(worker, page.card.course, now),
        "today": timezone.localdate(now),
        "now": now,
    }
    return render(request, "workers/my_course.html", context)


@access(Role.WORKER, methods="GET POST")
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """One lesson to read; done, on to the next that is not."""
    worker = my_worker(request)
    found = get_object_or_404(
        Lesson.objects.select_related("course"), pk=pk, is_active=True, course__in=reads.visible(worker)
    )
    if request.method == "POST":
        courses.read(worker, found, clock.now())
    rows = reads.lessons(worker, found.course)
    if request.method == "POST":
        return _onward(rows, found)
    here = next(number for number, row in enumerate(rows, start=1) if row.pk == found.pk)
    context = {"lesson": rows[here - 1], "course": found.course, "number": here, "total": len(rows)}
    return render(request, "workers/my_lesson.html", context | {"blocks": markup.blocks(found.text)})


def _onward(rows: list[Lesson], done: Lesson) -> HttpResponse:
    """The next lesson that is not read, else the course."""
    order = [row.pk for row in rows]
    after = rows[order.index(done.pk) + 1 :] + rows[: order.index(done.pk)]
    unread = next((row for row in after if not row.is_read), None)  # type: ignore[attr-defined]
    return redirect("workers:my-lesson", unread.pk) if unread else redirect("workers:my-course", done.course_id)


@access(Role.WORKER, methods="POST")
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a seat, or a place in the queue. Repeating it changes nothing."""
    worker = my_worker(request)
    session = get_object_or_404(TrainingSession, pk=pk, course__in=reads.visible(worker))
    place = sessions.enrol(session.pk, worker, by=acting(request), now=clock.now())
    seated = place.status == PlaceStatus.ENROLLED
    messages.success(request, _("报名成功。") if seated else _("已满员，您在候补名单里；有空位会自动转正并通知您。"))
    return redirect("workers:my-course", session.course_id)


@access(Role.WORKER, methods="POST")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the place back. Repeating it changes nothing."""
    worker = my_worker(request)
    session = get_object_or_404(TrainingSession, pk=pk, course__in=reads.visible(worker))
    sessions.leave(session.pk, worker, by=acting(request), now=clock.now())
    messages.success(request, _("已取消报名。"))
    return redirect("workers:my-course", session.course_id)


@access(Role.WORKER)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """What shows that a course was passed, to be printed."""
    rows = IssuedCertificate.objects.select_related("course", "worker__user")
    row = get_object_or_404(rows, pk=pk, worker__user=acting(request).user)
    return render(request, "workers/my_certificate.html", shown(row, clock.now()))
