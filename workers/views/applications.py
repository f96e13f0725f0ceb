"""The desk's applications: the board, one of them, and every step it can take."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from staffing.core import clock, export, invitations
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from staffing.core.formpages import attempt, form_page
from workers import application_text as wording
from workers import exports_applications
from workers.filters_applications import ApplicationFilter
from workers.forms_applications import ActivateForm, AppointmentForm, RejectForm, ScoreForm
from workers.models import Application, InterviewSheet
from workers.selectors import applications as reads
from workers.services import activation, applications, interviews
from workers.services import application_links as links
from workers.states import OPEN
from workers.views.people import AGENCY

PAGE, CARDS = 20, 8
# What is shown once after somebody was taken in, then never again.
SHOWN_ONCE = "worker-invitation"


def _filtered(request: HttpRequest) -> ApplicationFilter:
    return ApplicationFilter(request.GET, queryset=reads.listed(), request=request)


@access(*AGENCY)
def board(request: HttpRequest) -> HttpResponse:
    """Who applied, by stage or as a list."""
    found, now = _filtered(request), clock.now()
    as_list = request.GET.get("view") == "list" or bool(request.GET.get("stage"))
    context: dict[str, Any] = {"filter": found, "as_list": as_list, "now": now, "doubtful": reads.doubtful()}
    if as_list:
        context["page"] = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
    else:
        context["columns"] = reads.columns(found.qs, now, CARDS)
    return render(request, "workers/applications.html", context)


@access(*AGENCY)
def exported(request: HttpRequest) -> HttpResponseBase:
    """The list as filtered, as a file."""
    return export.answer(request, exports_applications.APPLICATIONS, _filtered(request).qs, clock.now())


def found_or_404(pk: int) -> Application:
    """The application with everything its page shows."""
    return get_object_or_404(reads.detailed(), pk=pk)


@access(*AGENCY)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What they said, what was done, and what comes next."""
    found, user = found_or_404(pk), acting(request).user
    worker, others = reads.same_phone(found)
    context = {
        "application": found,
        "steps": wording.steps(found),
        "declared": wording.declared(found),
        "lines": reads.scored(found),
        "mine": next((sheet for sheet in found.sheets.all() if sheet.interviewer == user), None),
        "events": wording.events(reads.history(found)),
        "is_open": found.status in OPEN,
        "stages": wording.moves(found),
        "same_worker": worker,
        "same_others": others,
        "link": "" if found.erased_at else links.link_of(found),
        "invitation": request.session.pop(SHOWN_ONCE, None),
        "now": clock.now(),
    }
    return render(request, "workers/application.html", context)


@access(*AGENCY, methods="POST")
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it mine."""
    applications.take(found_or_404(pk).pk, by=acting(request), now=clock.now())
    messages.success(request, _("现在由您负责。"))
    return redirect("workers:application", pk)


@access(*AGENCY, methods="POST")
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another stage."""
    found = applications.move(found_or_404(pk).pk, request.POST.get("stage", ""), by=acting(request), now=clock.now())
    messages.success(request, _("已进入“%(stage)s”阶段。") % {"stage": found.get_status_display()})
    return redirect("workers:application", pk)


@access(*AGENCY, methods="POST")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin anew."""
    applications.reopen(found_or_404(pk).pk, by=acting(request), now=clock.now())
    messages.success(request, _("已重新开始处理。"))
    return redirect("workers:application", pk)


def _step(
    request: HttpRequest, found: Application, form: Any, deed: Callable[[], Any], words: str, template: str
) -> HttpResponse:
    """A form about an application: shown, or done and back to its page."""
    if attempt(form, deed):
        messages.success(request, words)
        return redirect("workers:application", found.pk)
    return form_page(request, template, form, {"application": found})


@access(*AGENCY, methods="GET POST")
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn somebody down, with a reason."""
    found, form = found_or_404(pk), RejectForm(request.POST or None)
    by, now = acting(request), clock.now()
    return _step(
        request, found, form, lambda: applications.reject(pk, **form.cleaned_data, by=by, now=now),
        _("已记录为未录用。"), "workers/application_reject.html",
    )  # fmt: skip


@access(*AGENCY, methods="GET POST")
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the time of the interview, or another one."""
    found = found_or_404(pk)
    form = AppointmentForm(request.POST) if request.method == "POST" else AppointmentForm.of(reads.talk_of(found))
    by, now = acting(request), clock.now()
    return _step(
        request, found, form, lambda: interviews.appoint(pk, form.appointment(), by=by, now=now),
        _("面试已安排，会通知申请人。"), "workers/application_interview.html",
    )  # fmt: skip


@access(*AGENCY, methods="GET POST")
def scores(request: HttpRequest, pk: int) -> HttpResponse:
    """What I saw in the interview."""
    found, by, now = found_or_404(pk), acting(request), clock.now()
    sheet = InterviewSheet.objects.filter(application=found, interviewer=by.user).prefetch_related("scores").first()
    form = ScoreForm(request.POST or None, rubric=reads.rubric(), initial=ScoreForm.said(sheet))

    def keep() -> None:
        interviews.score(pk, form.grades(), form.cleaned_data["comment"], by=by, now=now)

    return _step(request, found, form, keep, _("评分已保存。"), "workers/application_scores.html")


@access(*AGENCY, methods="GET POST")
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody into the pool."""
    found, by, now = found_or_404(pk), acting(request), clock.now()
    form = ActivateForm(request.POST) if request.method == "POST" else ActivateForm.of(found)

    def deed() -> None:
        worker = activation.activate(pk, form.terms(), by=by, now=now)
        if not worker.user.has_usable_password():
            request.session[SHOWN_ONCE] = invitations.link_of(worker.user)

    return _step(request, found, form, deed, _("已入库，可以开始接单。"), "workers/application_activate.html")


@access(*AGENCY, methods="POST")
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """A fresh link for somebody who has not set a password yet."""
    found = found_or_404(pk)
    user = found.worker.user if found.worker else None
    if user is None or user.has_usable_password() or not user.is_active:
        raise Conflict("has_password", _("此人已设置密码，或账号已停用。"))
    request.session[SHOWN_ONCE] = invitations.link_of(user)
    return redirect("workers:application", pk)
