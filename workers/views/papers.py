"""The desk's pages about papers: the queue, the picture beside the form, and what ends soon."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from staffing.core import clock, private_files
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.formpages import attempt, form_page
from staffing.core.models import Role
from workers.forms_papers import AcceptForm, ReasonForm
from workers.models import Document
from workers.selectors import papers as reads
from workers.services import papers
from workers.views.people import AGENCY

PAGE = 50


@access(*AGENCY)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first."""
    page = Paginator(reads.waiting(), PAGE).get_page(request.GET.get("page"))
    return render(request, "workers/papers.html", {"page": page, "now": clock.now()})


@access(*AGENCY)
def ending(request: HttpRequest) -> HttpResponse:
    """What of whom runs out within the policy's days."""
    page = Paginator(reads.ending(clock.now()), PAGE).get_page(request.GET.get("page"))
    return render(request, "workers/papers_ending.html", {"page": page})


@access(*AGENCY, methods="GET POST")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture beside what is read from it; accepted, the next in turn comes."""
    row, now = get_object_or_404(reads.documents(), pk=pk), clock.now()
    form = AcceptForm(row, request.POST or None, initial={"level": row.level, "issuer": row.issuer})
    if attempt(form, lambda: papers.accept(row.pk, form.finding(), by=acting(request), now=now)):
        messages.success(request, _("已核验通过：%(paper)s · %(name)s") % _told(row))
        return _next(row)
    context = {"row": row, "next": reads.after(row), "waiting": row.status == "waiting"}
    return form_page(request, "workers/paper.html", form, context)


@access(*AGENCY, methods="GET POST")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn it down, in words that the worker reads."""
    row, now = get_object_or_404(reads.documents(), pk=pk), clock.now()
    form = ReasonForm(request.POST or None)
    if attempt(form, lambda: papers.refuse(row.pk, form.cleaned_data["reason"], by=acting(request), now=now)):
        messages.success(request, _("已退回：%(paper)s · %(name)s") % _told(row))
        return _next(row)
    return form_page(request, "workers/paper_refuse.html", form, {"row": row})


def _told(row: Document) -> dict[str, str]:
    return {"paper": row.subject.name, "name": row.worker.user.name}


def _next(row: Document) -> HttpResponse:
    following = reads.after(row)
    return redirect("workers:paper", following.pk) if following else redirect("workers:papers")


@access(*AGENCY, Role.WORKER)
def image(request: HttpRequest, pk: int, small: bool) -> HttpResponse:
    """The picture of a paper."""
    row = get_object_or_404(reads.shown_to(acting(request).user), pk=pk)
    return private_files.answer(row.small if small else row.file, kept="private, no-store")
