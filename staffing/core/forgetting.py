"""The name of somebody whose account was closed, taken out of texts that stay: what was done, and what was sent.

Names are not unique. What was done and sent is changed wherever a text holds the name; a message that is yet to be sent
only where nobody else bears it.
"""

from typing import Any, Final

import pgtrigger
from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from staffing.core.models import AuditEvent, Notification, OutboxMessage, User
from staffing.core.personal import Closing

# A name of one character may be a part of any word: then whole texts alone are compared.
SHORTEST: Final = 2
BATCH: Final = 500


def without(value: Any, was: str, name: str) -> Any:
    """The same JSON value, with `name` in place of `was` wherever a text holds it."""
    if isinstance(value, str):
        return name if value == was else value.replace(was, name) if len(was) >= SHORTEST else value
    if isinstance(value, dict):
        return {key: without(each, was, name) for key, each in value.items()}
    return [without(each, was, name) for each in value] if isinstance(value, list) else value


def in_audit(events: QuerySet[AuditEvent], closing: Closing) -> None:
    """Of events about the person, or of theirs: the one change that the memory of deeds allows."""
    was = closing.user.name
    rows = events.annotate(told=Cast("data", TextField())).filter(Q(reason__contains=was) | Q(told__contains=was))
    changed = list(rows)
    for row in changed:
        row.reason, row.data = without(row.reason, was, closing.name), without(row.data, was, closing.name)
    with pgtrigger.ignore("core.AuditEvent:append_only"):
        AuditEvent.objects.bulk_update(changed, ["reason", "data"], batch_size=BATCH)


def in_notices(model: type[Model], ids: Any, closing: Closing) -> None:
    """Notices to others about these rows name the number from now on."""
    changed = list(Notification.objects.filter(subject_type=model._meta.label_lower, subject_id__in=ids))
    for row in changed:
        row.data = without(row.data, closing.user.name, closing.name)
    Notification.objects.bulk_update(changed, ["data"], batch_size=BATCH)


def in_outbox(closing: Closing) -> None:
    """Messages keep the number and no phone or address; what is yet to be sent may be about a namesake."""
    user = closing.user
    unique = not User.objects.filter(name=user.name).exclude(pk=user.pk).exists()
    settled = Q(done_at__isnull=False) | Q(set_aside_at__isnull=False)
    told = OutboxMessage.objects.annotate(told=Cast("payload", TextField()))
    for was in filter(None, (user.phone, user.email, user.name)):
        rows = told.filter(told__contains=was)
        changed = list(rows if unique or was != user.name else rows.filter(settled))
        for row in changed:
            row.payload = without(row.payload, was, closing.name)
        OutboxMessage.objects.bulk_update(changed, ["payload"], batch_size=BATCH)
