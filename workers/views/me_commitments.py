"""What the worker has promised elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Invalid
from staffing.core.models import Role
from workers.forms import WEEKDAYS, CommitmentForm
from workers.models import Commitment, Worker
from workers.services import commitments
from workers.views.me import UNPROCESSABLE, clock_text, my_worker

SHOWN = 6


@access(Role.WORKER, methods="GET POST")
def listing(request: HttpRequest) -> HttpResponse:
    """The commitments that are not over, and a new one."""
    worker, form = my_worker(request), CommitmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _added(request, worker, form):
        return _updated(request)
    context = {"form": form, "commitments": shown(worker), "shown": SHOWN}
    return render(request, "workers/me_commitments.html", context, status=UNPROCESSABLE if form.errors else 200)


def _added(request: HttpRequest, worker: Worker, form: CommitmentForm) -> bool:
    try:
        commitments.add(worker.pk, form.plan(), by=acting(request), now=clock.now())
    except Invalid as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def shown(worker: Worker) -> list[dict[str, Any]]:
    """Each commitment with its weekdays and hours in words, and its times to come."""
    rows = commitments.coming(worker, clock.now())
    return [{"row": row, "days": _weekdays(row), "span": _span(row)} for row in rows]


def _weekdays(row: Commitment) -> str:
    return _("、").join(str(label) for day, label in WEEKDAYS if day in row.weekdays)


def _span(row: Commitment) -> str:
    return f"{clock_text(row.start_minute)}–{clock_text(row.end_minute)}"


def _updated(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("可用时间已更新。"))
    return redirect("workers:me-commitments")


def _mine(request: HttpRequest, pk: int) -> Worker:
    worker = my_worker(request)
    if Commitment.objects.filter(pk=pk).exclude(worker=worker).exists():
        raise Http404
    return worker


@access(Role.WORKER, methods="POST")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Not busy with it any more; repeating it is harmless."""
    commitments.remove(_mine(request, pk).pk, pk, by=acting(request), now=clock.now())
    return _updated(request)


@access(Role.WORKER, methods="POST")
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Free at one time of it after all; repeating it is harmless."""
    worker, start = _mine(request, pk), parse_datetime(request.POST.get("start", ""))
    if start is None or start.tzinfo is None:
        raise Invalid("bad_span", _("请选择要空出来的那一次。"))
    commitments.skip(worker.pk, pk, start, by=acting(request), now=clock.now())
    return _updated(request)
