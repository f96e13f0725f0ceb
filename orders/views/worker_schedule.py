"""The worker's time: the week, one shift, calling off, hours."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import permissions
from orders.forms.worker import CANCEL_REASONS, ReasonForm
from orders.models import OrderPolicy
from orders.selectors import swaps as swaps_read
from orders.selectors import worker as reads
from orders.selectors import worker_week as weeks
from orders.services import attendance, open_shifts, swaps
from orders.states import AssignmentStatus
from orders.views.worker_common import me, page, status_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from staffing.core.pwa import in_wechat, kept_offline
from workers.forms import WEEKDAYS


@access(Role.WORKER)
@kept_offline
def schedule(request: HttpRequest) -> HttpResponse:
    """One week, from Monday."""
    now = clock.now()
    monday = weeks.asked_week(request.GET.get("week", ""), now)
    return render(request, "orders/my_schedule.html", {"week": weeks.week(me(request), monday, now)})


@access(Role.WORKER)
def month(request: HttpRequest) -> HttpResponse:
    """A month: what each day holds, and the way to it."""
    now = clock.now()
    first = weeks.asked_day(request.GET.get("month", ""), now).replace(day=1)
    context = {"month": weeks.month(me(request), first, now), "weekdays": [label for _day, label in WEEKDAYS]}
    return render(request, "orders/my_month.html", context)


@access(Role.WORKER)
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One booking: place, people, briefing, hours, and who else could take it."""
    context, now = _shift_context(request, pk), clock.now()
    work = context["card"].work
    more: dict[str, Any] = {"undo_until": open_shifts.undo_until(work, now), "swap": swaps_read.last_of(work)}
    more |= {"swappable": swaps.may_ask(work, now), "wechat": in_wechat(request)}
    return render(request, "orders/my_shift.html", context | more)


def _shift_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = reads.work_rows(permissions.assignments_of(acting(request).user)).select_related("claim")
    card = reads.work_card(get_object_or_404(rows, pk=pk), me(request), clock.now())
    return {"card": card, "helpline": reads.helpline()}


@access(Role.WORKER, methods="GET POST")
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off a booked shift, with a reason; a replacement is sought at once."""
    context = _shift_context(request, pk)
    form = ReasonForm(request.POST or None, choices=CANCEL_REASONS)
    if request.method == "POST" and form.is_valid():
        attendance.cancel(pk, by=acting(request), now=clock.now(), reason=form.reason())
        messages.success(request, _("班次已取消，调度已收到通知。"))
        return redirect("orders:my-schedule")
    if context["card"].work.status == AssignmentStatus.CANCELLED:
        return redirect("orders:my-shift", pk)
    return render(request, "orders/my_cancel.html", context | {"form": form}, status=status_of(form))


@access(Role.WORKER)
def summary(request: HttpRequest) -> HttpResponse:
    """This week's hours against the cap, and which position data is kept."""
    worker = me(request)
    monday = weeks.monday_of(timezone.localtime(clock.now()).date())
    policy = OrderPolicy.current()
    context = {
        "hours": weeks.hours(worker, monday),
        "positions": weeks.stored_positions(worker),
        "keep_days": policy.position_retention_days,
        "from_minutes": policy.check_in_from_minutes,
    }
    return page(request, "summary", context)
