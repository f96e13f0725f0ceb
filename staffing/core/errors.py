"""What a service says when it will not do a thing. Views and the API turn these into words and status codes."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """Base: `code` is stable for machines, `message` is for people (lazy translation), `status` is the HTTP status."""

    status = 400

    def __init__(self, code: str, message: Any, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params: Mapping[str, Any] = params

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


class Invalid(DomainError):
    """The request makes no sense as given."""

    status = 400


class Forbidden(DomainError):
    """This person may not do it."""

    status = 403


class Conflict(DomainError):
    """The state has moved on: someone was quicker, or it is too late."""

    status = 409
