"""The queue's filters under a name: save, open with, forget."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.filters_desk import DeskFilter
from orders.forms_desk import ViewForm
from orders.models import SavedView
from orders.selectors.desk import catalogue, queue
from orders.services import saved_views
from orders.views.desk.common import DESK, attempt, form_page, user_of
from staffing.core import clock
from staffing.core.access import access

PAGE = "desk"


@access(*DESK, methods="GET POST")
def views(request: HttpRequest) -> HttpResponse:
    """The person's views of the queue; POST keeps the filters under a name."""
    user, form = user_of(request), ViewForm(request.POST or None, initial={"query": request.GET.urlencode()})
    known = catalogue.read(page=PAGE, user=user)
    if attempt(form, lambda: _save(request, form, known)):
        messages.success(request, _("已保存常用筛选。"))
        return redirect(_queue_with(_clean(form.cleaned_data["query"], known)))
    return form_page(request, "orders/desk_views.html", form, {"views": known.views})


def _save(request: HttpRequest, form: ViewForm, known: catalogue.Catalogue) -> None:
    values = form.cleaned_data
    saved_views.save(user_of(request), PAGE, values["name"], _clean(values["query"], known), clock.now())


def _clean(query: str, known: catalogue.Catalogue) -> str:
    """What the filter understands of a query string."""
    return DeskFilter(QueryDict(query), queryset=queue.rows(), known=known).query


def _queue_with(query: str) -> str:
    # A bare address would open with the default view.
    return f"{reverse('orders:desk')}?{query or 'state='}"


@access(*DESK, methods="POST")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view. Repeating it changes nothing."""
    view = SavedView.objects.filter(user=user_of(request), page=PAGE, pk=pk).first()
    if view is not None:
        saved_views.delete(view)
        messages.success(request, _("已删除常用筛选。"))
    return redirect("orders:desk-views")


@access(*DESK, methods="POST")
def make_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the desk with this view (`on=1`), or with none."""
    view = get_object_or_404(SavedView, user=user_of(request), page=PAGE, pk=pk)
    saved_views.make_default(view, on=request.POST.get("on") == "1", now=clock.now())
    return redirect("orders:desk-views")
