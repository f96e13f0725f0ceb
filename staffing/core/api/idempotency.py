"""The `Idempotency-Key` header: a retry gets the first answer and changes nothing."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from staffing.core import idempotency
from staffing.core.api.problems import MEDIA_TYPE, Refused, problem_of
from staffing.core.errors import DomainError, Invalid
from staffing.core.idempotency import Answer
from staffing.core.models import User

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
# Printable ASCII; the length is the column's.
KEY = re.compile(r"[\x21-\x7e]{1,100}")


def key_of(request: Request, *, required: bool) -> str | None:
    """The key of the request. Raises `Invalid` if it is needed and missing, or is no key."""
    key: str | None = request.headers.get(HEADER)
    if key is None:
        if required:
            raise Invalid("idempotency_key_missing", _("新建请求须带 Idempotency-Key 请求头，重试时使用同一个值。"))
        return None
    if not KEY.fullmatch(key):
        raise Invalid("idempotency_key_invalid", _("Idempotency-Key 须为 1 至 100 个可见 ASCII 字符。"))
    return key


def answer_once(
    request: Request, make: Callable[[], Answer], *, now: datetime, required: bool = False, view: Any = None
) -> Response:
    """Run `make`, once per key if the request carries one.

    A service's refusal under a key is an answer like any other and is repeated too: what the service decided to keep
    (an offer taken back from somebody who is no longer free) is committed with it. Anything else raised frees the key.
    """
    key = key_of(request, required=required)
    if key is None:
        return response_of(request, make())
    assert request.method
    body = json.dumps(request.data, sort_keys=True).encode()
    answer = idempotency.remember(
        _asking(request), key, request.method, request.path, body, now=now, make=lambda: _decided(request, make, view)
    )
    return response_of(request, answer)


def _asking(request: Request) -> User | str:
    """The person, or the name of a caller that is none."""
    user: Any = request.user
    return user if isinstance(user, User) else str(user.caller)


def _decided(request: Request, make: Callable[[], Answer], view: Any) -> Answer:
    try:
        return make()
    except DomainError as error:
        return Answer(error.status, problem_of(Refused(error), request, view))


def response_of(request: Request, answer: Answer) -> Response:
    """The answer as a response; what was created says where it is."""
    response = Response(answer.body, status=answer.status)
    if answer.status >= 400:
        response.content_type = MEDIA_TYPE
    if answer.status == 201:
        response["Location"] = f"{request.path}{answer.body['id']}/"
    if answer.repeated:
        response[REPLAYED] = "true"
    return response
