"""Pieces of serializers that several APIs share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from staffing.core import phones
from staffing.core.actors import AGENCY_ROLES
from staffing.core.models import City, User


def viewer(serializer: serializers.BaseSerializer[Any] | serializers.Field[Any, Any, Any, Any]) -> User | None:
    """Who is asking; None while the schema is made."""
    request = serializer.context.get("request")
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


class Body(serializers.Serializer[Any]):
    """Something sent to us. A field we do not know is refused: it may be a misspelt one that mattered."""

    default_error_messages: ClassVar[dict[str, Any]] = {"unknown": _("没有这个字段。")}

    def to_internal_value(self, data: Any) -> Any:
        """Raise `ValidationError` for unknown fields too."""
        if isinstance(data, Mapping) and (unknown := set(data) - set(self.fields)):
            message = serializers.ErrorDetail(str(self.error_messages["unknown"]), "unknown")
            raise serializers.ValidationError({name: [message] for name in sorted(unknown)})
        return super().to_internal_value(data)


class Reason(Body):
    """Why, in one's own words."""

    reason = serializers.CharField(max_length=200)


class OptionalReason(Body):
    """Why, if one likes to say."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class Moment(serializers.DateTimeField):
    """ISO 8601 with an offset; a time without one could mean two different hours."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "naive": _("时间须带时区偏移，例如 2026-11-25T09:00:00+08:00。")
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        """Refuse a naive time instead of guessing."""
        if timezone.is_naive(value):
            self.fail("naive")
        return super().enforce_timezone(value)


class CitySerializer(serializers.ModelSerializer[City]):
    """A city by its code; the name is in the language of the request."""

    name = serializers.CharField(read_only=True)

    class Meta:
        model = City
        fields = ["code", "name", "tier"]


class PhoneField(serializers.CharField):
    """Read from a `User`: the whole number for the person and the agency, masked (138****1234) for everybody else."""

    def to_representation(self, value: Any) -> str:
        """Of the user behind the field."""
        asking = viewer(self)
        known = asking is not None and (asking.role in AGENCY_ROLES or asking.pk == value.pk)
        return str(value.phone) if known else phones.mask(value.phone)


class RoleFields(serializers.Serializer[Any]):
    """Shows some fields to some roles only: `kept_from` maps a field to the roles that see null."""

    kept_from: ClassVar[Mapping[str, frozenset[str]]] = {}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The object, without what is not for this role."""
        shown = super().to_representation(instance)
        asking = viewer(self)
        for name, roles in self.kept_from.items():
            if asking is None or asking.role in roles:
                shown[name] = None
        return shown
