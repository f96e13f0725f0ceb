"""The worker's pages about their standing: watch and decisions, their word against them, level and direction."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.formpages import attempt
from staffing.core.models import Role
from workers.forms_standing import StandingAppealForm, WishForm
from workers.models import Proposal, StandingPolicy, WatchEntry
from workers.selectors import career as careers_read
from workers.selectors import standing as reads
from workers.services import careers, standing_appeals
from workers.states import MATCHED
from workers.views.me import my_worker


@access(Role.WORKER)
def standing(request: HttpRequest) -> HttpResponse:
    """What is looked at, what was decided, what one can say against it."""
    worker = my_worker(request)
    lines = reads.of_worker(worker, clock.now(), own=True)
    context = {"worker": worker, "lines": lines, "sent": worker.status in MATCHED}
    return render(request, "workers/me_standing.html", context)


@access(Role.WORKER, methods="GET POST")
def appeal_watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a watch should end."""
    return _appeal(request, get_object_or_404(WatchEntry, pk=pk, worker=my_worker(request)))


@access(Role.WORKER, methods="GET POST")
def appeal_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a suspension or removal should be taken back."""
    removals = Proposal.objects.filter(kind__in=(Proposal.Kind.SUSPEND, Proposal.Kind.LEAVE))
    return _appeal(request, get_object_or_404(removals.exclude(decided_at=None), pk=pk, worker=my_worker(request)))


def _appeal(request: HttpRequest, subject: reads.Subject) -> HttpResponse:
    now, form = clock.now(), StandingAppealForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda: standing_appeals.file(subject, by=acting(request), now=now, text=form.cleaned_data["text"])
    ):
        messages.success(request, _("申诉已提交；处理期间不生效。"))
        return redirect("workers:me-standing")
    policy = StandingPolicy.current()
    context = {"line": reads.line(subject, now, policy), "form": form, "policy": policy}
    return render(request, "workers/me_standing_appeal.html", context, status=422 if form.errors else 200)


@access(Role.WORKER, methods="GET POST")
def career(request: HttpRequest) -> HttpResponse:
    """Level, direction, and what is missing for the next."""
    worker, now = my_worker(request), clock.now()
    stand = careers_read.stand(worker, now)
    form = WishForm(request.POST or None, initial={"track": stand.wish})
    if request.method == "POST" and form.is_valid():
        careers.wish(worker.pk, form.cleaned_data["track"], by=acting(request), now=now)
        messages.success(request, _("已保存您的意向。"))
        return redirect("workers:me-career")
    history = careers_read.history(worker)
    context = {"worker": worker, "stand": stand, "form": form, "history": history}
    return render(request, "workers/me_career.html", context, status=422 if form.errors else 200)
