"""Repeats the first answer to a retried request: same key and body → same answer, other body → refused.

Source: IETF draft "The Idempotency-Key HTTP Header Field".
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core.errors import DomainError
from staffing.core.models import IdempotencyRecord, User


class KeyReused(DomainError):
    """The key came before with another request."""

    status = 422


@dataclass(frozen=True, slots=True)
class Answer:
    """HTTP status, JSON body, and whether it is a repetition."""

    status: int
    body: Any
    repeated: bool = False


def remember(
    who: User | str, key: str, method: str, path: str, body: bytes, *, now: datetime, make: Callable[[], Answer]
) -> Answer:
    """Run `make` once per (who, key). A concurrent twin waits on the unique row; a failed `make` frees the key.

    `who` is a person, or the name of a caller that is none (a partner's key).

    Raises `KeyReused` if the key was used for another method, path or body.
    """
    digest = hashlib.sha256(body).hexdigest()
    with transaction.atomic():
        record, fresh = IdempotencyRecord.objects.select_for_update().get_or_create(
            **({"caller": who} if isinstance(who, str) else {"user": who}),
            key=key,
            defaults={"method": method, "path": path, "body_digest": digest, "created_at": now},
        )
        if fresh:
            return _first(record, make)
        if (record.method, record.path, record.body_digest) != (method, path, digest):
            raise KeyReused("idempotency_key_reused", _("此 Idempotency-Key 已用于另一请求。"))
        return Answer(record.status or 200, record.body, repeated=True)


def _first(record: IdempotencyRecord, make: Callable[[], Answer]) -> Answer:
    answer = make()
    record.status, record.body = answer.status, answer.body
    record.save(update_fields=["status", "body"])
    return answer


def purge(now: datetime, keep: timedelta) -> int:
    """Forget answers older than `keep`."""
    return IdempotencyRecord.objects.filter(created_at__lt=now - keep).delete()[0]
