"""Daily and weekly reports to read, and who wants them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from feedback.forms_reports import ChoiceForm, ContactForm
from feedback.models import DailyReport, ProductContact, ReportChoice, WeeklyReport
from feedback.permissions import daily_reports_of_client, insight_reports_of_client
from feedback.presentation import reports as words
from feedback.selectors.period import DAY
from feedback.services import insight, reports
from orders import permissions
from orders.models import Client
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role, User

PAGE = 20


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "behind `access`"
    return request.user


def _choice(request: HttpRequest) -> ChoiceForm:
    found = ReportChoice.objects.filter(user=_me(request)).first() or ReportChoice()
    return ChoiceForm(initial={"daily": found.daily, "weekly": found.weekly})


def _chosen(request: HttpRequest) -> None:
    form = ChoiceForm(request.POST)
    form.is_valid()
    reports.choose(_me(request), form.cleaned_data)
    messages.success(request, _("已保存。"))


@access(Role.CLIENT)
def of_client(request: HttpRequest) -> HttpResponse:
    """The company's daily reports, what was sent to its product team, and who wants what."""
    return _client_page(request)


def _client_page(request: HttpRequest, contact: ContactForm | None = None) -> HttpResponse:
    company = _company(request)
    known = ProductContact.objects.filter(client=company).first()
    context: dict[str, Any] = {
        "page": Paginator(daily_reports_of_client(_me(request)), PAGE).get_page(request.GET.get("page")),
        "insights": insight_reports_of_client(_me(request))[:PAGE],
        "choice": _choice(request),
        "contact": known,
        "contact_form": contact or ContactForm(instance=known),
        "may_manage": permissions.may_manage(_me(request)),
    }
    return render(request, "feedback/client_reports.html", context, status=422 if contact else 200)


def _company(request: HttpRequest) -> Client:
    return get_object_or_404(permissions.companies_of(_me(request)))


@access(Role.CLIENT, methods="POST")
def client_choice(request: HttpRequest) -> HttpResponse:
    """Whether this person wants the daily report."""
    _chosen(request)
    return redirect("feedback:client-reports")


@access(Role.CLIENT, methods="POST")
def contact(request: HttpRequest) -> HttpResponse:
    """To whom the insight goes."""
    permissions.require(permissions.may_manage(_me(request)))
    company = _company(request)
    form = ContactForm(request.POST, instance=ProductContact(client=company))
    if not form.is_valid():
        return _client_page(request, form)
    insight.set_contact(company, **form.cleaned_data, by=acting(request), now=clock.now())
    messages.success(request, _("已保存。"))
    return redirect("feedback:client-reports")


@access(Role.CLIENT)
def client_daily(request: HttpRequest, pk: int) -> HttpResponse:
    """One day of the company."""
    return _daily(request, get_object_or_404(daily_reports_of_client(_me(request)), pk=pk))


@access(Role.CLIENT)
def client_insight(request: HttpRequest, pk: int) -> HttpResponse:
    """What the company's product team was sent."""
    row = get_object_or_404(insight_reports_of_client(_me(request)), pk=pk)
    context = {"report": row, "last": row.monday + 6 * DAY, "sections": words.insight_sections(row.content)}
    return render(request, "feedback/client_insight.html", context)


@access(Role.MANAGER)
def house(request: HttpRequest) -> HttpResponse:
    """The house's days and weeks."""
    days = DailyReport.objects.filter(client=None)
    context = {
        "page": Paginator(days, PAGE).get_page(request.GET.get("page")),
        "weeks": WeeklyReport.objects.all()[:PAGE],
        "choice": _choice(request),
    }
    return render(request, "feedback/reports.html", context)


@access(Role.MANAGER, methods="POST")
def house_choice(request: HttpRequest) -> HttpResponse:
    """Which reports this person wants."""
    _chosen(request)
    return redirect("feedback:reports")


@access(Role.MANAGER)
def daily(request: HttpRequest, pk: int) -> HttpResponse:
    """One day of the house, with every client's."""
    row = get_object_or_404(DailyReport.objects.filter(client=None), pk=pk)
    parts = DailyReport.objects.filter(day=row.day, client__isnull=False).select_related("client")
    return _daily(request, row, list(parts.order_by("client__name")))


def _daily(request: HttpRequest, row: DailyReport, parts: list[DailyReport] | None = None) -> HttpResponse:
    context = {"report": row, "facts": words.facts(row.figures), "parts": parts}
    return render(request, "feedback/daily_report.html", context)


@access(Role.MANAGER)
def weekly(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed most in a week."""
    row = get_object_or_404(WeeklyReport, pk=pk)
    context = {"report": row, "last": row.monday + 6 * DAY, "lines": words.weekly_lines(row)}
    return render(request, "feedback/weekly_report.html", context)
