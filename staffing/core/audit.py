"""Writes audit events; the only module that does."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from staffing.core.actors import Actor
from staffing.core.models import AuditEvent


def order_id_of(subject: models.Model) -> int | None:
    """The order a subject belongs to, if it says so (`audit_order_id`)."""
    value = getattr(subject, "audit_order_id", None)
    return int(value) if value is not None else None


def event(
    subject: models.Model,
    action: str,
    *,
    by: Actor,
    now: datetime,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """An unsaved event, for those who write many at once."""
    return AuditEvent(
        at=now,
        actor=by.user,
        actor_role=by.role,
        subject_type=subject._meta.model_name or "",
        subject_id=subject.pk,
        order_id=order_id_of(subject),
        action=action,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        data=data or {},
    )


def record(subject: models.Model, action: str, *, by: Actor, now: datetime, **fields: Any) -> AuditEvent:
    """Save one event in the caller's transaction. `fields` as in `event`."""
    row = event(subject, action, by=by, now=now, **fields)
    row.save(force_insert=True)
    return row


def record_many(events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Save many events (`event` makes them) in the caller's transaction."""
    return AuditEvent.objects.bulk_create(events, batch_size=2_000)
