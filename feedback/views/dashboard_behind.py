"""What is behind the fields of the pictures: the shifts of an hour of the week, the clients of a month of signing."""

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase

from feedback import exports
from feedback.choices import chosen
from feedback.presentation import dashboard as parts
from feedback.selectors import clients, patterns
from feedback.views.dashboard import PAGE, page_of
from staffing.core import clock, export
from staffing.core.access import access
from staffing.core.models import Role


class FieldOfWeek(forms.Form):
    """An hour of an ISO weekday."""

    weekday = forms.IntegerField(min_value=1, max_value=7)
    hour = forms.IntegerField(min_value=0, max_value=23)


class FieldOfCohort(forms.Form):
    """A month of signing, and how many months later."""

    month = forms.DateField(input_formats=["%Y-%m"])
    age = forms.IntegerField(min_value=0, max_value=clients.MONTHS)


@access(Role.MANAGER)
def shifts(request: HttpRequest) -> HttpResponseBase:
    """The shifts behind one field of the heat map; `format` gives them as a file."""
    field, choice = _asked(FieldOfWeek(request.GET)), chosen(request.GET, clock.now())
    found = patterns.touching(choice.days, field["weekday"], field["hour"])
    if "format" in request.GET:
        return export.answer(request, exports.SHIFTS, found, choice.now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    title = f"{parts.weekdays()[field['weekday'] - 1]} {field['hour']:02d}:00"
    return page_of(request, "dashboard-shifts", choice, {"page": page, "title": title})


@access(Role.MANAGER)
def cohort(request: HttpRequest) -> HttpResponseBase:
    """The clients signed in one month and what they ordered in a later one; `format` gives them as a file."""
    field, choice = _asked(FieldOfCohort(request.GET)), chosen(request.GET, clock.now())
    month: date = field["month"]
    found = clients.cohort(month, field["age"], choice.cut)
    if "format" in request.GET:
        return export.answer(request, exports.COHORT, found, choice.now)
    context = {"found": found, "month": month, "age": field["age"], "again": sum(one.orders > 0 for one in found)}
    return page_of(request, "dashboard-cohort", choice, context)


def _asked(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        raise Http404
    return form.cleaned_data
