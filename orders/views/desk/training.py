"""The demand for training, and asking those who lack one course to pass it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.forms.training import AssignManyForm
from orders.selectors.desk import training_demand as reads
from orders.selectors.desk.training_demand import Row
from orders.views.desk.common import DESK, attempt
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from staffing.core.models import City
from workers.models import Course, Worker
from workers.services import trainings

PAGE = 50


@access(*DESK)
def demand(request: HttpRequest) -> HttpResponse:
    """By course and city: places, people who hold it, people who lack nothing else."""
    return render(request, "orders/desk_training.html", {"report": reads.report(clock.now())})


@access(*DESK, methods="GET POST")
def course(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom one course would bring in one city; some of them are asked to pass it."""
    now, city = clock.now(), request.GET.get("city", "")
    report = reads.report(now, course=pk, city=city)
    row = report.rows[0] if report.rows else _nothing(pk, city)
    page = Paginator(sorted(row.only), PAGE).get_page(request.GET.get("page"))
    people = list(reads.people(row.course, page))
    named = {who.pk: who.user.name for who in people if not who.asked}
    form = AssignManyForm(
        request.POST if request.method == "POST" else None, people=named, today=timezone.localdate(now)
    )
    if request.method == "POST" and attempt(form, lambda: _assign(request, row, form)):
        return redirect(f"{request.path}?city={row.city.code}")
    context = {"row": row, "page": page, "people": people, "form": form, "days": report.days}
    return render(request, "orders/desk_training_course.html", context, status=422 if form.errors else 200)


def _nothing(pk: int, city: str) -> Row:
    """Of a course that no shift of the city asks for."""
    where = City.objects.filter(code=city) if city else City.objects.all()
    return Row(get_object_or_404(Course, pk=pk), get_object_or_404(where[:1]))


def _assign(request: HttpRequest, row: Row, form: AssignManyForm) -> None:
    """Whoever was asked meanwhile is passed over."""
    chosen, asked = form.cleaned_data["workers"], 0
    for worker in Worker.objects.filter(pk__in=chosen).order_by("pk"):
        try:
            trainings.assign(
                worker, row.course, due_on=form.cleaned_data["due_on"],
                reason=_("%(city)s的班次需要这门培训") % {"city": row.city.name}, by=acting(request), now=clock.now(),
            )  # fmt: skip
            asked += 1
        except Conflict:
            continue
    told = ngettext("已布置给 %(n)s 人，并通知本人。", "已布置给 %(n)s 人，并通知本人。", asked)
    messages.success(request, told % {"n": asked})
