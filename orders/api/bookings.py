"""Offers, assignments and timesheets as JSON."""

from typing import Any

from rest_framework import serializers

from orders.api.serializers import CLIENT_ONLY, ClientSerializer, SiteSerializer
from orders.models import Assignment, Offer, Punch, Timesheet
from staffing.core.api.fields import CitySerializer, RoleFields
from staffing.core.models import Role
from workers.api.serializers import WorkerBriefSerializer

WORKER_ONLY = frozenset({Role.WORKER.value})


class OrderBriefSerializer(serializers.Serializer[Any]):
    """The order behind a booking: what a worker has to know."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    service_type = serializers.CharField()
    remote = serializers.BooleanField()
    client = ClientSerializer()
    city = CitySerializer()
    site = SiteSerializer(allow_null=True)


class PunchSerializer(serializers.ModelSerializer[Punch]):
    """A check-in or check-out; distance to the site in metres."""

    class Meta:
        model = Punch
        fields = ["kind", "method", "at", "distance_m", "in_fence"]


class OfferSerializer(serializers.ModelSerializer[Offer]):
    """A question to a worker, answered until `expires_at`; `pay_rate` in CNY an hour."""

    order = OrderBriefSerializer(source="position.shift.order", read_only=True)
    worker = WorkerBriefSerializer(read_only=True)
    status_text = serializers.CharField(source="get_status_display", read_only=True)
    start_at = serializers.DateTimeField(source="position.shift.start_at", read_only=True)
    end_at = serializers.DateTimeField(source="position.shift.end_at", read_only=True)
    assignment = serializers.PrimaryKeyRelatedField[Assignment](read_only=True, allow_null=True)

    class Meta:
        model = Offer
        fields = [
            "id",
            "order",
            "worker",
            "status",
            "status_text",
            "start_at",
            "end_at",
            "pay_rate",
            "wave",
            "sent_at",
            "expires_at",
            "answered_at",
            "reason",
            "assignment",
        ]


class AssignmentSerializer(RoleFields, serializers.ModelSerializer[Assignment]):
    """A booked worker. Rates in CNY an hour: `pay_rate` is null for clients, `bill_rate` for workers."""

    order = OrderBriefSerializer(source="position.shift.order", read_only=True)
    position = serializers.PrimaryKeyRelatedField[Any](read_only=True)
    worker = WorkerBriefSerializer(read_only=True)
    status_text = serializers.CharField(source="get_status_display", read_only=True)
    punches = PunchSerializer(many=True, read_only=True)
    timesheet = serializers.PrimaryKeyRelatedField[Timesheet](read_only=True, allow_null=True)
    kept_from = {"pay_rate": CLIENT_ONLY, "bill_rate": WORKER_ONLY}

    class Meta:
        model = Assignment
        fields = [
            "id",
            "order",
            "position",
            "worker",
            "replaces",
            "status",
            "status_text",
            "start_at",
            "end_at",
            "pay_rate",
            "bill_rate",
            "booked_at",
            "checked_in_at",
            "checked_out_at",
            "ended_at",
            "punches",
            "timesheet",
        ]
        extra_kwargs: Any = {name: {"allow_null": True, "read_only": True} for name in ("pay_rate", "bill_rate")}


class TimesheetSerializer(RoleFields, serializers.ModelSerializer[Timesheet]):
    """Hours of one assignment in minutes; `amount` in CNY is what the client is billed, null for workers."""

    order = OrderBriefSerializer(source="assignment.position.shift.order", read_only=True)
    worker = WorkerBriefSerializer(source="assignment.worker", read_only=True)
    status_text = serializers.CharField(source="get_status_display", read_only=True)
    start_at = serializers.DateTimeField(source="assignment.start_at", read_only=True)
    end_at = serializers.DateTimeField(source="assignment.end_at", read_only=True)
    kept_from = {"amount": WORKER_ONLY}

    class Meta:
        model = Timesheet
        fields = [
            "id",
            "order",
            "assignment",
            "worker",
            "status",
            "status_text",
            "start_at",
            "end_at",
            "planned_minutes",
            "actual_minutes",
            "late_minutes",
            "amount",
            "submitted_at",
            "auto_approve_at",
            "approved_at",
            "approved_by_time",
            "dispute",
        ]
        extra_kwargs: Any = {"amount": {"allow_null": True, "read_only": True}}
