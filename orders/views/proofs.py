"""How a worker proves being there when the button alone does not do: code, photo, missed punch, readiness, consent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from orders import checklist, permissions
from orders.forms.proofs import ElsewhereForm, MissedForm, PhotoForm, PunchForm, ReadyForm
from orders.models import Assignment
from orders.selectors import proofs as reads
from orders.selectors import worker as cards
from orders.services import attendance, photos, proofs, readiness
from orders.services.proving import Claim
from orders.views.desk.common import attempt
from orders.views.worker_common import me, status_of
from staffing.core import clock
from staffing.core import photos as pictures
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from staffing.core.photos import Safe
from workers.services import consents


def _own(request: HttpRequest, pk: int) -> Assignment:
    rows = cards.work_rows(permissions.assignments_of(acting(request).user))
    return get_object_or_404(rows, pk=pk)


def _shown(request: HttpRequest, name: str, work: Assignment, form: Any, **more: Any) -> HttpResponse:
    order = work.position.shift.order
    context = {"work": work, "order": order, "form": form, "helpline": cards.helpline(), **more}
    return render(request, f"orders/my_{name}.html", context, status=status_of(form))


def _picture(file: Any) -> Safe | None:
    return pictures.clean(file) if file else None


@access(Role.WORKER, methods="GET POST")
def elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """外勤: arrive with a photo and words; a dispatcher looks at it."""
    work, by, now = _own(request, pk), acting(request), clock.now()
    form = ElsewhereForm(request.POST or None, request.FILES or None)

    def arrive() -> None:
        photo = pictures.clean(form.cleaned_data["photo"])
        remark, fix, claim = form.cleaned_data["remark"], form.fix(), form.claim()
        proofs.arrive_elsewhere(work.pk, photo, remark=remark, by=by, now=now, fix=fix, claim=claim)

    if attempt(form, arrive):
        messages.success(request, _("外勤打卡已提交，调度审核期间照常计时。"))
        return redirect("orders:my-today")
    agreed = consents.has_consent(work.worker, now)
    return _shown(request, "elsewhere", work, form, agreed=agreed)


@access(Role.WORKER, methods="GET POST")
def missed(request: HttpRequest, pk: int) -> HttpResponse:
    """补卡: say when one came or left; nothing changes before a dispatcher approves."""
    work, by, now = _own(request, pk), acting(request), clock.now()
    first = reads.first_claim(work)
    form = MissedForm(request.POST or None, request.FILES or None, initial=first)

    def claim() -> None:
        data = form.cleaned_data
        photo, kind, at = _picture(data["photo"]), data["kind"], data["at"]
        proofs.claim_missed(work.pk, kind, at, remark=data["remark"], by=by, now=now, photo=photo)

    if attempt(form, claim):
        messages.success(request, _("补卡申请已提交，审核结果会通知您。"))
        return redirect("orders:my-shift", work.pk)
    return _shown(request, "missed", work, form, asked=reads.asked_of(work))


@access(Role.WORKER, methods="GET POST")
def ready(request: HttpRequest, pk: int) -> HttpResponse:
    """Before work from home: everything ticked, then the check-in, which may have waited for a connection."""
    work, by, now = _own(request, pk), acting(request), clock.now()
    form = ReadyForm(request.POST or None, items=checklist.of_order(work.position.shift.order))

    def arrive() -> None:
        attendance.check_in(work.pk, by=by, now=now, reason=form.words(), claim=_claim(request))

    if attempt(form, arrive):
        return _arrived(request, queued=_claim(request) is not None)
    return _shown(request, "ready", work, form, card=cards.work_card(work, me(request), now))


def _claim(request: HttpRequest) -> Claim | None:
    """When a punch that waited for a connection was made."""
    form = PunchForm(request.POST)
    return form.claim() if form.is_valid() else None


def _arrived(request: HttpRequest, *, queued: bool) -> HttpResponse:
    """To the page of today; the phone's queue, which no person sees, is only told that it is done."""
    if queued:
        return HttpResponse(status=204)
    messages.success(request, _("已上班打卡，工作顺利！"))
    there = reverse("orders:my-today")
    return HttpResponseClientRedirect(there) if request.htmx else redirect(there)  # type: ignore[attr-defined]


@access(Role.WORKER, methods="POST")
def pulse(request: HttpRequest, pk: int) -> HttpResponse:
    """A sign of life of the page of somebody who works from home."""
    work = get_object_or_404(permissions.assignments_of(acting(request).user), pk=pk)
    now = clock.now()
    if not readiness.pulse(work.pk, now):
        return HttpResponse(status=204)
    return render(request, "orders/_my_pulse.html", {"now": now})


@access(Role.WORKER, methods="GET POST")
def shots(request: HttpRequest, pk: int) -> HttpResponse:
    """Photos of the running service: those taken, and one more."""
    work, by, now = _own(request, pk), acting(request), clock.now()
    form = PhotoForm(request.POST or None, request.FILES or None)

    def add() -> None:
        data = form.cleaned_data
        photos.add(work.pk, data["photo"], remark=data["remark"], by=by, now=now)

    if attempt(form, add):
        messages.success(request, _("照片已上传。"))
        return redirect("orders:my-photos", work.pk)
    return _shown(request, "photos", work, form, photos=work.photos.all(), open=work.status == "checked_in")


@access(Role.WORKER)
def scanned(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The place's code was scanned: the punch it is for, one press away."""
    now, worker = clock.now(), me(request)
    site = get_object_or_404(permissions.sites_served(acting(request).user), pk=pk)
    work = reads.work_at(worker, site, now)
    context = {"site": site, "code": code, "card": cards.work_card(work, worker, now) if work else None}
    context["agreed"] = consents.has_consent(worker, now)
    return render(request, "orders/my_code.html", context)


@access(Role.WORKER, methods="POST")
def consent(request: HttpRequest) -> HttpResponse:
    """Let the position be used for check-in, or no longer."""
    worker, agreed = me(request), request.POST.get("agree") == "1"
    (consents.give if agreed else consents.withdraw)(worker, clock.now())
    messages.success(request, _("已同意使用定位。") if agreed else _("已撤回定位同意。"))
    return redirect("orders:my-today")
