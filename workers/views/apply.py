"""Applying on a phone: no login, three steps, a link that goes on with it and later shows how far it is.

Not guarded against cross-site requests, as no login stands behind them: the link itself is the secret, and with
`no-referrer` browsers send the origin `null`, which the guard would refuse.
"""

import json
from datetime import datetime
from typing import Any

from axes.helpers import get_client_ip_address
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from staffing.core import clock, limits
from staffing.core.access import public
from staffing.core.linked import in_language, private, wants_language
from workers import application_text as wording
from workers import forms_apply as steps
from workers.models import Application, ApplicationDraft, RecruitPolicy
from workers.selectors import applications as reads
from workers.services import application_forms
from workers.services import application_links as links
from workers.services.application_links import LinkInvalid
from workers.services.applications import BadApplication
from workers.states import OPEN

TOO_MANY, UNPROCESSABLE, GONE = 429, 422, 404


@csrf_exempt
@public(methods="GET POST")
@private
def start(request: HttpRequest) -> HttpResponse:
    """The first step; nothing is kept before its consent."""
    if wants_language(request):
        return in_language(request)
    form = steps.ContactStep(request.POST if request.method == "POST" else None)
    code = (request.POST.get("code") or request.GET.get("code") or "")[:40]
    if not form.is_valid():
        return _step(request, form, 1, {"code": code, "partner": application_forms.partner_of(code)})
    now = clock.now()
    if not _patient(request, "forms_an_hour", now):
        form.add_error(None, _("同一网络的报名过多，请一小时后再试。填写的内容还在，不用重填。"))
        return _step(request, form, 1, {"code": code}, status=TOO_MANY)
    draft = application_forms.begin(_typed(request, 1), code, now)
    return redirect(f"{links.address_of(draft)}?step=2")


def _patient(request: HttpRequest, limit: str, now: datetime) -> bool:
    """Count one more from this address; whether that is within the policy."""
    most = getattr(RecruitPolicy.current(), limit)
    return limits.within(f"apply:{limit}:{get_client_ip_address(request)}", most, now)


def _typed(request: HttpRequest, number: int) -> dict[str, list[str]]:
    """What was sent of a step, as it was typed; what was not ticked is kept as empty."""
    return {name: request.POST.getlist(name) for name in steps.names_of(number)}


def _step(
    request: HttpRequest, form: steps.Step, number: int, context: dict[str, Any], status: int = 0
) -> HttpResponse:
    shown = {
        "form": form,
        "step": number,
        "titles": steps.TITLES,
        "title": steps.TITLES[number - 1],
        "policy": RecruitPolicy.current(),
    }
    status = status or (UNPROCESSABLE if form.errors else 200)
    return render(request, f"workers/apply_{number}.html", shown | context, status=status)


@csrf_exempt
@public(methods="GET POST")
@private
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Go on with the form, or see how far the application is."""
    if wants_language(request):
        return in_language(request)
    try:
        found = links.found(token)
    except LinkInvalid as error:
        return _gone(request, error)
    shown = _as_application(found)
    if shown is not None:
        return _progress(request, shown)
    assert isinstance(found, ApplicationDraft)
    number = _number(request)
    return _send_step(request, found, number) if request.method == "POST" else _show_step(request, found, number)


def _as_application(found: Application | ApplicationDraft) -> Application | None:
    """What the link shows once the form is sent; None before."""
    if isinstance(found, Application):
        return found
    return application_forms.as_new(found, steps.sent(found)) if found.sent_at else None


def _gone(request: HttpRequest, error: LinkInvalid) -> HttpResponse:
    """Why the link does not work; whoever tries many is told to wait."""
    status, words = GONE, str(error)
    if not _patient(request, "guesses_an_hour", clock.now()):
        status, words = TOO_MANY, _("无效链接打开次数过多，请一小时后再试。")
    return render(request, "workers/apply_gone.html", {"error": words}, status=status)


def _number(request: HttpRequest) -> int:
    asked = request.GET.get("step", "1")
    return int(asked) if asked in {"1", "2", "3"} else 1


def _context(found: ApplicationDraft) -> dict[str, Any]:
    save = reverse("workers:apply-save", args=[links.token_of(found)])
    return {"draft": found, "save_url": save, "partner": application_forms.partner_of(found.code)}


def _show_step(request: HttpRequest, found: ApplicationDraft, number: int) -> HttpResponse:
    """The step with what was typed; with what is wrong if it was sent back from the end."""
    kind = steps.STEPS[number - 1]
    form = kind(steps.query(found.data)) if "check" in request.GET else steps.filled(kind, found.data)
    return _step(request, form, number, _context(found))


def _send_step(request: HttpRequest, found: ApplicationDraft, number: int) -> HttpResponse:
    """Keep what was typed, good or bad, and go on; after the last step hand it in."""
    now = clock.now()
    form = steps.STEPS[number - 1](request.POST)
    kept = application_forms.keep(found.pk, _typed(request, number), now)
    if kept is None:
        return redirect(request.path)
    if not form.is_valid():
        return _step(request, form, number, _context(kept))
    return _hand_in(request, kept, now) if number == len(steps.STEPS) else redirect(f"{request.path}?step={number + 1}")


def _hand_in(request: HttpRequest, draft: ApplicationDraft, now: datetime) -> HttpResponse:
    """Back to the first step that is not complete, or the application's page."""
    form = steps.whole(draft.data)
    if (bad := form.first_bad) is not None:
        return redirect(f"{request.path}?step={bad}&check=1")
    spec = form.spec(code=draft.code, nonce=draft.nonce, language=get_language() or "")
    try:
        done = application_forms.send(draft, spec, now)
    except BadApplication as wrong:
        form.time.add_error(None, str(wrong))
        return _step(request, form.time, 3, _context(draft))
    # Whether the phone was known is not told: the same address, the same page.
    return redirect(links.address_of(done.application if done.created else draft))


@csrf_exempt
@public(methods="POST")
@private
def save(request: HttpRequest, token: str) -> HttpResponse:
    """What has been typed so far, while it is typed."""
    try:
        found = links.found(token)
    except LinkInvalid as error:
        return _gone(request, error)
    if isinstance(found, ApplicationDraft):
        application_forms.keep(found.pk, _typed(request, _number(request)), clock.now())
    return HttpResponse(status=204)


def _progress(request: HttpRequest, found: Application) -> HttpResponse:
    shown = found.merged_into if found.merged_into and not found.merged_into.erased_at else found
    talk = getattr(shown, "interview", None)
    context = {
        "application": shown,
        "steps": wording.steps(shown),
        "next": wording.next_words(shown),
        "talk": talk if shown.status == "interview" else None,
        "may_withdraw": found.status in OPEN,
        "now": clock.now(),
        "token": links.token_of(found),
        "policy": RecruitPolicy.current(),
    }
    return render(request, "workers/apply_progress.html", context)


@csrf_exempt
@public(methods="POST")
@private
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Give it up; and, if that is wanted, have everything deleted at once."""
    found, erase = links.found(token), "erase" in request.POST
    _application(found)
    application_forms.withdraw(found, clock.now(), erase=erase)
    return render(request, "workers/apply_erased.html") if erase else redirect(links.address_of(found))


@public()
@private
def data(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is kept, to take away."""
    kept = reads.own_data(_application(links.found(token)))
    content = json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True)
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="application.json"'
    return response


def _application(found: Application | ApplicationDraft) -> Application:
    """What was sent; a form that was not has nothing of this. Raises `LinkInvalid`."""
    shown = _as_application(found)
    if shown is None:
        raise LinkInvalid("link_invalid", _("链接无效，或资料已按约定删除。"))
    return shown
