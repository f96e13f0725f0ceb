"""Coarse rights by role; whose object it is, the restricted querysets decide (another's object is 404)."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from staffing.core.access import PUBLIC
from staffing.core.models import User


class RoleAllowed(BasePermission):
    """The role is among the `access_roles` of the class, or of the action where that names its own."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """401 without a login, 403 for another role."""
        roles: Any = view.access_roles  # type: ignore[attr-defined]
        return roles is PUBLIC or (isinstance(request.user, User) and request.user.role in roles)
