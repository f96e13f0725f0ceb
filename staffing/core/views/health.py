"""Whether this process lives, and whether it can serve."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from staffing.core.access import public


@public()
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public()
def ready(request: HttpRequest) -> JsonResponse:
    """200 if database and broker answer; else 503 with what is missing. Orders are taken without the broker too."""
    found = {"database": _database(), "broker": _broker()}
    status = 200 if found["database"] else 503
    return JsonResponse(found, status=status, headers={} if status == 200 else {"Retry-After": "5"})


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
