"""Who is away, and which fixes are not done."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from feedback.forms_lessons import AbsenceForm
from feedback.models import CaseRound, StaffAbsence
from feedback.permissions import may_be_away
from feedback.selectors import lessons as selectors
from feedback.services import fixes, owners
from feedback.views.desk import AGENCY
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid

PAGE = 25


@access(*AGENCY)
def unfinished(request: HttpRequest) -> HttpResponse:
    """Fixes that were promised and are not done, the most pressing first."""
    page = Paginator(fixes.unfinished(), PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate(clock.now())
    return render(request, "feedback/fixes.html", {"page": page, "today": today})


@access(*AGENCY, methods="POST")
def fix_done(request: HttpRequest, pk: int) -> HttpResponse:
    """The fix is in place."""
    turn = get_object_or_404(CaseRound, pk=pk)
    fixes.done(turn.pk, by=acting(request), now=clock.now())
    if request.POST.get("next") == "list":
        return redirect("feedback:fixes")
    return redirect("feedback:case", pk=turn.case_id)


@access(*AGENCY, methods="GET POST")
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away, and a form for one's own days; a manager's for anybody's."""
    by, now = acting(request), clock.now()
    form = AbsenceForm(request.POST or None, people=may_be_away(by.user), initial={"user": by.user})
    if request.method == "POST" and form.is_valid():
        try:
            owners.away(**form.cleaned_data, by=by, now=now)
            return redirect("feedback:absences")
        except Invalid as error:
            form.add_error(None, str(error))
    context = {"form": form, "absences": selectors.absences(now), "today": timezone.localdate(now)}
    return render(request, "feedback/absences.html", context, status=422 if form.errors else 200)


@access(*AGENCY, methods="POST")
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """There again."""
    row = get_object_or_404(StaffAbsence.objects.filter(user__in=may_be_away(acting(request).user)), pk=pk)
    owners.back(row.pk, by=acting(request), now=clock.now())
    return redirect("feedback:absences")
