"""Words between client and agency about one order."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderMessage
from staffing.core import outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

MOST = 1000


def post(order: Order, body: str, *, form_key: uuid.UUID, by: Actor, now: datetime) -> OrderMessage:
    """Say something; the other side is told. The same `form_key` says it once.

    Raises `Invalid` for nothing or too much, `Conflict` for a `form_key` of somebody else's.
    """
    text = body.strip()
    if not text:
        raise Invalid("no_text", _("请填写留言内容。"))
    if len(text) > MOST:
        raise Invalid("too_long", _("留言最多 %(most)s 字。"), most=MOST)
    try:
        return _said_before(order, form_key, by) or _post(order, text, form_key, by, now)
    except IntegrityError:
        # The same form came twice at the same moment, and the other one was first.
        if (said := _said_before(order, form_key, by)) is None:
            raise
        return said


def _said_before(order: Order, form_key: uuid.UUID, by: Actor) -> OrderMessage | None:
    said = OrderMessage.objects.filter(form_key=form_key).first()
    if said is not None and (said.order_id != order.pk or said.author_id != (by.user and by.user.pk)):
        raise Conflict("form_key_taken", _("表单已失效，请刷新页面后再发送。"))
    return said


@transaction.atomic
def _post(order: Order, text: str, form_key: uuid.UUID, by: Actor, now: datetime) -> OrderMessage:
    assert by.user is not None
    said = OrderMessage.objects.create(
        order=order,
        author=by.user,
        from_client=by.role == Role.CLIENT,
        body=text,
        form_key=form_key,
        created_at=now,
    )
    outbox.publish("message.post", {"id": said.pk}, key=str(said.pk), now=now)
    return said


def mark_read(order: Order, *, by: Actor, now: datetime) -> int:
    """The person's side has seen what the other side wrote; how many that were."""
    waiting = OrderMessage.objects.filter(order=order, read_at__isnull=True, from_client=by.role != Role.CLIENT)
    return waiting.update(read_at=now)
