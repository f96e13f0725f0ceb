"""The worker's day: what matters now, and the two punches. Phone first."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import permissions
from orders.forms.proofs import PunchForm
from orders.models import Assignment, OrderPolicy, Punch
from orders.selectors import bench, proofs
from orders.selectors import worker as reads
from orders.services import attendance
from orders.views.worker_common import UNPROCESSABLE, me, page
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, DomainError, Invalid
from staffing.core.models import Role
from staffing.core.pwa import kept_offline
from staffing.core.rendering import add_toast
from workers.services import consents
from workers.services.standing import REMOVED


@access(Role.WORKER)
@kept_offline
def today(request: HttpRequest) -> HttpResponse:
    """The next shift, the one thing to do now, and the offers that wait."""
    return _today(request)


def _today(request: HttpRequest, trouble: DomainError | None = None, failed: str = "") -> HttpResponse:
    now, policy, wages = clock.now(), OrderPolicy.current(), reads.Wages.current()
    shifts, asked = reads.shifts_today(now), proofs.latest_asked()
    worker = me(request, shifts=shifts, agreed=consents.agreed(now), asked=asked, helpline=reads.helpline_phone())
    work = reads.current_work(worker, now)
    status = 200 if trouble is None else 409 if isinstance(trouble, Conflict) else UNPROCESSABLE
    context = {
        "now": now,
        "removed": worker.status in REMOVED,
        "hour": timezone.localtime(now).hour,
        "card": reads.work_card(work, worker, now, wages, policy) if work else None,
        "missed": reads.missed_work(worker, now),
        "standing_by": bench.ahead(worker, now),
        "shifts": worker.shifts,
        "offers": reads.offer_cards(worker, now, wages),
        "helpline": {"phone": worker.helpline} if worker.helpline else None,
        "agreed": worker.agreed,
        "asked": proofs.about(worker, work),
        "keep_days": policy.position_retention_days,
        "accuracy_cap_m": policy.accuracy_cap_m,
        "trouble": trouble,
        "failed": failed,
    }
    return page(request, "today", context, status)


@access(Role.WORKER, methods="POST")
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Arrive; repeating it is harmless."""
    return _punch(request, pk, Punch.Kind.IN, attendance.check_in, _("已上班打卡，工作顺利！"))


@access(Role.WORKER, methods="POST")
def check_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave; repeating it is harmless."""
    return _punch(request, pk, Punch.Kind.OUT, attendance.check_out, _("已下班打卡，辛苦了！"))


def _punch(request: HttpRequest, pk: int, kind: str, punch: Callable[..., Assignment], done: str) -> HttpResponse:
    work = get_object_or_404(permissions.assignments_of(acting(request).user), pk=pk)
    form = PunchForm(request.POST)
    try:
        punch(work.pk, by=acting(request), now=clock.now(), **form.punch())
        done = _("已收到，等待调度审核。") if proofs.waits(work, kind) else done
    except (Invalid, Conflict) as refusal:
        if not request.htmx:  # type: ignore[attr-defined]
            raise
        return _today(request, refusal, form.failed())
    if request.htmx:  # type: ignore[attr-defined]
        return add_toast(_today(request), done)
    messages.success(request, done)
    return redirect("orders:my-today")
