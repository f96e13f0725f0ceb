"""Query parameters of reviews and cases."""

import django_filters

from feedback.states import CaseStatus
from staffing.core.api.filters import Filters, before, one_of, since


class ReviewFilters(Filters):
    """`from` ≤ answered < `to`."""

    client = django_filters.NumberFilter(field_name="client", label="Id of the client")
    order = django_filters.NumberFilter(field_name="order", label="Id of the order")
    city = django_filters.CharFilter(field_name="order__city__code", label="Code of the city")
    overall_max = django_filters.NumberFilter(field_name="overall", lookup_expr="lte", label="Overall, at most")
    from_ = since("created_at", "Answered at or after")
    to = before("created_at", "Answered before")


class CaseFilters(Filters):
    """`from` ≤ opened < `to`."""

    status = one_of(CaseStatus.choices, "status", "Status; may be repeated")
    client = django_filters.NumberFilter(field_name="client", label="Id of the client")
    order = django_filters.NumberFilter(field_name="order", label="Id of the order")
    owner = django_filters.NumberFilter(field_name="owner", label="Id of the owner")
    city = django_filters.CharFilter(field_name="order__city__code", label="Code of the city")
    from_ = since("opened_at", "Opened at or after")
    to = before("opened_at", "Opened before")
