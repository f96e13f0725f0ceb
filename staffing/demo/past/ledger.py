"""Collects rows as the services would have written them, numbers them, and writes them in batches."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any, TypeVar

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model

from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.models import AuditEvent
from staffing.core.transitions import find

Row = TypeVar("Row", bound=Model)
BATCH = 2000
# Rows of the status log that the database writes by itself on updates; here they are drawn from the audit.
STATUS_LOG = """
    INSERT INTO {table} (pgh_created_at, pgh_label, pgh_obj_id, status)
    SELECT at, 'status_changed', subject_id, to_state FROM core_auditevent
    WHERE subject_type = %s AND from_state <> '' AND from_state <> to_state ORDER BY at
"""
LOGGED = {
    "order": "orders_orderstatusevent",
    "position": "orders_positionstatusevent",
    "offer": "orders_offerstatusevent",
    "assignment": "orders_assignmentstatusevent",
    "timesheet": "orders_timesheetstatusevent",
    "reviewcase": "feedback_reviewcasestatusevent",
}


class Ledger:
    """All rows of the past. `horizon` is the present: what is due after it becomes a row of the outbox."""

    def __init__(self, random: Random, horizon: datetime) -> None:
        self.horizon = horizon
        self._random = random
        self._rows: dict[type[Model], list[Model]] = defaultdict(list)
        self._next: dict[type[Model], int] = {}
        self._events: list[AuditEvent] = []
        self._later: list[tuple[str, Mapping[str, Any], str, datetime, datetime]] = []

    def add(self, row: Row) -> Row:
        """Number a row and keep it."""
        kind = type(row)
        if kind not in self._next:
            self._next[kind] = (kind._default_manager.aggregate(top=Max("pk"))["top"] or 0) + 1
        row.pk = self._next[kind]
        self._next[kind] += 1
        self._rows[kind].append(row)
        return row

    def uuid(self) -> uuid.UUID:
        """A random identifier that the seed repeats."""
        return uuid.UUID(int=self._random.getrandbits(128), version=4)

    def record(self, subject: Model, action: str, *, by: Actor, at: datetime, **fields: Any) -> None:
        """Keep an audit event; `fields` as in `audit.event`."""
        self._events.append(audit.event(subject, action, by=by, now=at, **fields))

    def change(
        self,
        subject: Any,
        action: str,
        *,
        by: Actor,
        at: datetime,
        reason: str = "",
        data: dict[str, Any] | None = None,
    ) -> None:
        """Move a row along its table. Raises like `transitions.change`."""
        was = str(subject.status)
        subject.status = find(subject.TRANSITIONS, was, action, by).to
        self.record(subject, action, by=by, at=at, from_state=was, to_state=subject.status, reason=reason, data=data)

    def later(self, topic: str, payload: Mapping[str, Any], key: str, at: datetime, due_at: datetime) -> None:
        """Something that a timer does; within the past it is lived through, after it the outbox has it."""
        if due_at > self.horizon:
            self._later.append((topic, payload, key, at, due_at))

    def save(self) -> None:
        """Write everything. Foreign keys are checked at the end of the transaction, so the order is free."""
        for kind, rows in self._rows.items():
            kind._default_manager.bulk_create(rows, batch_size=BATCH)
        AuditEvent.objects.bulk_create(sorted(self._events, key=lambda event: event.at), batch_size=BATCH)
        for topic, payload, key, at, due_at in self._later:
            outbox.publish(topic, payload, key=key, now=at, due_at=due_at)
        self._finish()

    def _finish(self) -> None:
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self._rows)):
                cursor.execute(statement)
            for subject, table in LOGGED.items():
                cursor.execute(STATUS_LOG.format(table=table), [subject])
