"""The worker's record: figures, strikes, and their word against one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders import permissions, strikes
from orders.forms.exchange import AppealForm
from orders.models import OrderPolicy
from orders.selectors import figures as reads
from orders.services import appeals
from orders.views.worker_common import me, status_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import DomainError
from staffing.core.models import Role


@access(Role.WORKER)
def figures(request: HttpRequest) -> HttpResponse:
    """Stars, services, punctuality, and each strike with the shift behind it."""
    worker, now, policy = me(request), clock.now(), OrderPolicy.current()
    found = reads.strikes_of(worker, now, policy)
    context = {
        "worker": worker,
        "figures": reads.figures(worker, now, policy, found),
        "strikes": found,
        "policy": policy,
    }
    return render(request, "orders/my_figures.html", context)


@access(Role.WORKER, methods="GET POST")
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a strike should not stand; a second time after a refusal."""
    now, policy = clock.now(), OrderPolicy.current()
    rows = permissions.assignments_of(acting(request).user).select_related("position__shift__order__client")
    work = get_object_or_404(rows.prefetch_related("appeals"), pk=pk)
    if not strikes.is_strike(work, policy):
        raise Http404
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _filed(request, pk, form):
        return redirect("orders:my-figures")
    context = {"strike": reads.strike(work, now, policy), "form": form, "policy": policy}
    return render(request, "orders/my_appeal.html", context, status=status_of(form))


def _filed(request: HttpRequest, pk: int, form: AppealForm) -> bool:
    try:
        appeals.file(pk, by=acting(request), now=clock.now(), text=form.cleaned_data["text"])
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("申诉已提交；处理期间这条记录不计入。"))
    return True
