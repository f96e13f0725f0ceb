"""Writes audit events; the only module that does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from staffing.core import bulk
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
    """An unsaved event."""
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


def record_many(
    subjects: Sequence[models.Model],
    action: str,
    *,
    by: Actor,
    now: datetime,
    states: Sequence[tuple[str, str]],
    reason: str = "",
    data: Sequence[dict[str, Any]],
) -> list[int]:
    """Save one event a subject (all of one model) in the caller's transaction: from and to state, and data of each.

    The events' ids, in that order.
    """
    if not subjects:
        return []
    same = {
        "at": now,
        "actor_id": by.user.pk if by.user else None,
        "actor_role": by.role,
        "subject_type": subjects[0]._meta.model_name or "",
        "action": action,
        "reason": reason,
    }
    varying: dict[str, list[Any]] = {
        "subject_id": [subject.pk for subject in subjects],
        "order_id": [order_id_of(subject) for subject in subjects],
        "from_state": [was for was, _ in states],
        "to_state": [to for _, to in states],
        "data": list(data),
    }
    return bulk.insert(AuditEvent, varying | {name: [value] * len(subjects) for name, value in same.items()})
