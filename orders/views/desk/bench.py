"""Who stands by, city by city."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import BenchPlace
from orders.selectors.desk import bench as reads
from orders.services import bench
from orders.views.desk.common import DESK
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting


@access(*DESK)
def page(request: HttpRequest) -> HttpResponse:
    """The bench of a day; today's unless another is asked for."""
    now = clock.now()
    day = reads.day_asked(request.GET.get("day", ""), now)
    context = {
        "rows": reads.rows(day),
        "day": day,
        "today": timezone.localdate(now),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "now": now,
    }
    return render(request, "orders/desk_bench.html", context)


@access(*DESK, methods="POST")
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is needed no longer; they are told and paid until now."""
    place = get_object_or_404(BenchPlace, pk=pk)
    bench.release(place.pk, by=acting(request), now=clock.now())
    messages.success(request, _("已释放，本人会收到通知。"))
    return redirect(f"{reverse('orders:desk-bench')}?day={timezone.localdate(place.start_at)}")
