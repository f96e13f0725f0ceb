"""What a worker says before a shift: that they come, that they are on the way, and whether they stand by for others."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders import permissions
from orders.models import Assignment, BenchPlace
from orders.selectors import bench as reads
from orders.services import bench, turning_up
from orders.views.worker_common import me
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role


@access(Role.WORKER, methods="POST")
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one comes; repeating it is harmless."""
    return _say(request, pk, turning_up.confirm, _("已确认到岗，到时见！"))


@access(Role.WORKER, methods="POST")
def set_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one is on the way; repeating it is harmless."""
    return _say(request, pk, turning_up.set_out, _("已告知客户您在路上，注意安全。"))


def _say(request: HttpRequest, pk: int, deed: Callable[..., Assignment], done: str) -> HttpResponse:
    work = get_object_or_404(permissions.assignments_of(acting(request).user), pk=pk)
    deed(work.pk, by=acting(request), now=clock.now())
    messages.success(request, done)
    return redirect("orders:my-shift", pk) if "shift" in request.POST else redirect("orders:my-today")


@access(Role.WORKER)
def bench_list(request: HttpRequest) -> HttpResponse:
    """When one is asked to stand by, stands by, or stood by of late."""
    now = clock.now()
    return render(request, "orders/my_bench.html", {"now": now, **reads.of_worker(me(request), now)})


@access(Role.WORKER, methods="POST")
def bench_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Stand by."""
    return _answer(request, pk, bench.accept, _("已记下：这段时间您候补待命，请保持手机畅通。"))


@access(Role.WORKER, methods="POST")
def bench_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not stand by, or no longer."""
    return _answer(request, pk, bench.decline, _("已取消候补，我们会请其他人待命。"))


def _answer(request: HttpRequest, pk: int, deed: Callable[..., Any], done: str) -> HttpResponse:
    place = get_object_or_404(BenchPlace, pk=pk, worker__user=acting(request).user)
    now: datetime = clock.now()
    deed(place.pk, by=acting(request), now=now)
    messages.success(request, done)
    return redirect("orders:my-bench")
