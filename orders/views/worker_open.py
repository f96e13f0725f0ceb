"""Shifts that a worker takes by themselves."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from orders import openings, permissions
from orders.selectors import open_shifts as reads
from orders.services import open_shifts
from orders.views.worker_common import me, page, refused
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict
from staffing.core.models import Role
from workers.services.standing import REMOVED


@access(Role.WORKER)
def open_list(request: HttpRequest) -> HttpResponse:
    """Places that nobody has, or (`?kind=swaps`) shifts that colleagues would give away."""
    swaps = request.GET.get("kind") == "swaps"
    worker = me(request)
    found = (reads.of_colleagues if swaps else reads.listing)(worker, clock.now())
    context = {"found": found, "swaps": swaps, "looked": reads.LOOKED, "removed": worker.status in REMOVED}
    return page(request, "open", context)


@access(Role.WORKER, methods="POST")
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a place of a shift that the page has shown; too late is told kindly."""
    if not constant_time_compare(request.POST.get("seal", ""), openings.seal(me(request).pk, pk)):
        raise Http404
    try:
        work = open_shifts.claim(pk, by=acting(request), now=clock.now())
    except Conflict as refusal:
        refused(request, refusal)
        return redirect("orders:my-open")
    messages.success(request, _("抢班成功，已排入您的班表。"))
    return redirect("orders:my-shift", work.pk)


@access(Role.WORKER, methods="POST")
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a claimed shift back within its minutes; repeating it is harmless."""
    work = get_object_or_404(permissions.assignments_of(acting(request).user), pk=pk)
    open_shifts.undo(work.pk, by=acting(request), now=clock.now())
    messages.success(request, _("已撤回，不影响您的到岗记录。"))
    return redirect("orders:my-open")
