"""Query parameters of workers."""

import django_filters

from staffing.core.api.filters import Filters, one_of
from workers.models import Level, Worker


class WorkerFilters(Filters):
    """Who, where, and what they can do."""

    status = one_of(Worker.Status.choices, "status", "Status; may be repeated")
    level = one_of(Level.choices, "level", "Career level; may be repeated")
    city = django_filters.CharFilter(field_name="city__code", label="Code of the city")
    skill = django_filters.CharFilter(field_name="skills__skill__code", label="Code of a skill they have")
    min_stars = django_filters.NumberFilter(field_name="stars", lookup_expr="gte", label="Stars, at least")
    name = django_filters.CharFilter(field_name="user__name", lookup_expr="icontains", label="Part of the name")
