"""How often somebody may ask, counted in Valkey; where that is away nobody is refused."""

from datetime import datetime
from functools import cache
from typing import Final

import redis
from django.conf import settings

HOUR: Final = 3600
# Whoever asks must not wait for the count.
PATIENCE_SECONDS: Final = 0.2


@cache
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS)


def within(name: str, most: int, now: datetime, span: int = HOUR) -> bool:
    """Count one more of `name` in this hour, or in this `span` of seconds; whether that is within `most`."""
    key = f"limit:{name}:{int(now.timestamp()) // span}"
    try:
        with _client(settings.REDIS_URL).pipeline() as pipe:
            pipe.incr(key)
            pipe.expire(key, span)
            return int(pipe.execute()[0]) <= most
    except redis.RedisError:
        return True
