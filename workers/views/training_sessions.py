"""The desk's pages about sessions: plan one, who comes, who was there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from workers.forms_training import PlaceForm, SessionForm, values_of
from workers.models import Course, TrainingSession, Worker
from workers.selectors import people
from workers.selectors import training_desk as reads
from workers.selectors.training import with_numbers
from workers.services import sessions
from workers.views.people import AGENCY
from workers.views.training_desk import edited

FOUND = 8


def _session(pk: int) -> TrainingSession:
    return get_object_or_404(with_numbers(TrainingSession.objects.select_related("course", "trainer")), pk=pk)


@access(*AGENCY, methods="GET POST")
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a session of a course."""
    course = get_object_or_404(Course, pk=pk, is_active=True)
    first = {"kind": TrainingSession.Kind.CLASSROOM, "trainer": acting(request).user}
    form = SessionForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            session = sessions.plan(course, form.plan(), by=acting(request), now=clock.now())
            messages.success(request, _("已开放报名。"))
            return redirect("workers:training-session", session.pk)
        except Invalid as refusal:
            form.add_error(None, str(refusal))
    return edited(request, form, _("新开一场：%(course)s") % {"course": course.name}, str(pk))


@access(*AGENCY)
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has a seat, who waits; who was there once it has begun. `q` finds somebody to enrol."""
    found, now, text = _session(pk), clock.now(), request.GET.get("q", "").strip()
    rows = reads.places(found)
    there = [row.worker_id for row in rows if row.status in ("enrolled", "waiting")]
    hits = people.by_name_or_phone(Worker.objects.select_related("user", "city"), text).exclude(pk__in=there)
    context = {
        "session": found,
        "places": rows,
        "has_begun": found.starts_at <= now,
        "q": text,
        "hits": hits.exclude(status="left").order_by("user__name", "pk")[:FOUND] if text else [],
    }
    return render(request, "workers/training_session.html", context)


@access(*AGENCY, methods="GET POST")
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Another place, link, trainer or number of seats."""
    found = _session(pk)
    first = {name: getattr(found, name) for name in ("place", "link", "trainer", "seats")}
    form = PlaceForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            sessions.describe(pk, **values_of(form), by=acting(request), now=clock.now())
            messages.success(request, _("已保存。"))
            return redirect("workers:training-session", pk)
        except Invalid as refusal:
            form.add_error(None, str(refusal))
    return edited(request, form, _("修改场次"), str(found.course_id))


@access(*AGENCY, methods="POST")
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody in, or in the queue (`worker`)."""
    worker = get_object_or_404(Worker, pk=_number(request))
    place = sessions.enrol(_session(pk).pk, worker, by=acting(request), now=clock.now())
    messages.success(request, place.get_status_display())
    return redirect("workers:training-session", pk)


@access(*AGENCY, methods="POST")
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody out (`worker`); whoever waits moves up."""
    worker = get_object_or_404(Worker, pk=_number(request))
    sessions.leave(_session(pk).pk, worker, by=acting(request), now=clock.now())
    return redirect("workers:training-session", pk)


def _number(request: HttpRequest) -> int:
    text = request.POST.get("worker", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@access(*AGENCY, methods="POST")
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was there (`present`, as often as there are people)."""
    present = {int(text) for text in request.POST.getlist("present") if text.isdecimal()}
    sessions.hold(_session(pk).pk, present, by=acting(request), now=clock.now())
    messages.success(request, _("到课已登记。"))
    return redirect("workers:training-session", pk)


@access(*AGENCY, methods="POST")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off (`reason`); everybody with a place is told."""
    try:
        reason = request.POST.get("reason", "")
        sessions.cancel(_session(pk).pk, reason=reason, by=acting(request), now=clock.now())
        messages.success(request, _("已取消，并通知所有报名的人。"))
    except Invalid as refusal:
        messages.error(request, str(refusal))
    return redirect("workers:training-session", pk)
