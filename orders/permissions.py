"""Whose is what: querysets and predicates that views narrow their objects with."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, Client, ClientMember, Offer, Order, ServicePhoto, Site, Timesheet
from staffing.core.actors import AGENCY_ROLES
from staffing.core.errors import Forbidden
from staffing.core.models import Role, User


def offers_to(user: User | None) -> QuerySet[Offer]:
    """The offers made to this worker."""
    return Offer.objects.filter(worker__user=user)


def assignments_of(user: User | None) -> QuerySet[Assignment]:
    """The bookings of this worker."""
    return Assignment.objects.filter(worker__user=user)


def companies_of(user: User | None) -> QuerySet[Client]:
    """The client company that a client's login belongs to."""
    return Client.objects.filter(members__user=user)


def client_orders(user: User | None) -> QuerySet[Order]:
    """The orders of the asker's own company."""
    return Order.objects.filter(client__members__user=user)


def client_timesheets(user: User | None) -> QuerySet[Timesheet]:
    """The hours served for the asker's own company."""
    return Timesheet.objects.filter(assignment__position__shift__order__client__members__user=user)


def rights_of(user: User | None) -> ClientMember | None:
    """The login of a client company with its rights; one query a person and request."""
    return getattr(user, "membership", None)


def may_order(user: User | None) -> bool:
    """Whether the person may post, change and cancel their company's orders."""
    member = rights_of(user)
    return member is not None and member.may_order


def may_approve(user: User | None) -> bool:
    """Whether the person may accept or dispute hours for their company."""
    member = rights_of(user)
    return member is not None and member.may_approve


def may_manage(user: User | None) -> bool:
    """Whether the person may invite others of their company and describe it."""
    member = rights_of(user)
    return member is not None and member.may_manage


def require(right: bool) -> None:
    """Raise `Forbidden`, in words that say whom to ask."""
    if not right:
        raise Forbidden("no_right", _("您没有此项权限，请联系贵公司的管理员开通。"))


def orders_for(user: User | None) -> QuerySet[Order]:
    """The orders a client's or the agency's login may look at."""
    return Order.objects.all() if user is not None and user.role in AGENCY_ROLES else client_orders(user)


def sites_for(user: User | None) -> QuerySet[Site]:
    """The places whose code a client's or the agency's login may show."""
    rows = Site.objects.select_related("client")
    return rows if user is not None and user.role in AGENCY_ROLES else rows.filter(client__members__user=user)


def sites_served(user: User | None) -> QuerySet[Site]:
    """The places this worker has ever been booked for."""
    return Site.objects.filter(orders__shifts__positions__assignments__worker__user=user).distinct()


def photos_for(user: User | None) -> QuerySet[ServicePhoto]:
    """The photos of a worker's own services, of a client's orders, or all for the agency."""
    rows = ServicePhoto.objects.all()
    if user is not None and user.role in AGENCY_ROLES:
        return rows
    if user is not None and user.role == Role.WORKER:
        return rows.filter(assignment__worker__user=user)
    return rows.filter(assignment__position__shift__order__client__members__user=user)
