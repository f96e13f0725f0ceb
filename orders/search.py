"""Orders and clients in the search over everything."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from orders.models import Client, ClientMember, Order
from orders.presentation import ORDER
from orders.states import OrderStatus
from staffing.core import search
from staffing.core.search import Asked, Group, Hit
from staffing.core.templatetags.formats import moment_text

# Clients whose orders are shown too; more would not tell anything.
MOST_CLIENTS = 20
AT_REST = (OrderStatus.DRAFT, OrderStatus.COMPLETED, OrderStatus.CANCELLED)


def orders(meant: Asked) -> QuerySet[Order]:
    """Orders by number, words of the title, or client; best first, then the latest service."""
    titled = search.text("title", meant.words)
    # Their ids and not a subquery: so each way has an index of its own.
    theirs = search.names(meant).of(Client.objects.all()).order_by("rank", "pk").values_list("pk", flat=True)
    numbered = Q(pk=meant.number or 0)
    best = replace(titled, better=[When(numbered, then=search.EXACT), *titled.better])
    rows = best.of(
        Order.objects.exclude(status=OrderStatus.DRAFT).select_related("client", "city"),
        numbered,
        Q(client__in=list(theirs[:MOST_CLIENTS])),
    )
    return rows.order_by("rank", "-starts_at", "-pk")


def order_hit(order: Any) -> Hit:
    """An order as a line."""
    words = {"client": order.client.name, "city": order.city.name, "start": moment_text(order.starts_at)}
    return Hit(
        f"{order.number} {order.title}",
        _("%(client)s · %(city)s · %(start)s") % words,
        reverse("orders:desk-order", args=[order.pk]),
        (ORDER[order.status], order.get_status_display()),
    )


def clients(meant: Asked) -> QuerySet[Client]:
    """Clients by name or pinyin, or by one of their people's names or phone numbers."""
    members = search.names(meant, "user__", phone=True).of(ClientMember.objects.all())
    found = search.names(meant).of(Client.objects.all(), Q(pk__in=members.values("client_id")))
    return found.annotate(running=Count("orders", filter=~Q(orders__status__in=AT_REST))).order_by("rank", "name")


def client_hit(client: Any) -> Hit:
    """A client as a line that leads to all of its orders."""
    running = ngettext("%(n)d 张进行中的订单", "%(n)d 张进行中的订单", client.running) % {"n": client.running}
    return Hit(
        client.name,
        f"{client.get_industry_display()} · {running}",
        f"{reverse('orders:desk')}?{urlencode({'client': client.pk, 'state': 'all'})}",
        ("accent", client.get_value_display()) if client.value else None,
    )


search.register(Group("orders", pgettext_lazy("nav", "订单"), "clipboard-list", orders, order_hit), place=1)
search.register(Group("clients", gettext_lazy("客户"), "building", clients, client_hit), place=3)
