"""The courses that a worker is asked to pass."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from workers.models import TrainingTask

LATEST = 30


@access(Role.WORKER)
def mine(request: HttpRequest) -> HttpResponse:
    """What is to be learned by when, and what is done."""
    own = TrainingTask.objects.filter(worker__user=acting(request).user).exclude(status=TrainingTask.Status.WITHDRAWN)
    tasks = own.select_related("course").order_by("-status", "due_on", "pk")[:LATEST]
    return render(request, "feedback/my_training.html", {"tasks": tasks, "today": timezone.localdate(clock.now())})


@access(Role.WORKER)
def part(request: HttpRequest) -> HttpResponse:
    """The part of the worker's front page that tells of open courses; nothing if there are none."""
    own = TrainingTask.objects.filter(worker__user=acting(request).user, status=TrainingTask.Status.OPEN)
    return render(request, "feedback/_my_training.html", {"tasks": own.select_related("course").order_by("due_on")})
