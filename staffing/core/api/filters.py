"""Filters and ordering that refuse what they do not know, instead of quietly showing everything."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request


class Filters(django_filters.FilterSet):
    """A set of query parameters; a trailing underscore is dropped, so that `from_` is `?from=`."""

    @classmethod
    def get_filters(cls) -> "OrderedDict[str, Any]":
        """The filters by the names people use."""
        return OrderedDict((name.rstrip("_"), found) for name, found in super().get_filters().items())


def one_of(choices: Any, field: str, label: str) -> django_filters.MultipleChoiceFilter:
    """Any of these choices; the parameter may be repeated."""
    return django_filters.MultipleChoiceFilter(field_name=field, choices=choices, distinct=False, label=label)


class MomentField(django_filters.fields.IsoDateTimeField):
    """A moment in UTC: the database takes no offset of 16 hours, which ISO 8601 allows."""

    def clean(self, value: Any) -> Any:
        """Raise `ValidationError` for a moment that is out of the calendar."""
        moment = super().clean(value)
        try:
            return moment.astimezone(UTC) if moment else moment
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], "invalid") from None


class MomentFilter(django_filters.IsoDateTimeFilter):
    """Compares with a moment."""

    field_class = MomentField


def since(field: str, label: str) -> django_filters.IsoDateTimeFilter:
    """At or after; ISO 8601, Shanghai time where no offset is given."""
    return MomentFilter(field_name=field, lookup_expr="gte", label=label)


def before(field: str, label: str) -> django_filters.IsoDateTimeFilter:
    """Before; ISO 8601, Shanghai time where no offset is given."""
    return MomentFilter(field_name=field, lookup_expr="lt", label=label)


class Ordering(OrderingFilter):
    """`?ordering=field,-other`; ties are broken by id, so that no row is shown on two pages."""

    def remove_invalid_fields(self, queryset: Any, fields: Any, view: Any, request: Request) -> list[str]:
        """Raise `ValidationError` for a field that cannot be ordered by."""
        known = {name for name, _label in self.get_valid_fields(queryset, view, {"request": request})}
        unknown = [term for term in fields if term.lstrip("-") not in known]
        if unknown:
            message = _("不能按 %(field)s 排序。") % {"field": unknown[0]}
            raise ValidationError({self.ordering_param: [message]}, code="unknown_ordering")
        return list(fields)

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> Sequence[str] | None:
        """The order asked for, or the view's own, made total."""
        asked = super().get_ordering(request, queryset, view) or queryset.query.order_by
        asked = asked or queryset.model._meta.ordering
        return [*asked] if any(term.lstrip("-") in ("id", "pk") for term in asked) else [*asked, "id"]
