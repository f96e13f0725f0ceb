"""The API of partners: applications in, their stages out. One or many in a request, each row answered for itself."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer, extend_schema
from drf_standardized_errors.formatter import flatten_errors
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from staffing.core import clock
from staffing.core.api.idempotency import answer_once
from staffing.core.api.pagination import Pages
from staffing.core.api.problems import MEDIA_TYPE, ProblemSerializer
from staffing.core.idempotency import Answer
from workers.api.partner_auth import PartnerAuthentication, PerKey, ScopeAllowed
from workers.api.partner_bodies import ApplicationBody, BatchSerializer, PartnerApplicationSerializer, sent_of
from workers.models import Application, PartnerKey, SandboxApplication, Scope, SourcePolicy
from workers.services import incoming
from workers.services.incoming import Kept, Result, Sent
from workers.states import ApplicationStatus

Json = dict[str, Any]
PARTNERS = frozenset({"partner"})
OFTEN = OpenApiResponse(ProblemSerializer, "More requests than the key may make; `Retry-After` says when to go on.")
TOO_OFTEN: Any = {(429, MEDIA_TYPE): OFTEN}
ONE_OR_MANY = PolymorphicProxySerializer(
    component_name="ApplicationOrBatch",
    serializers=[ApplicationBody, ApplicationBody(many=True)],
    resource_type_field_name=None,
    many=False,
)
STATUS = OpenApiParameter("status", str, enum=ApplicationStatus.values, description="Only those in this stage")
EXTERNAL = OpenApiParameter("external_id", str, description="Only the one with your number")
PAGE = OpenApiParameter("page", int, description="From 1")
PAGE_SIZE = OpenApiParameter("page_size", int, description="50 unless asked, never over 200")
BAD_QUERY: Any = {(400, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, "There is no such status.")}


class PartnerView(APIView):
    """Signed, with a scope for each method, counted by key."""

    access_roles = PARTNERS
    authentication_classes = (PartnerAuthentication,)
    permission_classes = (ScopeAllowed,)
    throttle_classes = (PerKey,)
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.READ.value, "POST": Scope.WRITE.value}

    @property
    def key(self) -> PartnerKey:
        """With what the request was signed."""
        key = self.request.auth
        assert isinstance(key, PartnerKey)
        return key


class ApplicationsView(PartnerView):
    """One's own applications: hand in, list."""

    # Both are read by the schema.
    pagination_class = Pages
    key_required = True

    @extend_schema(
        operation_id="applications_list",
        parameters=[STATUS, EXTERNAL, PAGE, PAGE_SIZE],
        responses={200: PartnerApplicationSerializer(many=True), **BAD_QUERY, **TOO_OFTEN},
    )
    def get(self, request: Request) -> Response:
        """The applications that you sent, newest first, with the stage each has reached."""
        pages = Pages()
        page = pages.paginate_queryset(_asked(request, self.key), request, self)
        shown = [_kept(row) for row in page or []]
        return pages.get_paginated_response(PartnerApplicationSerializer(shown, many=True).data)

    @extend_schema(
        operation_id="applications_create",
        request=ONE_OR_MANY,
        responses={
            201: PartnerApplicationSerializer,
            200: OpenApiResponse(PartnerApplicationSerializer, "You had sent this person before; nothing changed."),
            207: OpenApiResponse(BatchSerializer, "For an array: each row with a status of its own."),
            **TOO_OFTEN,
        },
    )
    def post(self, request: Request) -> Response:
        """Hand in one application (an object) or up to 500 (an array). Needs an `Idempotency-Key`.

        The same phone number again, while its application is open, changes nothing.
        """
        now = clock.now()
        data: Any = request.data

        def make() -> Answer:
            return self._many(data, now) if isinstance(data, list) else self._one(data, now)

        return answer_once(request, make, now=now, required=True, view=self)

    def _one(self, data: Any, now: datetime) -> Answer:
        entered = ApplicationBody(data=data)
        entered.is_valid(raise_exception=True)
        result = incoming.submit(sent_of(entered.validated_data), self.key, now)
        if result.kept is None:
            raise ValidationError({name: [str(said)] for name, said in (result.problems or {}).items()})
        return Answer(201 if result.created else 200, dict(PartnerApplicationSerializer(result.kept).data))

    def _many(self, data: list[Any], now: datetime) -> Answer:
        most = SourcePolicy.current().batch_rows
        if not 1 <= len(data) <= most:
            raise ValidationError(_("一次须提交 1 至 %(most)d 条报名。") % {"most": most}, "batch_size")
        rows = [_checked(one) for one in data]
        good = [row for row in rows if isinstance(row, Sent)]
        done = iter(incoming.submit_many(good, self.key, now))
        results = [_told(at, next(done) if isinstance(row, Sent) else row) for at, row in enumerate(rows)]
        return Answer(HTTPStatus.MULTI_STATUS, _batch(results))


@extend_schema(exclude=True)
class BareApplicationsView(ApplicationsView):
    """The same without the slash at the end."""


class ApplicationView(PartnerView):
    """One of one's own applications."""

    @extend_schema(operation_id="applications_retrieve", responses={200: PartnerApplicationSerializer, **TOO_OFTEN})
    def get(self, request: Request, pk: int) -> Response:
        """How far one application has come."""
        row = _own(self.key).filter(pk=pk).first()
        if row is None:
            raise Http404
        return Response(PartnerApplicationSerializer(_kept(row)).data)


def _own(key: PartnerKey) -> QuerySet[Any]:
    """Of this partner only, and of the sandbox only for a sandbox key."""
    if key.sandbox:
        return SandboxApplication.objects.filter(partner=key.partner).order_by("-id")
    return Application.objects.filter(partner=key.partner).select_related("reference").order_by("-id")


def _asked(request: Request, key: PartnerKey) -> QuerySet[Any]:
    rows, wanted = _own(key), request.query_params
    if (status := wanted.get("status")) is not None:
        if status not in ApplicationStatus.values:
            raise ValidationError({"status": [_("没有这个状态。")]}, "unknown_status")
        rows = _in_stage(rows, status, key)
    if (number := wanted.get("external_id")) is not None:
        name = "external_id" if key.sandbox else "reference__external_id"
        rows = rows.filter(**{name: number}) if number and "\0" not in number else rows.none()
    return rows


def _in_stage(rows: QuerySet[Any], status: str, key: PartnerKey) -> QuerySet[Any]:
    if not key.sandbox:
        return rows.filter(status=status)
    return rows if status == ApplicationStatus.APPLIED else rows.none()


def _kept(row: Any) -> Kept:
    if isinstance(row, SandboxApplication):
        return incoming.of_sandbox(row)
    reference = getattr(row, "reference", None)
    return incoming.of(row, reference.external_id if reference else "")


def _checked(one: Any) -> Sent | ValidationError:
    entered = ApplicationBody(data=one)
    try:
        entered.is_valid(raise_exception=True)
    except ValidationError as error:
        return error
    return sent_of(entered.validated_data)


def _told(at: int, row: Result | ValidationError) -> Json:
    """A row of the answer."""
    if isinstance(row, Result) and row.kept is not None:
        shown = dict(PartnerApplicationSerializer(row.kept).data)
        return {"index": at, "status": 201 if row.created else 200, "application": shown, "errors": []}
    return {"index": at, "status": 400, "application": None, "errors": _errors(at, row)}


def _errors(at: int, row: Result | ValidationError) -> list[Json]:
    detail: Any = row.detail if isinstance(row, ValidationError) else _details(row)
    found = flatten_errors(detail)
    return [
        {
            "pointer": "/".join(["#", str(at), *(one.attr or "").replace("non_field_errors", "").split(".")]).rstrip(
                "/"
            ),
            "code": one.code,
            "detail": one.detail,
        }
        for one in found
    ]


def _details(row: Result) -> dict[str, list[ErrorDetail]]:
    return {name: [ErrorDetail(str(said), "invalid")] for name, said in (row.problems or {}).items()}


def _batch(results: Sequence[Json]) -> Json:
    counted = {201: "created", 200: "unchanged", 400: "refused"}
    numbers = {name: sum(row["status"] == status for row in results) for status, name in counted.items()}
    return {**numbers, "results": list(results)}
