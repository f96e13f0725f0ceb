"""A client's team and lists at the desk, and conflicts of interest."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.forms.circle import TEAM, ConflictEntryForm, ListForm
from orders.models import Client, ConflictOfInterest
from orders.selectors import circle as reads
from orders.services import circle, conflicts
from orders.views.desk.common import DESK, PAGE, attempt
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from workers.models import Worker


@access(*DESK, methods="GET POST")
def lists(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is of the team, who is not sent and why; somebody can be added."""
    client, now = get_object_or_404(Client, pk=pk), clock.now()
    form = ListForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and attempt(form, lambda: _add(request, client, form)):
        messages.success(request, _("已加入名单，匹配立即生效。"))
        return redirect("orders:desk-circle", pk)
    context = {"client": client, "form": form, "parts": reads.parts(client), "events": reads.history(client)}
    return render(request, "orders/desk_circle.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest, client: Client, form: ListForm) -> None:
    worker, terms, by, now = form.cleaned_data["who"], form.terms(), acting(request), clock.now()
    if form.cleaned_data["kind"] == TEAM:
        circle.add_to_team(client, worker, by=by, now=now, terms=terms)
    else:
        circle.do_not_send(client, worker, reason=terms.reason, until=terms.until, by=by, now=now)


@access(*DESK, methods="POST")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves a list, with a reason."""
    client, found = get_object_or_404(Client, pk=pk), request.POST.get("worker", "")
    worker = get_object_or_404(Worker, pk=int(found) if found.isdecimal() and len(found) < 18 else 0)
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        messages.error(request, _("请填写理由。"))
        return redirect("orders:desk-circle", pk)
    leave = circle.leave_team if request.POST.get("kind") == TEAM else circle.send_again
    leave(client, worker, by=acting(request), now=clock.now(), reason=reason)
    messages.success(request, _("已移出名单。"))
    return redirect("orders:desk-circle", pk)


@access(*DESK, methods="GET POST")
def declared(request: HttpRequest) -> HttpResponse:
    """Conflicts that hold; one can be entered for somebody."""
    now = clock.now()
    form = ConflictEntryForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and attempt(form, lambda: _declare(request, form)):
        messages.success(request, _("已登记。"))
        return redirect("orders:conflicts")
    page = Paginator(reads.conflicts(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "clients": Client.objects.filter(is_active=True).order_by("name")}
    return render(request, "orders/conflicts.html", context, status=422 if form.errors else 200)


def _declare(request: HttpRequest, form: ConflictEntryForm) -> None:
    conflicts.declare(form.cleaned_data["who"], form.declared(), by=acting(request), now=clock.now())


@access(*DESK, methods="POST")
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Which client it is about."""
    row, found = get_object_or_404(ConflictOfInterest, pk=pk), request.POST.get("client", "")
    client = get_object_or_404(Client, pk=int(found) if found.isdecimal() and len(found) < 18 else 0)
    conflicts.place(row.pk, client, by=acting(request), now=clock.now())
    messages.success(request, _("已确认，不再派往该客户。"))
    return redirect("orders:conflicts")


@access(*DESK, methods="POST")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """It holds no longer."""
    row = get_object_or_404(ConflictOfInterest, pk=pk)
    conflicts.end(row.pk, by=acting(request), now=clock.now(), reason=request.POST.get("reason", ""))
    messages.success(request, _("已结束。"))
    return redirect("orders:conflicts")
