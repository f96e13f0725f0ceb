"""Insight: noted on the worker's phone, tidied at the desk, sent to the client's product team."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from feedback.forms_reports import GroupForm, NoteForm
from feedback.models import InsightGroup, InsightNote
from feedback.presentation import reports as words
from feedback.selectors import insight as reads
from feedback.services import insight as service
from orders.models import Assignment, Client
from orders.permissions import assignments_of
from orders.states import AssignmentStatus
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

AGENCY = (Role.DISPATCHER, Role.MANAGER)
WEEK = timedelta(days=7)


def _week(request: HttpRequest, now: datetime) -> date:
    """The Monday of the week that was asked for; bare, the week before this one, which is ready to be sent."""
    try:
        asked = parse_date(request.GET.get("week", ""))
    except ValueError:
        asked = None
    return asked - timedelta(days=asked.weekday()) if asked else reads.monday_of(now) - WEEK


def _weeks(request: HttpRequest, monday: date, now: datetime) -> dict[str, object]:
    """The week and its neighbours."""
    this = reads.monday_of(now)
    after = monday + WEEK if monday < this else None
    return {"monday": monday, "last": monday + WEEK - timedelta(days=1), "before": monday - WEEK, "after": after}


@access(*AGENCY)
def clients(request: HttpRequest) -> HttpResponse:
    """The clients about whom something was noted in a week."""
    now = clock.now()
    monday = _week(request, now)
    context = {"rows": reads.clients(monday), "over": reads.week(monday)[1] <= now}
    return render(request, "feedback/insight.html", context | _weeks(request, monday, now))


@access(*AGENCY)
def client(request: HttpRequest, pk: int) -> HttpResponse:
    """One client's week: groups to tidy, and the report as it would be sent."""
    now, found = clock.now(), get_object_or_404(Client.objects.select_related("product_contact"), pk=pk)
    monday = _week(request, now)
    week = reads.of_week(found, monday)
    content = week.report.content if week.report else reads.content(found.pk, monday)
    context = {
        "week": week,
        "contact": getattr(found, "product_contact", None),
        "sections": words.insight_sections(content),
        "over": reads.week(monday)[1] <= now,
    }
    return render(request, "feedback/insight_client.html", context | _weeks(request, monday, now))


def _back(pk: int, monday: date) -> HttpResponse:
    return redirect(f"{reverse('feedback:insight-client', args=[pk])}?week={monday}")


@access(*AGENCY, methods="GET POST")
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group's notes, and better words for it."""
    row = get_object_or_404(InsightGroup.objects.select_related("client"), pk=pk)
    form = GroupForm(request.POST or None, instance=row)
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        service.describe(pk, **form.cleaned_data, by=acting(request), now=now)
        return _back(row.client_id, _week(request, now))
    notes = row.notes.select_related("assignment__worker__user").order_by("-at")
    context = {"group": row, "form": form, "notes": notes, "monday": _week(request, now)}
    return render(request, "feedback/insight_group.html", context, status=422 if form.errors else 200)


@access(*AGENCY, methods="POST")
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Several groups become one."""
    found, now = get_object_or_404(Client, pk=pk), clock.now()
    asked = [int(one) for one in request.POST.getlist("group") if one.isdecimal()]
    own = found.insight_groups.filter(pk__in=asked).values_list("pk", flat=True)
    kept = service.merge(own, by=acting(request), now=now)
    messages.success(request, _("已合并为“%(title)s”。") % {"title": kept.title})
    return _back(pk, _week(request, now))


@access(*AGENCY, methods="POST")
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """The week's report goes out, once."""
    found, now = get_object_or_404(Client, pk=pk), clock.now()
    monday = _week(request, now)
    report = service.send(found.pk, monday, by=acting(request), now=now)
    messages.success(request, _("报告将发送到 %(email)s。") % {"email": report.email})
    return _back(pk, monday)


@access(Role.WORKER, methods="GET POST")
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """What the client's customers asked today: a small form, alone or as a part of the shift's page."""
    rows = assignments_of(acting(request).user).filter(status=AssignmentStatus.COMPLETED)
    work = get_object_or_404(rows.select_related("position__shift__order__client"), pk=pk)
    form = NoteForm(request.POST or None, products=reads.products(work.position.shift.order.client_id))
    if request.method == "POST" and form.is_valid() and _noted(request, work, form):
        return redirect("feedback:my-insight", pk=pk)
    known = InsightNote.objects.filter(assignment=work).select_related("group")
    context = {"work": work, "order": work.position.shift.order, "form": form, "known": known}
    name = "_my_insight" if request.htmx else "my_insight"  # type: ignore[attr-defined]
    return render(request, f"feedback/{name}.html", context, status=422 if form.errors else 200)


def _noted(request: HttpRequest, work: Assignment, form: NoteForm) -> bool:
    try:
        service.note(work, form.noted(), clock.now())
    except (Invalid, Conflict) as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("已记录，谢谢。"))
    return True
