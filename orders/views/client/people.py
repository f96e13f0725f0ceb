"""The people who serve the client: who they are, the fixed team, and who is not to come again."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders import permissions
from orders.forms.members import ShunForm
from orders.models import Assignment, Client
from orders.selectors import client_people as reads
from orders.services import circle
from orders.views.client.common import UNPROCESSABLE, company, must, rights
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.models import Role
from workers.models import Worker

PAGE = 20


@access(Role.CLIENT)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody the client knows, the team first."""
    asked = request.GET.get("group", "")
    group = asked if asked in reads.GROUPS else "all"
    page = Paginator(reads.listed(company(request), group), PAGE).get_page(request.GET.get("page"))
    return render(request, "orders/client_people.html", {"page": page, "group": group, "groups": tabs(group)})


def tabs(group: str) -> list[dict[str, Any]]:
    """The lists to choose from."""
    names = {"all": _("全部"), "team": _("固定团队"), "not-again": _("不再派遣")}
    return [{"label": names[key], "url": f"?group={key}", "active": key == group} for key in reads.GROUPS]


@access(Role.CLIENT)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person, as far as a client may know them."""
    return show(request, *own_person(request, pk), ShunForm())


@access(Role.CLIENT, methods="POST")
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the fixed team, or out of it (`leave`)."""
    client, worker = own_person(request, pk)
    must(request, permissions.may_order)
    change = circle.leave_team if "leave" in request.POST else circle.add_to_team
    change(client, worker, by=acting(request), now=clock.now())
    messages.success(
        request, _("已移出固定团队。") if "leave" in request.POST else _("已加入固定团队，匹配时优先安排。")
    )
    return redirect("orders:client-person", pk)


@access(Role.CLIENT, methods="POST")
def shun(request: HttpRequest, pk: int) -> HttpResponse:
    """Not to be sent again, with a reason; or again after all (`undo`)."""
    (client, worker), form = own_person(request, pk), ShunForm(request.POST)
    must(request, permissions.may_order)
    if "undo" in request.POST:
        circle.send_again(client, worker, by=acting(request), now=clock.now())
        messages.success(request, _("已撤销，此人可再次被推荐。"))
        return redirect("orders:client-person", pk)
    if not form.is_valid():
        return show(request, client, worker, form, status=UNPROCESSABLE)
    circle.do_not_send(client, worker, by=acting(request), now=clock.now(), **form.cleaned_data)
    messages.success(request, _("今后不再派遣此人；未确认的推荐已自动换人。"))
    return redirect("orders:client-person", pk)


@access(Role.CLIENT, methods="POST")
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else instead of a booked person who is not to come."""
    own = Assignment.objects.filter(position__shift__order__client__members__user=acting(request).user)
    work = get_object_or_404(own.select_related("position__shift__order"), pk=pk)
    must(request, permissions.may_order)
    circle.replace(work, by=acting(request), now=clock.now())
    messages.success(request, _("已取消此人的班次，系统正在安排替补。"))
    return redirect("orders:client-person", work.worker_id)


def own_person(request: HttpRequest, pk: int) -> tuple[Client, Worker]:
    """The asker's company and somebody it knows, or 404."""
    client = company(request)
    return client, get_object_or_404(reads.known(client), pk=pk)


def show(request: HttpRequest, client: Client, worker: Worker, form: ShunForm, *, status: int = 200) -> HttpResponse:
    """The person's page."""
    page = reads.person(worker, client, clock.now())
    return render(request, "orders/client_person.html", {"page": page, "form": form} | rights(request), status=status)
