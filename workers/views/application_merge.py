"""Two that may be one person, side by side; what becomes of them is the dispatcher's word."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.formpages import attempt, form_page
from workers import application_text as wording
from workers.forms_applications import MergeForm
from workers.models import Application, Worker
from workers.selectors import applications as reads
from workers.services import merging
from workers.views.applications import found_or_404
from workers.views.people import AGENCY


def _target(found: Application, asked: str) -> Worker | Application:
    """The worker with this phone, or the open application whose number was asked for (the oldest if none was)."""
    worker, others = reads.same_phone(found)
    if worker is not None and asked in ("", "worker"):
        return worker
    target = next((one for one in others if asked in ("", str(one.pk))), None)
    if target is None:
        raise Http404
    return target


@access(*AGENCY, methods="GET POST")
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Side by side; merged into the other with what is chosen for each field."""
    found = found_or_404(pk)
    target = _target(found, request.GET.get("with", ""))
    fields = merging.compare(found, target)
    form = MergeForm(request.POST if request.method == "POST" else None, fields=fields, words=wording.FIELDS)
    if attempt(form, lambda: _merge(request, found, target, form)):
        messages.success(request, _("已合并。"))
        return redirect("workers:application", target.pk if isinstance(target, Application) else found.pk)
    context: dict[str, Any] = {"application": found, "target": target, "is_worker": isinstance(target, Worker)}
    return form_page(request, "workers/application_compare.html", form, context | {"rows": wording.rows(fields, form)})


def _merge(request: HttpRequest, found: Application, target: Worker | Application, form: MergeForm) -> None:
    into = merging.into_worker if isinstance(target, Worker) else merging.into_application
    into(found.pk, target.pk, form.taken(), by=acting(request), now=clock.now())


@access(*AGENCY, methods="POST")
def apart(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two people."""
    merging.keep_apart(found_or_404(pk).pk, by=acting(request), now=clock.now())
    messages.success(request, _("已确认不是同一人，两份各自处理。"))
    return redirect("workers:application", pk)
