"""The worker declares a tie to a company."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.forms.circle import ConflictForm
from orders.services import conflicts
from orders.views.worker_common import me, status_of
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.formpages import attempt
from staffing.core.models import Role

LATEST = 30


@access(Role.WORKER, methods="GET POST")
def mine(request: HttpRequest) -> HttpResponse:
    """What was declared, and a form for more. It does not say which companies are clients."""
    worker, now = me(request), clock.now()
    form = ConflictForm(request.POST or None, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        said = form.declared()
        if attempt(form, lambda: conflicts.declare(worker, said, by=acting(request), now=now)):
            messages.success(request, _("已申报，谢谢。"))
            return redirect("orders:my-conflicts")
    context = {"form": form, "rows": worker.conflicts.all()[:LATEST]}
    return render(request, "orders/my_conflicts.html", context, status=status_of(form))
