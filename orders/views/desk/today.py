"""Today's shifts: who is missing, and where a replacement is being sought."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from orders.models import OrderPolicy, Position
from orders.selectors.desk import today as reads
from orders.selectors.desk import trouble
from orders.services import waves
from orders.states import OrderStatus
from orders.views.desk.common import DESK, search_words, wants_part
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.rendering import add_toast

PAGE = 50
ROWS = 8


@access(*DESK)
def today(request: HttpRequest) -> HttpResponse:
    """All shifts of today and those still running, or what of them needs a look; polled."""
    kind = request.GET.get("kind", "")
    context = _trouble(request, kind) if kind in trouble.KINDS else _shifts(request)
    return render(request, "orders/_desk_today.html" if wants_part(request) else "orders/desk_today.html", context)


def _shifts(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    found = reads.shifts(now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return {"page": page, "totals": reads.totals(found), "now": now, "kind": "", "here": request.get_full_path()}


def _trouble(request: HttpRequest, kind: str) -> dict[str, Any]:
    now, policy = clock.now(), OrderPolicy.current()
    found = trouble.rows(now, policy)
    page = Paginator(trouble.of_kind(found, kind), ROWS).get_page(request.GET.get("page"))
    trouble.with_progress(list(page.object_list), policy)
    here = f"{reverse('orders:desk-today')}?kind={kind}&page={page.number}"
    counts = trouble.counts(found)
    return {"page": page, "strip": _strip(counts, kind), "kind": kind, "now": now, "here": here, "counts": counts}


@access(*DESK)
def strip(request: HttpRequest) -> HttpResponse:
    """How many places need a look, by kind; polled."""
    found = trouble.rows(clock.now(), OrderPolicy.current())
    context = {"strip": _strip(trouble.counts(found), request.GET.get("kind", ""))}
    return render(request, "orders/_desk_strip.html", context)


def _strip(counts: dict[str, int], kind: str) -> list[dict[str, Any]]:
    address = reverse("orders:desk-today")
    named = {
        "unconfirmed": (_("未确认"), "user-question", "warning"),
        "at_risk": (_("有风险"), "alert-triangle", "warning"),
        "late": (_("迟到"), "clock-exclamation", "danger"),
        "no_show": (_("未到岗"), "user-x", "danger"),
        "replacing": (_("替补中"), "replace", "accent"),
    }
    return [
        {
            "label": label,
            "icon": icon,
            "kind": colour if counts[name] else "neutral",
            "count": counts[name],
            "url": f"{address}?kind={name}",
            "active": name == kind,
        }
        for name, (label, icon, colour) in named.items()
    ]


@access(*DESK, methods="POST")
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the best for a place, several at once; a second click says that it runs already."""
    place = get_object_or_404(Position.objects.exclude(shift__order__status=OrderStatus.DRAFT), pk=pk)
    work, kind = request.GET.get("work", ""), request.GET.get("kind", "")
    seen = int(work) if work.isdecimal() and len(work) < 19 else None
    done = search_words(waves.replace(place.pk, seen, by=acting(request), now=clock.now()))
    if wants_part(request):
        context = _trouble(request, kind if kind in trouble.KINDS else "replacing")
        answer = add_toast(render(request, "orders/_desk_today.html", context), done)
        return trigger_client_event(answer, "desk-changed")
    messages.success(request, done)
    return redirect(f"{reverse('orders:desk-today')}?kind=replacing")
