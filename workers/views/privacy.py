"""The worker's page about their own data: what is kept, their consent, a copy, and the way out."""

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from staffing.core import audit, clock, limits, personal
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from staffing.core.models import Role
from workers.forms_privacy import CloseForm
from workers.models import PoolPolicy, Worker
from workers.services import accounts, consents

UNPROCESSABLE, TOO_MANY = 422, 429
SHOWN: Final = 20
# When, in this session, the password was given for closing the account.
ASKED_ONCE: Final = "close_account_asked"


def _me(request: HttpRequest) -> Worker:
    return get_object_or_404(Worker.objects.select_related("user"), user=acting(request).user)


@access(Role.WORKER)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept and for how long, consent, what was used, and what one can do about it."""
    worker, now = _me(request), clock.now()
    context = {
        "stored": personal.stored(),
        "uses": personal.uses(worker.user, SHOWN),
        "consented": consents.has_consent(worker, now),
        "consent_text": consents.TEXT,
    }
    return render(request, "workers/me_privacy.html", context)


@access(Role.WORKER, methods="POST")
def consent(request: HttpRequest) -> HttpResponse:
    """Give the consent to the use of one's position (`give`), or take it back. Repeating it is harmless."""
    worker, now = _me(request), clock.now()
    if "give" in request.POST:
        consents.give(worker, now)
        messages.success(request, _("已同意在打卡时使用位置，可随时撤回。"))
    else:
        consents.withdraw(worker, now)
        messages.success(request, _("已撤回位置授权，打卡时不再读取位置。"))
    return redirect("workers:me-privacy")


@access(Role.WORKER, methods="POST")
def download(request: HttpRequest) -> HttpResponse | FileResponse:
    """A copy of everything, as a file."""
    worker, now = _me(request), clock.now()
    if not limits.within(f"copy:{worker.pk}", PoolPolicy.current().copies_an_hour, now):
        messages.error(request, _("刚刚已下载过多次，请一小时后再试。"))
        return redirect("workers:me-privacy")
    audit.record(worker, "download_data", by=acting(request), now=now)
    name = f"my-data-{timezone.localdate(now):%Y%m%d}.zip"
    file = personal.archive(worker.user, now)
    return FileResponse(file, as_attachment=True, filename=name, headers={"Cache-Control": "no-store"})


@sensitive_post_parameters("password")
@access(Role.WORKER, methods="GET POST")
def close(request: HttpRequest) -> HttpResponse:
    """First question: what stands in the way, what would happen, and the password."""
    worker, now = _me(request), clock.now()
    form = CloseForm(worker.user, request.POST or None)
    tries = PoolPolicy.current().close_tries_an_hour
    if request.method == "POST" and not limits.within(f"close:{worker.pk}", tries, now):
        form.add_error(None, _("尝试次数过多，请一小时后再试。"))
        return _close(request, worker, form, now, TOO_MANY)
    if form.is_bound and form.is_valid():
        request.session[ASKED_ONCE] = now.timestamp()
        return redirect("workers:me-privacy-close-confirm")
    return _close(request, worker, form, now, UNPROCESSABLE if form.is_bound else 200)


def _close(request: HttpRequest, worker: Worker, form: CloseForm, now: datetime, status: int) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "obstacles": personal.obstacles(worker.user, now)}
    return render(request, "workers/me_close.html", context, status=status)


@access(Role.WORKER, methods="GET POST")
def close_confirm(request: HttpRequest) -> HttpResponse:
    """Second question, for a few minutes after the first; then the account is closed."""
    worker, now = _me(request), clock.now()
    asked, minutes = request.session.get(ASKED_ONCE, 0), PoolPolicy.current().close_minutes
    if not 0 <= now.timestamp() - asked <= minutes * 60:
        return redirect("workers:me-privacy-close")
    if request.method == "POST":
        try:
            accounts.close(worker, by=acting(request), now=now)
        except Conflict as refusal:
            messages.error(request, str(refusal))
            return redirect("workers:me-privacy-close")
        logout(request)
        messages.success(request, _("账号已注销，个人信息已删除。感谢您的付出。"))
        return redirect("login")
    return render(request, "workers/me_close_confirm.html", {"name": accounts.name_after(worker)})
