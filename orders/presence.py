"""Who of the desk has which order open just now: a short memory in Valkey, and nothing where that is away.

One hash holds everybody: field `<user>:<order>` → name, when seen last, when something was last done (seconds).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import redis
from django.conf import settings

from staffing.core.models import User

KEY: Final = "desk:presence"
# The panel renews itself every 15 seconds; two rounds may be lost.
SEEN_SECONDS: Final = 40
ACTED_SECONDS: Final = 90
# A desk must not wait for a courtesy.
PATIENCE_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody at an order; `acting`: has it open for a change, or has just made one."""

    name: str
    acting: bool


@cache
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS, decode_responses=True
    )


def note(user: User, order_id: int, now: datetime, *, acting: bool = False, only: bool = False) -> None:
    """The person looks at the order; `only`: and has left every other one."""
    field, moment = f"{user.pk}:{order_id}", now.timestamp()
    try:
        client = _client(settings.REDIS_URL)
        held = _held(client)
        before = _row(held.get(field))
        acted = moment if acting else float(before.get("acted", 0))
        row = json.dumps({"name": user.name, "seen": moment, "acted": acted})
        with client.pipeline(transaction=False) as pipe:
            if gone := _leaving(held, user.pk, field, moment, only=only):
                pipe.hdel(KEY, *gone)
            pipe.hset(KEY, field, row)
            pipe.expire(KEY, ACTED_SECONDS)
            pipe.execute()
    except redis.RedisError:
        return


def _held(client: "redis.Redis") -> dict[str, str]:
    return {str(field): str(row) for field, row in client.hgetall(KEY).items()}


def _leaving(held: Mapping[str, str], user_id: int, field: str, moment: float, *, only: bool) -> list[str]:
    own = f"{user_id}:"
    return [
        name
        for name, row in held.items()
        if name != field and ((only and name.startswith(own)) or not _fresh(_row(row), moment))
    ]


def others(user: User, now: datetime) -> Mapping[int, Sequence[Here]]:
    """By order: everybody else who has it open, by name. Empty where Valkey is away."""
    try:
        held = _held(_client(settings.REDIS_URL))
    except redis.RedisError:
        return {}
    moment, found = now.timestamp(), dict[int, list[Here]]()
    for field, text in held.items():
        who, _, order = field.partition(":")
        row = _row(text)
        if who != str(user.pk) and order.isdecimal() and _fresh(row, moment):
            acting = moment - float(row["acted"]) <= ACTED_SECONDS
            found.setdefault(int(order), []).append(Here(str(row["name"]), acting))
    return {order: sorted(people, key=lambda one: one.name) for order, people in found.items()}


def _fresh(row: Mapping[str, Any], moment: float) -> bool:
    return abs(moment - float(row.get("seen", 0))) <= SEEN_SECONDS


def _row(text: str | None) -> Mapping[str, Any]:
    try:
        row = json.loads(text or "{}")
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}
