"""The desk's pages about background checks, and the reveal of what is kept encrypted."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from staffing.core import clock, photos, private_files
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.formpages import attempt, form_page
from workers.forms_papers import CheckForm, ReasonForm
from workers.models import BackgroundCheck, Clearance, VaultEntry, Worker
from workers.paper_states import OPEN_CHECKS, CheckStatus
from workers.selectors import papers as reads
from workers.services import checks, vault
from workers.services.checks import Wanted
from workers.views.people import AGENCY


@access(*AGENCY)
def listing(request: HttpRequest) -> HttpResponse:
    """Checks that wait for a word, and those that count."""
    context = {"open": reads.open_checks(), "standing": reads.standing_checks()[:50]}
    return render(request, "workers/checks.html", context)


def _person(pk: int) -> Worker:
    return get_object_or_404(Worker.objects.select_related("user"), pk=pk)


@access(*AGENCY)
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """What the worker's page says about papers, checks and numbers; a part of it, or a page."""
    worker = _person(pk)
    context = {
        "worker": worker,
        "documents": reads.documents().filter(worker=worker).order_by("-sent_at", "-pk")[:10],
        "checks": reads.checks().filter(worker=worker).order_by("-requested_at", "-pk"),
        "kept": reads.kept_of(worker),
        "may_reveal": vault.may_reveal(acting(request)),
    }
    whole = not getattr(request, "htmx", False)
    return render(request, "workers/person_papers.html" if whole else "workers/_person_papers.html", context)


@access(*AGENCY, methods="GET POST")
def request_(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a check of somebody."""
    worker, now = _person(pk), clock.now()
    form = CheckForm(request.POST or None, request.FILES or None, initial={"valid_until": _usual(now)})
    made: list[BackgroundCheck] = []
    if attempt(form, lambda: made.append(checks.request(worker.pk, _wanted(form), by=acting(request), now=now))):
        messages.success(request, _("已发起背景核查。"))
        return redirect("workers:check", made[0].pk)
    return form_page(request, "workers/check_new.html", form, {"worker": worker})


def _usual(now: datetime) -> object:
    return checks.last_day(Clearance.STANDARD, timezone.localdate(now))


def _wanted(form: CheckForm) -> Wanted:
    data = form.cleaned_data
    scan = photos.clean(data["photo"]) if data["photo"] else None
    return Wanted(data["level"], data["source"], data["valid_until"], data["note"], scan)


@access(*AGENCY)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One check: what it rests on, who said what, and what is to be done."""
    row, user = get_object_or_404(reads.checks(), pk=pk), acting(request).user
    context = {
        "row": row,
        "steps": reads.steps_of(row),
        "open": row.status in OPEN_CHECKS,
        "stands": row.status == CheckStatus.PASSED,
        "same_person": user is not None and row.status == CheckStatus.HALF and row.first_by_id == user.pk,
    }
    return render(request, "workers/check.html", context)


@access(*AGENCY, methods="POST")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """A word for it."""
    row = checks.approve(get_object_or_404(BackgroundCheck, pk=pk).pk, by=acting(request), now=clock.now())
    half = row.status == CheckStatus.HALF
    messages.success(request, _("已审核，待另一位同事复核。") if half else _("背景核查已通过。"))
    return redirect("workers:check", row.pk)


@access(*AGENCY, methods="GET POST")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse what waits, revoke what counts; with the reason."""
    row, now = get_object_or_404(reads.checks(), pk=pk), clock.now()
    act = checks.revoke if row.status == CheckStatus.PASSED else checks.refuse
    form = ReasonForm(request.POST or None)
    if attempt(form, lambda: act(row.pk, form.cleaned_data["reason"], by=acting(request), now=now)):
        messages.success(request, _("已记录。"))
        return redirect("workers:check", row.pk)
    return form_page(request, "workers/check_close.html", form, {"row": row, "stands": act is checks.revoke})


@access(*AGENCY)
def image(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper a check rests on."""
    row = get_object_or_404(reads.checks_shown_to(acting(request).user), pk=pk)
    return private_files.answer(row.file, kept="private, no-store")


@sensitive_variables()
@never_cache
@access(*AGENCY, methods="GET POST")
def reveal(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A number in full, once, after the reason for it; never kept by a browser, never in an address."""
    worker, now, by = _person(pk), clock.now(), acting(request)
    if not vault.may_reveal(by):
        raise Http404
    form, told = ReasonForm(request.POST or None), dict[str, str]()

    def deed() -> None:
        told["number"] = vault.reveal(worker.pk, kind, form.cleaned_data["reason"], by=by, now=now)

    attempt(form, deed)
    context = {"worker": worker, "label": VaultEntry.Kind(kind).label, **told}
    return form_page(request, "workers/reveal.html", form, context)
