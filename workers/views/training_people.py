"""The part of a person's page about training: what is asked of them, how tests went, and asking for a course."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from workers.forms_training import AssignForm, values_of
from workers.models import Worker
from workers.selectors import training_desk as reads
from workers.services import trainings
from workers.views.people import AGENCY

UNPROCESSABLE = 422


@access(*AGENCY)
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, tests, sessions, typing, paid time: a part, or a page of its own."""
    worker = get_object_or_404(Worker.objects.select_related("user"), pk=pk)
    context = {"worker": worker, **reads.of_person(worker, clock.now())}
    name = "_person_training" if request.htmx else "person_training"  # type: ignore[attr-defined]
    return render(request, f"workers/{name}.html", context)


@access(*AGENCY, methods="GET POST")
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody to pass a course by a day."""
    worker = get_object_or_404(Worker.objects.select_related("user"), pk=pk)
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _assigned(request, worker, form):
        return redirect("workers:person", pk)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "workers/training_assign.html", {"form": form, "worker": worker}, status=status)


def _assigned(request: HttpRequest, worker: Worker, form: AssignForm) -> bool:
    try:
        trainings.assign(worker, **values_of(form), by=acting(request), now=clock.now())
    except (Conflict, Invalid) as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("已布置，并通知本人。"))
    return True
