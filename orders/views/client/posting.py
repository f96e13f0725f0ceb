"""Posting an order: the form, what it tells beside itself, the look before the leap."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders import asked, permissions, whatif
from orders.forms import prefill, repeating
from orders.forms.entry import OrderEntry
from orders.forms.order import blank_initial
from orders.forms.shelf import Shelf
from orders.forms.shifts import PREFIX, ShiftFormSet, first_row, rows_of
from orders.forms.templates import WEEKDAYS
from orders.models import ClientMember, FormDraft, Order, OrderTemplate, TeamMember
from orders.selectors import client as reads
from orders.selectors import planning as kept_things
from orders.services import planning, posting
from orders.services.ordering import ShiftSpec
from orders.states import OrderStatus
from orders.views.client.common import CONFLICT, UNPROCESSABLE, own_order
from staffing.core import clock
from staffing.core.access import access
from staffing.core.actors import acting
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

# what a press of a button may lead to besides another look at the form
WRITING = ("preview", "submit", "draft", "template")


@access(Role.CLIENT, methods="GET POST")
def new(request: HttpRequest) -> HttpResponse:
    """The form. POST `action`: preview, submit, draft, template; or edit, add, copy-2, remove-2, repeat, which only
    show it again. GET `?draft=…` goes on with a half-filled one, `?template=…` starts from a template."""
    shelf = shelf_of(request)
    if request.method == "POST":
        return answer(request, shelf, request.POST.get("action", "preview"))
    entry = opened(request, shelf, clock.now())
    others = kept_things.half_filled(acting(request).user, shelf.client)
    return show(request, entry, drafts=[row for row in others if str(row.form_key) != request.GET.get("draft")])


@access(Role.CLIENT, methods="POST")
def cost(request: HttpRequest) -> HttpResponse:
    """What the order costs as filled in so far."""
    entry = OrderEntry.posted(shelf_of(request), request.POST)
    return render(request, "orders/_client_cost.html", priced(entry) | {"live": True})


@access(Role.CLIENT, methods="POST")
def reach(request: HttpRequest) -> HttpResponse:
    """How many people may take each shift now, and which requirement keeps most of them away."""
    entry = OrderEntry.posted(shelf_of(request), request.POST)
    return render(request, "orders/_client_eligible.html", reached(entry, clock.now()) | {"live": True})


@access(Role.CLIENT, methods="POST")
def shifts(request: HttpRequest) -> HttpResponse:
    """The rows of shifts after a press of a button beside them; nothing is judged."""
    permissions.require(permissions.may_order(acting(request).user))
    rows, said = repeating.changed(rows_of(request.POST), request.POST, request.POST.get("action", ""))
    formset = ShiftFormSet(initial=[dict(row) for row in rows], prefix=PREFIX)
    response = render(request, "orders/_client_shifts.html", {"shifts": formset, "said": said})
    response["HX-Trigger-After-Swap"] = "shifts-changed"
    return response


@access(Role.CLIENT)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The form filled from an old order, on the next free same weekdays."""
    orders, now = permissions.client_orders(acting(request).user), clock.now()
    order, shelf = get_object_or_404(orders, pk=pk), shelf_of(request)
    rows = prefill.later_rows(*reads.repeated(order, orders, now), now)
    return show(request, OrderEntry.shown(shelf, prefill.initial_of(order), rows))


@access(Role.CLIENT)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form filled from a draft; what is sent takes the draft's place."""
    order, shelf = own_order(request, pk), shelf_of(request)
    if order.status != OrderStatus.DRAFT:
        return redirect("orders:client-order", pk)
    initial = prefill.initial_of(order) | {"draft": order.pk}
    return show(request, OrderEntry.shown(shelf, initial, prefill.same_rows(spans(order))))


def opened(request: HttpRequest, shelf: Shelf, now: datetime) -> OrderEntry:
    """A blank form with what the trade usually asks for, or the one that the address names."""
    if found := own_draft(request, shelf):
        return OrderEntry.rearranged(shelf, QueryDict(found.data))
    if found_template := own_template(request, shelf):
        return OrderEntry.shown(shelf, *prefill.from_template(found_template, shelf, now))
    return OrderEntry.shown(shelf, blank_initial(shelf), [first_row(now)])


def own_draft(request: HttpRequest, shelf: Shelf) -> FormDraft | None:
    """The half-filled form that the address names, if it is there and the asker's."""
    key = prefill.key_of(request.GET.get("draft"))
    mine = FormDraft.objects.filter(user=acting(request).user, client=shelf.client)
    return mine.filter(form_key=key).first() if key else None


def own_template(request: HttpRequest, shelf: Shelf) -> OrderTemplate | None:
    """The template that the address names, if it is the company's."""
    named = request.GET.get("template", "")
    return OrderTemplate.objects.filter(client=shelf.client, pk=named).first() if named.isdecimal() else None


def answer(request: HttpRequest, shelf: Shelf, action: str) -> HttpResponse:
    """What one press of a button in the form leads to."""
    if action not in WRITING:
        return show(request, OrderEntry.rearranged(shelf, request.POST, action))
    entry = OrderEntry.posted(shelf, request.POST)
    if not (entry.is_whole() if action == "template" else entry.is_valid(clock.now())):
        return show(request, entry, status=UNPROCESSABLE)
    if action == "preview":
        return confirm(request, entry)
    return keep_as_template(request, entry) if action == "template" else write(request, entry, action == "submit")


def confirm(request: HttpRequest, entry: OrderEntry, *, status: int = 200, risen: str = "") -> HttpResponse:
    """The look before the leap; `risen`: why it is shown once more."""
    context = {"entry": entry, "spec": entry.wanted(), "facts": entry.facts(), "risen": risen, **priced(entry)}
    return render(request, "orders/client_confirm.html", context, status=status)


def keep_as_template(request: HttpRequest, entry: OrderEntry) -> HttpResponse:
    """Keep the form under a name; the form comes back either way."""
    given, now, by = entry.form.cleaned_data, clock.now(), acting(request)
    place = entry.form.new_site()
    try:
        template = planning.save_template(entry.client, given["kept_as"], entry.spec(), new_site=place, by=by, now=now)
    except Invalid as refusal:
        entry.refuse(refusal)
        return show(request, entry, status=UNPROCESSABLE)
    messages.success(request, _("已存为模板“%(name)s”。") % {"name": template.name})
    data = request.POST.copy()
    data["kept_as"] = ""
    if place is not None:
        data["place"], data["site"] = "own", str(template.values["site"])
    return show(request, OrderEntry.rearranged(entry.shelf.fresh(), data))


def write(request: HttpRequest, entry: OrderEntry, submit: bool) -> HttpResponse:
    """Write the order and go to its page; a refusal comes back into the form."""
    try:
        posted = posting.post(
            entry.spec(),
            entry.client,
            new_site=entry.form.new_site(),
            instead_of=entry.form.cleaned_data["draft"],
            submit=submit,
            shown=shown_in(request.POST),
            by=acting(request),
            now=clock.now(),
        )
    except (Invalid, Conflict) as refusal:
        if refusal.code == "price_risen":
            return confirm(request, entry, status=CONFLICT, risen=str(refusal))
        entry.refuse(refusal)
        return show(request, entry, status=UNPROCESSABLE)
    messages.info(request, outcome(posted, submit))
    return redirect("orders:client-order", posted.order.pk)


def shown_in(data: QueryDict) -> Decimal | None:
    """What the look before the leap said that it costs (CNY); None if it was not looked at."""
    try:
        amount = Decimal(data.get("shown", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def outcome(posted: posting.Posted, submit: bool) -> str:
    """One sentence about what happened."""
    if not posted.fresh:
        return _("这张表单已经提交过，这是它产生的订单；如需另下一单，请用“再来一单”。")
    return _("订单已提交，正在匹配。") if submit else _("草稿已保存，提交前不会安排员工。")


def show(request: HttpRequest, entry: OrderEntry, *, status: int = 200, **more: Any) -> HttpResponse:
    """The form as a page."""
    context = {"entry": entry, "said": entry.said, "weekdays": WEEKDAYS, **more}
    return render(request, "orders/client_new.html", context, status=status)


def priced(entry: OrderEntry) -> dict[str, Any]:
    """Context of the cost part: the estimate and the shifts its lines refer to, or why there is none."""
    try:
        return {"cost": entry.cost, "shifts": entry.timed()}
    except Invalid as refusal:
        return {"cost": None, "problem": str(refusal)}


def reached(entry: OrderEntry, now: datetime) -> dict[str, Any]:
    """Context of the part about people: the figures in words, or why there are none."""
    wanted = entry.asked()
    try:
        found = asked.found(wanted, now) if wanted else None
    except whatif.Unavailable:
        return {"problem": _("现在暂时数不出合适的人数，不影响下单。")}
    if found is None:
        return {}
    return {"told": kept_things.told(found, entry.shelf.catalogue, entry.form.pool_gates())}


def shelf_of(request: HttpRequest) -> Shelf:
    """What the asker's company may choose from. 404 without a company, `Forbidden` without the right to order."""
    user = acting(request).user
    assert user is not None
    team = TeamMember.objects.filter(client=OuterRef("client"))
    members = ClientMember.objects.select_related("client").annotate(has_team=Exists(team))
    member: Any = get_object_or_404(members, user=user)
    user.membership = member
    permissions.require(permissions.may_order(user))
    return Shelf(member.client, has_team=member.has_team)


def spans(order: Order) -> list[ShiftSpec]:
    """The shifts of an order as the form takes them."""
    return [ShiftSpec(shift.start_at, shift.end_at, shift.headcount) for shift in order.shifts.all()]
