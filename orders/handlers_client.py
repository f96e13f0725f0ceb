"""Outbox subscribers of what a client does besides ordering: changes, messages, new logins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.handlers import about, client_url, desk_url, members_of
from orders.models import Order, OrderMessage
from orders.services import members
from staffing.core import channels, notices
from staffing.core.models import User
from staffing.core.outbox import on

Payload = Mapping[str, Any]
# A notice is a pointer, the message itself is on the order's page.
QUOTED = 80

notices.register("order.amended", _("订单 %(number)s 有修改"), _("%(client)s · %(title)s：请查看最新的班次与人数。"))
notices.register("message.agency", _("%(client)s 留言"), _("订单 %(number)s %(title)s：%(body)s"))
notices.register("message.client", _("调度给您留言"), _("订单 %(number)s %(title)s：%(body)s"))


@on("order.amend")
def tell_of_change(payload: Payload, now: datetime) -> None:
    """Dispatchers hear that a running order is another one now."""
    order = Order.objects.select_related("client").get(pk=payload["id"])
    data, key = about(order), payload["event"]
    notices.tell_agency("order.amended", order, now=now, key=key, data=data, url=desk_url(order))


@on("message.post")
def tell_of_message(payload: Payload, now: datetime) -> None:
    """The other side hears of a message, unless it has been read by now."""
    said = OrderMessage.objects.select_related("order__client").get(pk=payload["id"])
    if said.read_at is not None:
        return
    order = said.order
    data, key = about(order, body=said.body[:QUOTED]), str(said.pk)
    if said.from_client:
        notices.tell_agency("message.agency", order, now=now, key=key, data=data, url=f"{desk_url(order)}#messages")
    else:
        url = f"{client_url(order)}#messages"
        notices.tell(members_of(order), "message.client", order, now=now, key=key, data=data, url=url)


@on("member.invite", queue="notify")
def send_invitation(payload: Payload, now: datetime) -> None:
    """The link with which a new login sets its password, by e-mail; not to somebody who has one already."""
    user = User.objects.get(pk=payload["id"])
    if user.email and user.is_active and not user.has_usable_password():
        channels.email(user, members.letter_to(user))
