"""Order forms as they were typed so far: kept while they are typed, gone once the order is written."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Client, FormDraft, Order
from staffing.core.errors import Conflict
from staffing.core.models import User

# longer than any of our pages can be filled in by hand
MOST_CHARACTERS = 100_000
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form's key, what it calls itself, and everything typed (application/x-www-form-urlencoded)."""

    key: uuid.UUID
    title: str
    data: str


@transaction.atomic
def keep(user: User, client: Client, typed: Typed, now: datetime) -> FormDraft:
    """Keep the form word for word, in place of what was kept of it before.

    Raises `Conflict` if the form has become an order, belongs to somebody else, or is too long.
    """
    # The order of this very form may be on its way: both wait for each other at the client's row.
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if Order.objects.filter(form_key=typed.key).exists():
        raise Conflict("posted", _("这张表单已经提交。"))
    if len(typed.data) > MOST_CHARACTERS:
        raise Conflict("too_long", _("内容太长，无法自动保存。"))
    theirs = FormDraft.objects.filter(form_key=typed.key).exclude(user=user, client=client)
    if theirs.exists():
        raise Conflict("form_key_taken", _("表单已失效，请重新打开下单页面。"))
    values = {"user": user, "client": client, "title": typed.title[:80], "data": typed.data, "updated_at": now}
    return FormDraft.objects.update_or_create(form_key=typed.key, defaults=values)[0]


def discard(user: User, key: uuid.UUID) -> bool:
    """Throw a half-filled form away. False if there was none."""
    return bool(FormDraft.objects.filter(user=user, form_key=key).delete()[0])


def done(key: uuid.UUID | None) -> None:
    """The form has become an order."""
    if key is not None:
        FormDraft.objects.filter(form_key=key).delete()


def sweep(now: datetime) -> int:
    """Forget forms that nobody touched for 30 days; returns how many."""
    return FormDraft.objects.filter(updated_at__lt=now - KEPT).delete()[0]
