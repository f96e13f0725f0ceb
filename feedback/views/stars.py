"""Stars explained: to the worker, and to the agency."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from feedback.selectors import stars
from feedback.views.desk import AGENCY
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from workers.models import Worker


@access(Role.WORKER)
def mine(request: HttpRequest) -> HttpResponse:
    """What counted how much, and what would bring the next star."""
    worker = get_object_or_404(Worker.objects.select_related("user"), user=acting(request).user)
    context = {"worker": worker, "stars": stars.explained(worker, clock.now())}
    return render(request, "feedback/my_stars.html", context)


@access(*AGENCY)
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for the agency; the part alone for htmx."""
    worker = get_object_or_404(Worker.objects.select_related("user"), pk=pk)
    context = {"worker": worker, "stars": stars.explained(worker, clock.now())}
    part = "feedback/_stars.html" if request.htmx else "feedback/person_stars.html"  # type: ignore[attr-defined]
    return render(request, part, context)
