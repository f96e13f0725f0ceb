"""Complaints over HTTP: a client's own, or all for the agency; clients file them."""

import uuid
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from feedback import permissions
from feedback.models import Complaint, ReviewCase
from feedback.services import complaints
from feedback.services.complaints import About, Words
from orders.api.serializers import CLIENT_ONLY, ClientSerializer
from orders.models import Order
from orders.permissions import client_orders, companies_of
from staffing.core.actors import AGENCY_ROLES, Actor
from staffing.core.api.fields import Body, RoleFields, viewer
from staffing.core.api.filters import Filters, before, one_of, since
from staffing.core.api.views import RoleViewSet
from staffing.core.models import Role, User

CLIENT = Role.CLIENT.value


class FeeSerializer(serializers.Serializer[Any]):
    """A line of what the order cost when the complaint came: planned hours by kind, hours accepted or waiting, places
    given up; CNY."""

    code = serializers.CharField(read_only=True)
    amount = serializers.DecimalField(max_digits=12, decimal_places=2, read_only=True)


class ComplaintSerializer(RoleFields, serializers.ModelSerializer[Complaint]):
    """A complaint and the case it opened. Who called is for the agency alone."""

    kept_from = {"caller": CLIENT_ONLY}
    client = ClientSerializer(read_only=True)
    order_number = serializers.CharField(source="order.number", read_only=True, allow_null=True, default=None)
    category_text = serializers.CharField(source="get_category_display", read_only=True)
    raised_by = serializers.ChoiceField(source="raised_by_role", choices=Complaint.Source.choices, read_only=True)
    fees = FeeSerializer(many=True, read_only=True)
    case = serializers.PrimaryKeyRelatedField[ReviewCase](read_only=True)
    status = serializers.CharField(source="case.status", read_only=True)
    caller = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Complaint
        fields = [
            "id",
            "client",
            "order",
            "order_number",
            "raised_by",
            "caller",
            "category",
            "category_text",
            "severity",
            "text",
            "fees",
            "at",
            "archived_at",
            "case",
            "status",
        ]


@extend_schema_field(OpenApiTypes.INT)
class OwnOrder(serializers.PrimaryKeyRelatedField[Order]):
    """A client names its own orders; those of others do not exist for it."""

    def get_queryset(self) -> QuerySet[Order]:
        """Those of the asker's company."""
        return client_orders(viewer(self))


class ComplaintBody(Body):
    """What is wrong: about one of the client's orders, or in general. `severity` 1 (usual) to 3 (grave)."""

    order = OwnOrder(required=False, allow_null=True, default=None)
    category = serializers.ChoiceField(choices=Complaint.Category.choices)
    severity = serializers.IntegerField(min_value=1, max_value=3, default=1)
    text = serializers.CharField(max_length=2000)


class ComplaintFilters(Filters):
    """`from` ≤ complained < `to`."""

    category = one_of(Complaint.Category.choices, "category", "Category; may be repeated")
    client = django_filters.NumberFilter(field_name="client", label="Id of the client")
    order = django_filters.NumberFilter(field_name="order", label="Id of the order")
    from_ = since("at", "Complained at or after")
    to = before("at", "Complained before")


class ComplaintViewSet(RoleViewSet[Complaint]):
    """Complaints: a client's own (what workers said is not among them), all for the agency."""

    access_roles = AGENCY_ROLES | {CLIENT}
    queryset = Complaint.objects.none()
    serializer_class = ComplaintSerializer
    filterset_class = ComplaintFilters
    ordering_fields = ("id", "at", "severity")

    def get_permissions(self) -> Any:
        """Only clients file: what the agency hears on the phone it writes down on its own page."""
        if self.action == "create":
            self.access_roles = frozenset({CLIENT})
        return super().get_permissions()

    def visible(self, user: User) -> QuerySet[Complaint]:
        """The client's own, or all."""
        return Complaint.objects.all() if user.role in AGENCY_ROLES else permissions.complaints_of_client(user)

    def detailed(self, found: QuerySet[Complaint]) -> QuerySet[Complaint]:
        """With client, order and case."""
        return found.select_related("client", "order", "case")

    @extend_schema(request=ComplaintBody, responses={201: ComplaintSerializer})
    def create(self, request: Request) -> Response:
        """Complain; a case opens at once. Needs an `Idempotency-Key`, so that a retry complains once. Clients only."""
        body = self.valid(ComplaintBody)

        def call(by: Actor, now: datetime) -> int:
            about = About(companies_of(by.user).get(), body["order"])
            said = Words(body["category"], body["severity"], body["text"])
            return complaints.file(about, said, by=by, now=now, key=uuid.uuid4()).pk

        return self.act(call, request, status=201, key_required=True)
