"""The agency's pages about people."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from staffing.core import clock
from staffing.core.access import access
from staffing.core.models import Role
from workers.filters import PeopleFilter
from workers.selectors import people as reads
from workers.services import commitments

AGENCY = (Role.DISPATCHER, Role.MANAGER)
PAGE = 20


@access(*AGENCY)
def people(request: HttpRequest) -> HttpResponse:
    """The pool, filtered."""
    shown = PeopleFilter(request.GET, queryset=reads.people())
    page = Paginator(shown.qs, PAGE).get_page(request.GET.get("page"))
    return render(request, "workers/list.html", {"filter": shown, "page": page})


@access(*AGENCY)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: what they can do, when they are free, how reliable they are."""
    worker, now = get_object_or_404(reads.person(), pk=pk), clock.now()
    context = {
        "worker": worker,
        "week": reads.week_of(list(worker.windows.all())),
        "papers": reads.papers_of(worker, reads.today_of(now)),
        "courses": reads.courses_of(worker, reads.today_of(now)),
        "exceptions": reads.exceptions_of(worker, now),
        "commitments": commitments.coming(worker, now),
    }
    return render(request, "workers/person.html", context)
