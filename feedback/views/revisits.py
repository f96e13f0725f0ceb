"""Call-backs: what is planned with the overdue first, the log of one, and all calls to a client."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.forms_reports import CallForm
from feedback.models import Revisit
from feedback.selectors import revisits as reads
from feedback.services import revisits as service
from feedback.states import RevisitStatus
from orders.models import Client
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

PAGE = 25
SHOWN = 3
AGENCY = (Role.DISPATCHER, Role.MANAGER)


@access(*AGENCY)
def board(request: HttpRequest) -> HttpResponse:
    """What is planned by its day, or what is done."""
    today = timezone.localdate(clock.now())
    group = "done" if request.GET.get("state") == "done" else "planned"
    page = Paginator(reads.listed(group), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "group": group, "counts": (counts := reads.counts(today)), "today": today}
    return render(request, "feedback/revisits.html", context | {"tabs": _tabs(counts, group)})


def _tabs(counts: dict[str, int], group: str) -> list[dict[str, object]]:
    named = (("planned", _("待回访")), ("done", _("已回访")))
    url = reverse("feedback:revisits")
    return [
        {"label": label, "url": f"{url}?state={name}", "active": name == group, "count": counts[name]}
        for name, label in named
    ]


@access(*AGENCY)
def overdue(request: HttpRequest) -> HttpResponse:
    """The overdue ones as a part of another page."""
    today = timezone.localdate(clock.now())
    rows = list(reads.overdue(today)[: SHOWN + 1])
    context = {"rows": rows[:SHOWN], "count": reads.counts(today)["overdue"], "today": today}
    return render(request, "feedback/_revisits_overdue.html", context)


@access(*AGENCY, methods="GET POST")
def revisit(request: HttpRequest, pk: int) -> HttpResponse:
    """One call-back with what was said before; while it is planned, the form for the call."""
    row = get_object_or_404(Revisit.objects.select_related("client"), pk=pk)
    now, form = clock.now(), CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _logged(request, row, form, now):
        return redirect("feedback:revisits")
    context = {
        "revisit": row,
        "form": form if row.status == RevisitStatus.PLANNED else None,
        "calls": reads.calls_of(row.client_id)[:PAGE],
        "today": timezone.localdate(now),
    }
    return render(request, "feedback/revisit.html", context, status=422 if form.errors else 200)


def _logged(request: HttpRequest, row: Revisit, form: CallForm, now: datetime) -> bool:
    try:
        service.log_call(row.pk, form.said(), by=acting(request), now=now)
    except (Invalid, Conflict) as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("回访已记录。"))
    return True


@access(*AGENCY)
def of_client(request: HttpRequest, pk: int) -> HttpResponse:
    """Every call to one client."""
    client = get_object_or_404(Client, pk=pk)
    page = Paginator(reads.calls_of(pk), PAGE).get_page(request.GET.get("page"))
    planned = client.revisits.filter(status=RevisitStatus.PLANNED).first()
    context = {"client": client, "page": page, "calls": page.object_list, "planned": planned}
    return render(request, "feedback/revisits_client.html", context)
