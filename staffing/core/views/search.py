"""One search over everything, for the agency's people."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from staffing.core import search as core
from staffing.core.access import access
from staffing.core.models import Role

AGENCY = (Role.DISPATCHER, Role.MANAGER)
SUGGESTED, LISTED, PAGE = 5, 10, 50


@access(*AGENCY)
def search(request: HttpRequest) -> HttpResponse:
    """The best of every group; for htmx the few under the box, and with `group` all of one."""
    meant = core.asked(request.GET.get("q", ""))
    if key := request.GET.get("group", ""):
        return _group(request, meant, key)
    htmx = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    found = core.find(meant, SUGGESTED if htmx else LISTED)
    page = "search/_suggestions.html" if htmx else "search/page.html"
    return render(request, page, {"meant": meant, "found": found, "typed": request.GET.get("q", "")})


def _group(request: HttpRequest, meant: core.Asked, key: str) -> HttpResponse:
    group = next((each for each in core.groups() if each.key == key), None)
    if group is None:
        raise Http404
    rows: QuerySet[Any] | list[Any] = group.rows(meant) if meant else []
    page: Page[Any] = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"meant": meant, "group": group, "page": page, "hits": [group.hit(row) for row in page]}
    return render(request, "search/group.html", context)
