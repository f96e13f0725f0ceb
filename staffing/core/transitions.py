"""State machines as tables: (state, action) → (next state, who may).

A service locks its row, calls `change`, and everything that must go with a status change happens here:
the check, the new status, the audit event and the announcement to subscribers, in the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, bulk, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Forbidden


@dataclass(frozen=True, slots=True)
class Rule:
    """Where an action leads, and the roles that may take it."""

    to: str
    who: frozenset[str]


Table = Mapping[tuple[str, str], Rule]


def rule(to: str, *who: str) -> Rule:
    """Shorthand for the tables."""
    return Rule(str(to), frozenset(str(role) for role in who))


def allowed(table: Table, state: str, action: str, by: Actor) -> bool:
    """Whether the state and the role allow the action (not whether this person may touch this object)."""
    found = table.get((state, action))
    return found is not None and by.role in found.who


def find(table: Table, state: str, action: str, by: Actor) -> Rule:
    """The rule to apply. Raises `Conflict` if the state forbids the action, `Forbidden` if the role does."""
    found = table.get((state, action))
    if found is None:
        raise Conflict("wrong_state", _("当前状态已改变，不能执行此操作。请刷新后查看。"), state=state, action=action)
    if by.role not in found.who:
        raise Forbidden("wrong_role", _("您没有执行此操作的权限。"))
    return found


def change(
    subject: Any,
    action: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    data: dict[str, Any] | None = None,
    also: Iterable[str] = (),
) -> None:
    """Move a locked row along its `TRANSITIONS` and tell whoever subscribed to `model.action`.

    `also` names further fields the caller has set and wants saved with the status.
    Must run inside a transaction. Raises `Conflict` or `Forbidden`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("change() outside a transaction would tear status and audit apart")
    was = str(subject.status)
    found = find(subject.TRANSITIONS, was, action, by)
    subject.status = found.to
    subject.save(update_fields=["status", *also])
    event = audit.record(subject, action, by=by, now=now, from_state=was, to_state=found.to, reason=reason, data=data)
    outbox.publish(
        f"{_label(subject)}.{action}", {"id": subject.pk, "event": str(event.pk)}, key=str(event.pk), now=now
    )


def change_many(
    subjects: Sequence[Any],
    action: str,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    data: Sequence[dict[str, Any]] | None = None,
    also: Iterable[str] = (),
) -> None:
    """`change` for many locked rows of one model at once: the same checks, audit events and announcements.

    `data` has one entry a subject. Raises what `change` raises, before anything is written.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("change_many() outside a transaction would tear status and audit apart")
    moves = [(str(one.status), find(one.TRANSITIONS, str(one.status), action, by).to) for one in subjects]
    if not subjects:
        return
    for subject, (_was, to) in zip(subjects, moves, strict=True):
        subject.status = to
    bulk.update(subjects, ["status", *also])
    told = data or [{} for _ in subjects]
    events = audit.record_many(subjects, action, by=by, now=now, states=moves, reason=reason, data=told)
    facts = [
        ({"id": subject.pk, "event": str(event)}, str(event)) for subject, event in zip(subjects, events, strict=True)
    ]
    outbox.publish_many(f"{_label(subjects[0])}.{action}", facts, now=now)


def _label(subject: models.Model) -> str:
    return subject._meta.model_name or ""
