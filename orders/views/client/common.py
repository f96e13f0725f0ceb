"""What the client's pages share: whose things these are, and what the person may do with them."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from orders import permissions
from orders.models import Client, Order
from staffing.core.actors import acting

UNPROCESSABLE = 422
CONFLICT = 409


def company(request: HttpRequest) -> Client:
    """The asker's company, or 404."""
    return get_object_or_404(permissions.companies_of(acting(request).user))


def own_order(request: HttpRequest, pk: int) -> Order:
    """An order of the asker's company with its place and pool, or 404."""
    own = permissions.client_orders(acting(request).user)
    own = own.select_related("client", "site__city", "city", "special_pool")
    return get_object_or_404(own, pk=pk)


def rights(request: HttpRequest) -> dict[str, Any]:
    """What the person may do, for templates."""
    user = acting(request).user
    return {
        "may_order": permissions.may_order(user),
        "may_approve": permissions.may_approve(user),
        "may_manage": permissions.may_manage(user),
    }


def must(request: HttpRequest, right: Any) -> None:
    """Raise `Forbidden` unless the person has the right (`permissions.may_…`)."""
    permissions.require(right(acting(request).user))
