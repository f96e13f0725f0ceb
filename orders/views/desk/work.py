"""What a dispatcher does about one booked worker: release, check in or out for them, no-show, correct hours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.forms_desk import AskForm, CorrectForm, ReasonForm
from orders.models import Timesheet
from orders.selectors.desk import proposal
from orders.services import attendance, timesheets
from orders.views.desk.common import DESK, attempt, form_page
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting


def _declare_absent(assignment_id: int, *, by: Any, now: Any, reason: str) -> bool:
    return attendance.declare_absent(assignment_id, now, by=by)


@dataclass(frozen=True, slots=True)
class Deed:
    """An action on one assignment: its words and its service."""

    title: Any
    text: Any
    done: Any
    run: Callable[..., Any]
    form: type[Form] = ReasonForm
    kind: str = "primary"


DEEDS: Final[Mapping[str, Deed]] = {
    "release": Deed(
        gettext_lazy("释放员工"),
        gettext_lazy("该员工将收到通知，系统立即寻找替补。"),
        gettext_lazy("已释放，正在寻找替补。"),
        attendance.release,
        kind="danger",
    ),
    "check-in": Deed(
        gettext_lazy("代为签到"),
        gettext_lazy("签到时间记为现在，打卡方式记为调度代签。"),
        gettext_lazy("已代为签到。"),
        attendance.check_in,
    ),
    "check-out": Deed(
        gettext_lazy("代为签退"),
        gettext_lazy("签退时间记为现在，随后生成工时单。"),
        gettext_lazy("已代为签退。"),
        attendance.check_out,
    ),
    "no-show": Deed(
        gettext_lazy("记为未到岗"),
        gettext_lazy("该员工将收到通知，系统立即寻找替补。"),
        gettext_lazy("已记为未到岗，正在寻找替补。"),
        _declare_absent,
        form=AskForm,
        kind="danger",
    ),
}


@access(*DESK, methods="GET POST")
def act(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Ask for the reason, then do it; a refusal is shown with what was typed."""
    work, how = get_object_or_404(proposal.works(), pk=pk), DEEDS[deed]
    form, by, now = how.form(request.POST if request.method == "POST" else None), acting(request), clock.now()
    if attempt(form, lambda: how.run(work.pk, by=by, now=now, reason=form.cleaned_data.get("reason", ""))):
        messages.success(request, str(how.done))
        return redirect("orders:desk-order", work.position.shift.order_id)
    return form_page(request, "orders/desk_act.html", form, {"work": work, "deed": how})


@access(*DESK, methods="GET POST")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Set disputed hours right and put them to the client again."""
    related = ("assignment__worker__user", "assignment__position__shift__order__client")
    sheet = get_object_or_404(Timesheet.objects.select_related(*related), pk=pk)
    form, by, now = CorrectForm(request.POST or None, sheet=sheet), acting(request), clock.now()
    if attempt(form, lambda: timesheets.correct(sheet.pk, by=by, now=now, **form.cleaned_data)):
        messages.success(request, _("工时已更正，等待客户确认。"))
        return redirect("orders:desk-order", sheet.assignment.position.shift.order_id)
    return form_page(request, "orders/desk_correct.html", form, {"sheet": sheet, "work": sheet.assignment})
