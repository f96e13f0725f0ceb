"""Query parameters of the order line."""

import django_filters

from orders.states import AssignmentStatus, OfferStatus, OrderStatus, TimesheetStatus
from staffing.core.api.filters import Filters, before, one_of, since
from workers.models import ServiceType

STATUS = "Status; may be repeated"
SHIFT = "position__shift__order"


class OrderFilters(Filters):
    """`from` ≤ start < `to`."""

    status = one_of(OrderStatus.choices, "status", STATUS)
    service_type = one_of(ServiceType.choices, "service_type", "Service type; may be repeated")
    client = django_filters.NumberFilter(field_name="client", label="Id of the client")
    city = django_filters.CharFilter(field_name="city__code", label="Code of the city")
    remote = django_filters.BooleanFilter(field_name="remote", label="Remote or on site")
    from_ = since("starts_at", "Starts at or after")
    to = before("starts_at", "Starts before")


class AssignmentFilters(Filters):
    """`from` ≤ start < `to`."""

    status = one_of(AssignmentStatus.choices, "status", STATUS)
    order = django_filters.NumberFilter(field_name=SHIFT, label="Id of the order")
    client = django_filters.NumberFilter(field_name=f"{SHIFT}__client", label="Id of the client")
    worker = django_filters.NumberFilter(field_name="worker", label="Id of the worker")
    city = django_filters.CharFilter(field_name=f"{SHIFT}__city__code", label="Code of the city")
    from_ = since("start_at", "Starts at or after")
    to = before("start_at", "Starts before")


class OfferFilters(Filters):
    """`from` ≤ sent < `to`."""

    status = one_of(OfferStatus.choices, "status", STATUS)
    order = django_filters.NumberFilter(field_name=SHIFT, label="Id of the order")
    worker = django_filters.NumberFilter(field_name="worker", label="Id of the worker")
    from_ = since("sent_at", "Sent at or after")
    to = before("sent_at", "Sent before")


class TimesheetFilters(Filters):
    """`from` ≤ start of the assignment < `to`."""

    status = one_of(TimesheetStatus.choices, "status", STATUS)
    order = django_filters.NumberFilter(field_name=f"assignment__{SHIFT}", label="Id of the order")
    client = django_filters.NumberFilter(field_name=f"assignment__{SHIFT}__client", label="Id of the client")
    worker = django_filters.NumberFilter(field_name="assignment__worker", label="Id of the worker")
    from_ = since("assignment__start_at", "Starts at or after")
    to = before("assignment__start_at", "Starts before")
