"""Orders over HTTP: the client's own, or all for the agency."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orders import permissions, whatif
from orders.api import words
from orders.api.bodies import CancelBody, OrderBody, spec_of
from orders.api.filters import OrderFilters
from orders.api.matches import MatchQuery, ShiftMatchSerializer, ShiftWhatIfSerializer, newest_of
from orders.api.serializers import OrderRowSerializer, OrderSerializer
from orders.api.visible import allow, orders_for
from orders.models import Assignment, Order, Position, Shift
from orders.services import ordering, timesheets
from orders.states import ACTIVE_ASSIGNMENT, PositionStatus
from staffing.core import clock
from staffing.core.actors import AGENCY_ROLES, Actor
from staffing.core.api.problems import MEDIA_TYPE, ProblemSerializer
from staffing.core.api.views import RoleViewSet, command
from staffing.core.models import Role, User

CLIENT, DISPATCHER, MANAGER = Role.CLIENT.value, Role.DISPATCHER.value, Role.MANAGER.value
Json = dict[str, Any]
NO_POOL = OpenApiResponse(ProblemSerializer, "`pool_unavailable`: the index of people cannot be had now.")


def _wanted() -> Coalesce:
    """How many people an order asks for; places that its client took out again are not among them."""
    rows = Shift.objects.filter(order=OuterRef("pk")).order_by()
    return Coalesce(
        Subquery(rows.values("order").annotate(n=Sum("headcount")).values("n")), 0, output_field=IntegerField()
    )


def _places(*statuses: str) -> Coalesce:
    """How many positions of an order are in these states."""
    rows = Position.objects.filter(shift__order=OuterRef("pk"), status__in=statuses).order_by()
    return Coalesce(
        Subquery(rows.values("shift__order").annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField()
    )


class OrderViewSet(RoleViewSet[Order]):
    """Orders: a client's own, all for the agency."""

    access_roles = AGENCY_ROLES | {CLIENT}
    queryset = Order.objects.none()
    serializer_class = OrderSerializer
    list_serializer_class = OrderRowSerializer
    filterset_class = OrderFilters
    ordering_fields = ("id", "starts_at", "created_at", "submitted_at", "estimate")
    problem_members = staticmethod(words.problem_members)

    def visible(self, user: User) -> QuerySet[Order]:
        """The client's own, or all."""
        return orders_for(user)

    def listed(self, found: QuerySet[Order]) -> QuerySet[Order]:
        """With the names and counts of a row."""
        counted = found.annotate(headcount=_wanted(), filled=_places(PositionStatus.FILLED))
        return counted.select_related("client", "city")

    def detailed(self, found: QuerySet[Order]) -> QuerySet[Order]:
        """With everything below the order, in a fixed number of queries."""
        return self.listed(found).select_related("site").prefetch_related(*_below())

    @extend_schema(request=OrderBody, responses={201: OrderSerializer})
    def create(self, request: Request) -> Response:
        """Write a draft; `submit` hands it over. Needs an `Idempotency-Key`, so that a retry orders nothing twice."""
        body = self.valid(OrderBody)

        def call(by: Actor, now: datetime) -> int:
            allow(by, permissions.may_order)
            return ordering.create(spec_of(body), body["client"], by=by, now=now).pk

        return self.act(call, request, status=201, key_required=True)

    @command(CLIENT, DISPATCHER)
    def submit(self, order: Order, body: Json, by: Actor, now: datetime) -> None:
        """Hand the order over; matching starts by itself."""
        allow(by, permissions.may_order)
        ordering.submit(order.pk, by=by, now=now)

    @command(DISPATCHER, MANAGER)
    def confirm(self, order: Order, body: Json, by: Actor, now: datetime) -> None:
        """Send an offer to everybody proposed."""
        ordering.confirm(order.pk, by=by, now=now)

    @command(CLIENT, DISPATCHER, MANAGER, takes=CancelBody)
    def cancel(self, order: Order, body: Json, by: Actor, now: datetime) -> None:
        """Call the order off before it starts; booked people are released and told.

        Late, this costs the client; more than `max_fee` is 409 `fee_risen`, whose `fee` says how much it is.
        """
        allow(by, permissions.may_order)
        ordering.cancel(order.pk, by=by, now=now, reason=body["reason"], agreed=body["max_fee"])

    @command(CLIENT)
    def approve_hours(self, order: Order, body: Json, by: Actor, now: datetime) -> None:
        """Accept all hours of the order that wait for it."""
        allow(by, permissions.may_approve)
        timesheets.approve_all(order.pk, by=by, now=now)

    @extend_schema(
        parameters=[OpenApiParameter("most", int, description="People of each list, 1–1000; 50 unless asked")],
        responses=ShiftMatchSerializer(many=True),
        filters=False,
    )
    @action(detail=True, access_roles=AGENCY_ROLES, pagination_class=None, filter_backends=[])
    def matches(self, request: Request, pk: str) -> Response:
        """Who can come to each shift, best first with every part of the score, and who cannot, with every reason."""
        order = self.get_object()
        asked = MatchQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        rows: Sequence[Any] = words.matches_of(list(newest_of(order.pk)), asked.validated_data["most"])
        return Response(ShiftMatchSerializer(rows, many=True).data)

    @extend_schema(
        responses={200: ShiftWhatIfSerializer(many=True), (503, MEDIA_TYPE): NO_POOL},
        filters=False,
    )
    @action(detail=True, url_path="what-if", access_roles=AGENCY_ROLES, pagination_class=None, filter_backends=[])
    def what_if(self, request: Request, pk: str) -> Response:
        """For each shift that is not over: whom it reaches now, and what each single change of it would bring."""
        order = self.get_object()
        rows: Sequence[Any] = words.what_if_of(whatif.of_shifts(order, list(order.shifts.all()), clock.now()))
        return Response(ShiftWhatIfSerializer(rows, many=True).data)


def _below() -> list[Any]:
    """Shifts, places, who has them, and requirements."""
    booked = Assignment.objects.filter(status__in=ACTIVE_ASSIGNMENT).select_related("worker__user")
    places = Position.objects.select_related("proposed_worker__user", "backup_worker__user")
    return [
        Prefetch("shifts__positions", places),
        Prefetch("shifts__positions__assignments", booked, to_attr="current"),
        "skills__skill",
        "certificates__type",
        "courses__course",
        "languages__language",
    ]
