"""Every error of the API is a problem detail (RFC 9457), in the language of the request."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from drf_standardized_errors.formatter import flatten_errors
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from staffing.core.api.parsers import TooLarge
from staffing.core.errors import DomainError

MEDIA_TYPE = "application/problem+json"
DATABASE_LOST = (OperationalError, InterfaceError)
# The members a service may add to its refusal with words of their own; see `problem_members` of the views.
REASONS = "reasons"
Json = dict[str, Any]


class Refused(APIException):
    """A service's refusal on its way through DRF."""

    def __init__(self, error: DomainError) -> None:
        super().__init__(str(error), error.code)
        self.status_code = error.status
        self.error = error


class ProblemHandler(ExceptionHandler):
    """Turns what a view raised into a problem detail. A lost database is left to the middleware (503)."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        """A service's refusal keeps its code and status."""
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        return Refused(exc) if isinstance(exc, DomainError) else super().convert_known_exceptions(exc)

    def should_not_handle(self, exc: Exception) -> bool:
        """The database being away is not this request's fault."""
        return isinstance(exc, DATABASE_LOST) or super().should_not_handle(exc)

    def format_exception(self, exc: APIException) -> Json:
        """The members of the problem."""
        return problem_of(exc, self.context["request"], self.context["view"])

    def get_response(self, exc: APIException, data: Json) -> Response:
        """The answer, with the media type of problems."""
        return problem_response(data, self.get_headers(exc))


def problem_handler(exc: Exception, context: Any) -> Response | None:
    """DRF's exception handler of this project (`EXCEPTION_HANDLER`)."""
    return ProblemHandler(exc, context).run()


def problem_response(data: Json, headers: dict[str, str] | None = None) -> Response:
    """A problem as a response."""
    return Response(data, status=data["status"], headers=headers, content_type=MEDIA_TYPE)


def problem_of(exc: APIException, request: Request | None, view: Any = None) -> Json:
    """The members: type, title, status, code, detail, instance, and `errors`, `params`, `reasons` where they apply."""
    members: Json = {
        "type": "about:blank",
        "title": HTTPStatus(exc.status_code).phrase,
        "status": exc.status_code,
        "code": _code(exc),
        "detail": _detail(exc),
        "instance": request.path if request is not None else "",
    }
    if isinstance(exc, ValidationError):
        in_query = request is not None and request.method in ("GET", "HEAD")
        members["errors"] = [_located(error, in_query) for error in flatten_errors(exc.detail)]
    if isinstance(exc, Refused):
        members |= _domain_members(exc.error, view)
    return members


def _code(exc: APIException) -> str:
    if isinstance(exc, ValidationError):
        return "invalid"
    return str(exc.detail.code if isinstance(exc.detail, ErrorDetail) else exc.default_code)


def _detail(exc: APIException) -> str:
    if isinstance(exc, ValidationError):
        return str(ValidationError.default_detail)
    return str(exc.detail)


def _located(error: Any, in_query: bool) -> Json:
    """One error at its place: a JSON pointer (RFC 6901) into the body, or the name of the query parameter."""
    steps = [step for step in (error.attr or "").split(".") if step and step != api_settings.NON_FIELD_ERRORS_KEY]
    place = {"parameter": ".".join(steps)} if in_query else {"pointer": "/".join(["#", *steps])}
    return place | {"code": error.code, "detail": error.detail}


def _domain_members(error: DomainError, view: Any) -> Json:
    params = {name: value for name, value in error.params.items() if name != REASONS}
    members: Json = {"params": params} if params else {}
    explain = getattr(view, "problem_members", None)
    return members | (explain(error) if explain else {})


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One thing wrong with the request: `pointer` into the body, or `parameter` of the query."""

    pointer = serializers.CharField(required=False, help_text="JSON pointer, e.g. #/shifts/0/end_at")
    parameter = serializers.CharField(required=False, help_text="Name of the query parameter")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemReasonSerializer(serializers.Serializer[Any]):
    """Why a worker cannot take a shift: a code with figures, and the same in words."""

    code = serializers.CharField()
    params = serializers.DictField()
    text = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem detail (RFC 9457). `code` is stable; `title` and `detail` are for people."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    params = serializers.DictField(required=False)
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment]
    reasons = ProblemReasonSerializer(many=True, required=False)
