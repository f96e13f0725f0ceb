"""Which objects of the order line a person may see through the API: the agency all, others what is theirs."""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from orders import permissions
from orders.models import Assignment, Offer, Order, Timesheet
from staffing.core.actors import AGENCY_ROLES, Actor
from staffing.core.models import Role, User

M = TypeVar("M", bound=Model)


def orders_for(user: User) -> QuerySet[Order]:
    """The client's own; nothing for workers, who see their assignments."""
    return _theirs(Order.objects.all(), user, client="client__members__user")


def assignments_for(user: User) -> QuerySet[Assignment]:
    """Those of the client's orders, or the worker's own."""
    return _theirs(
        Assignment.objects.all(), user, client="position__shift__order__client__members__user", worker="worker__user"
    )


def offers_for(user: User) -> QuerySet[Offer]:
    """The worker's own; nothing for clients."""
    return _theirs(Offer.objects.all(), user, worker="worker__user")


def timesheets_for(user: User) -> QuerySet[Timesheet]:
    """Those of the client's orders, or the worker's own."""
    prefix = "assignment__position__shift__order__client__members__user"
    return _theirs(Timesheet.objects.all(), user, client=prefix, worker="assignment__worker__user")


def _theirs(rows: QuerySet[M], user: User, *, client: str = "", worker: str = "") -> QuerySet[M]:
    if user.role in AGENCY_ROLES:
        return rows
    path = {Role.CLIENT.value: client, Role.WORKER.value: worker}.get(user.role, "")
    return rows.filter(Q(**{path: user})) if path else rows.none()


def allow(by: Actor, right: Callable[[User | None], bool]) -> None:
    """A client's login needs the right for this; the agency does not. Raises `Forbidden`."""
    permissions.require(by.role != Role.CLIENT or right(by.user))
