"""The worker's pages: today, offers, schedule, one shift. Phone first."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import permissions
from orders.forms.worker import CANCEL_REASONS, DECLINE_REASONS, FixForm, ReasonForm
from orders.matching.explain import reason_from_dict
from orders.matching_text import reason_text
from orders.models import Assignment, OrderPolicy
from orders.selectors import worker as reads
from orders.selectors import worker_week as weeks
from orders.services import attendance, offers
from orders.services.bookings import NotFree
from orders.states import AssignmentStatus, OfferStatus
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, DomainError, Invalid
from staffing.core.models import Role
from staffing.core.rendering import add_toast
from workers.models import Worker

UNPROCESSABLE = 422
Punch = Callable[..., Assignment]


def _me(request: HttpRequest, **figures: Count) -> Any:
    """The worker, with these figures."""
    rows = Worker.objects.select_related("user", "city").annotate(**figures)
    return get_object_or_404(rows, user=acting(request).user)


def _page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page, or for htmx its part of the same name."""
    part = "_" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"orders/{part}my_{name}.html", context, status=status)


@access(Role.WORKER)
def today(request: HttpRequest) -> HttpResponse:
    """The next shift, the one thing to do now, and the offers that wait."""
    return _today(request)


def _today(request: HttpRequest, trouble: DomainError | None = None, failed: str = "") -> HttpResponse:
    now, policy, wages = clock.now(), OrderPolicy.current(), reads.Wages.current()
    worker = _me(request, shifts=reads.shifts_today(now))
    work = reads.current_work(worker, now)
    status = 200 if trouble is None else 409 if isinstance(trouble, Conflict) else UNPROCESSABLE
    context = {
        "now": now,
        "hour": timezone.localtime(now).hour,
        "card": reads.work_card(work, worker, now, wages, policy) if work else None,
        "missed": reads.missed_work(worker, now),
        "shifts": worker.shifts,
        "offers": reads.offer_cards(worker, now, wages),
        "helpline": reads.helpline(),
        "keep_days": policy.position_retention_days,
        "accuracy_cap_m": policy.accuracy_cap_m,
        "trouble": trouble,
        "failed": failed,
    }
    return _page(request, "today", context, status)


@access(Role.WORKER, methods="POST")
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Arrive; repeating it is harmless."""
    return _punch(request, pk, attendance.check_in, _("已上班打卡，工作顺利！"))


@access(Role.WORKER, methods="POST")
def check_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave; repeating it is harmless."""
    return _punch(request, pk, attendance.check_out, _("已下班打卡，辛苦了！"))


def _punch(request: HttpRequest, pk: int, punch: Punch, done: str) -> HttpResponse:
    work = get_object_or_404(permissions.assignments_of(acting(request).user), pk=pk)
    form = FixForm(request.POST)
    try:
        punch(work.pk, by=acting(request), now=clock.now(), fix=form.fix())
    except (Invalid, Conflict) as refusal:
        if not request.htmx:  # type: ignore[attr-defined]
            raise
        return _today(request, refusal, form.failed())
    if request.htmx:  # type: ignore[attr-defined]
        return add_toast(_today(request), done)
    messages.success(request, done)
    return redirect("orders:my-today")


@access(Role.WORKER)
def offer_list(request: HttpRequest) -> HttpResponse:
    """Every offer that waits for an answer."""
    return _page(request, "offers", {"offers": reads.offer_cards(_me(request), clock.now())})


@access(Role.WORKER)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """One offer with all there is to know, also after it has passed."""
    return render(request, "orders/my_offer.html", _offer_context(request, pk))


def _offer_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = reads.with_order(permissions.offers_to(acting(request).user))
    found, now = get_object_or_404(rows, pk=pk), clock.now()
    card = reads.offer_card(found, _me(request), reads.Wages.current(), now)
    waits = found.status == OfferStatus.PENDING and now < found.expires_at
    return {"card": card, "open": waits, "taken": found.reason == offers.TAKEN}


@access(Role.WORKER, methods="POST")
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes; too late or not free any more is told with the reason."""
    found = get_object_or_404(permissions.offers_to(acting(request).user), pk=pk)
    try:
        work = offers.accept(found.pk, by=acting(request), now=clock.now())
    except Conflict as refusal:
        return _gone(request, refusal)
    messages.success(request, _("接单成功，已排入您的班表。"))
    return redirect("orders:my-shift", work.pk)


def _gone(request: HttpRequest, refusal: Conflict) -> HttpResponse:
    """Say what is true now, on the list as it is now."""
    reasons = refusal.params.get("reasons", ()) if isinstance(refusal, NotFree) else ()
    why = _("；").join(reason_text(reason_from_dict(data)) for data in reasons)
    messages.error(request, f"{refusal} {why}".strip())
    return redirect("orders:my-offers")


@access(Role.WORKER, methods="GET POST")
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no, with a reason."""
    context = _offer_context(request, pk)
    form = ReasonForm(request.POST or None, choices=DECLINE_REASONS)
    if request.method == "POST" and form.is_valid():
        try:
            offers.decline(pk, by=acting(request), now=clock.now(), reason=form.reason())
        except Conflict as refusal:
            return _gone(request, refusal)
        messages.success(request, _("已婉拒，我们会转给其他人。"))
        return redirect("orders:my-offers")
    return render(request, "orders/my_decline.html", context | {"form": form}, status=_status(form))


def _status(form: ReasonForm) -> int:
    return UNPROCESSABLE if form.is_bound and form.errors else 200


@access(Role.WORKER)
def schedule(request: HttpRequest) -> HttpResponse:
    """One week, from Monday."""
    now = clock.now()
    monday = weeks.asked_week(request.GET.get("week", ""), now)
    return render(request, "orders/my_schedule.html", {"week": weeks.week(_me(request), monday, now)})


@access(Role.WORKER)
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One booking: place, people, briefing, hours."""
    return render(request, "orders/my_shift.html", _shift_context(request, pk))


def _shift_context(request: HttpRequest, pk: int) -> dict[str, Any]:
    rows = reads.work_rows(permissions.assignments_of(acting(request).user))
    card = reads.work_card(get_object_or_404(rows, pk=pk), _me(request), clock.now())
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
    return render(request, "orders/my_cancel.html", context | {"form": form}, status=_status(form))


@access(Role.WORKER)
def summary(request: HttpRequest) -> HttpResponse:
    """This week's hours against the cap, and which position data is kept."""
    worker = _me(request)
    monday = weeks.monday_of(timezone.localtime(clock.now()).date())
    policy = OrderPolicy.current()
    context = {
        "hours": weeks.hours(worker, monday),
        "positions": weeks.stored_positions(worker),
        "keep_days": policy.position_retention_days,
        "from_minutes": policy.check_in_from_minutes,
    }
    return _page(request, "summary", context)
