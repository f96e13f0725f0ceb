"""The inbox of notices, for every role."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from staffing.core import clock, notices
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Notification, Role, User

PAGE = 20


def visible(user: User | None) -> Any:
    """What a person still has to know: notices whose state has not passed."""
    return Notification.objects.filter(user=user, dropped_at__isnull=True)


@access()
def inbox(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    page = Paginator(visible(acting(request).user), PAGE).get_page(request.GET.get("page"))
    rows = [(row, notices.words(row.kind, row.data)) for row in page]
    shell = "base_phone.html" if acting(request).role == Role.WORKER else "base_desktop.html"
    return render(request, "core/inbox.html", {"page": page, "rows": rows, "shell": shell})


@access(methods="POST")
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    visible(acting(request).user).filter(read_at__isnull=True).update(read_at=clock.now())
    return redirect("inbox")


@access()
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a notice is about, and mark it read (harmless to repeat)."""
    row = get_object_or_404(visible(acting(request).user), pk=pk)
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
    return redirect(row.url or "inbox")
