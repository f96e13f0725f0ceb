"""Punches that wait for a dispatcher's word: all on one page, one by one or several at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import checklist
from orders.forms.proofs import ChecklistForm, RefuseForm
from orders.models import Order, PunchRequest
from orders.selectors import proofs as reads
from orders.services import proofs, readiness
from orders.views.desk.common import DESK, attempt, form_page
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting

PAGE = 50


@access(*DESK)
def waiting(request: HttpRequest) -> HttpResponse:
    """All that waits, the oldest first."""
    page = Paginator(reads.waiting(), PAGE).get_page(request.GET.get("page"))
    return render(request, "orders/desk_proofs.html", {"page": page})


@access(*DESK, methods="POST")
def approve(request: HttpRequest) -> HttpResponse:
    """Accept those that are ticked, each by itself."""
    ids = [int(text) for text in request.POST.getlist("id") if text.isdecimal() and len(text) < 19]
    known = PunchRequest.objects.filter(pk__in=ids).values_list("pk", flat=True)
    done, refused = proofs.approve_many(known, by=acting(request), now=clock.now())
    for refusal in refused:
        messages.error(request, str(refusal))
    if done:
        words = ngettext("已通过 %(count)s 条打卡。", "已通过 %(count)s 条打卡。", done)
        messages.success(request, words % {"count": done})
    elif not refused:
        messages.warning(request, _("请先勾选要通过的打卡。"))
    return redirect("orders:desk-proofs")


@access(*DESK, methods="GET POST")
def ready_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What the people of an order that is done from home check before they begin."""
    order = get_object_or_404(Order.objects.select_related("client").filter(remote=True), pk=pk)
    usual, by, now = checklist.of_industry(order.client.industry), acting(request), clock.now()
    form = ChecklistForm(request.POST or None, usual=usual, initial={"readiness": order.readiness})
    if attempt(form, lambda: readiness.set_list(order.pk, form.cleaned_data["readiness"], by=by, now=now)):
        messages.success(request, _("已保存远程上岗清单。"))
        return redirect("orders:desk-order", order.pk)
    return form_page(request, "orders/desk_checklist.html", form, {"order": order})


@access(*DESK, methods="GET POST")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn one down, in words."""
    rows = PunchRequest.objects.select_related("assignment__worker__user", "assignment__position__shift__order")
    row, by, now = get_object_or_404(rows, pk=pk), acting(request), clock.now()
    form = RefuseForm(request.POST or None, field=row.why == PunchRequest.Why.FIELD)
    if attempt(form, lambda: proofs.refuse(row.pk, by=by, now=now, **form.cleaned_data)):
        messages.success(request, _("已驳回，员工会收到通知。"))
        return redirect("orders:desk-proofs")
    return form_page(request, "orders/desk_proof_refuse.html", form, {"row": row, "work": row.assignment})
