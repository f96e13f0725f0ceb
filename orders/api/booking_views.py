"""Offers, assignments and timesheets over HTTP."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from orders import permissions
from orders.api import words
from orders.api.bodies import DisputeBody, PunchBody, punch_of
from orders.api.bookings import AssignmentSerializer, OfferSerializer, TimesheetSerializer
from orders.api.filters import AssignmentFilters, OfferFilters, TimesheetFilters
from orders.api.visible import allow, assignments_for, offers_for, timesheets_for
from orders.models import Assignment, Offer, Timesheet
from orders.services import attendance, offers, timesheets
from orders.states import AssignmentStatus
from staffing.core.access import EVERYONE
from staffing.core.actors import AGENCY_ROLES, Actor
from staffing.core.api.fields import OptionalReason, Reason
from staffing.core.api.idempotency import HEADER
from staffing.core.api.views import RoleViewSet, command
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role, User

CLIENT, WORKER = Role.CLIENT.value, Role.WORKER.value
ORDER = ("client", "city", "site")
Json = dict[str, Any]


def _with_order(path: str) -> list[str]:
    return [f"{path}__{name}" for name in ORDER]


class OfferViewSet(RoleViewSet[Offer]):
    """Offers: a worker's own, all for the agency."""

    access_roles = AGENCY_ROLES | {WORKER}
    queryset = Offer.objects.none()
    serializer_class = OfferSerializer
    filterset_class = OfferFilters
    ordering_fields = ("id", "sent_at", "expires_at")
    problem_members = staticmethod(words.problem_members)

    def visible(self, user: User) -> QuerySet[Offer]:
        """The worker's own, or all."""
        return offers_for(user)

    def detailed(self, found: QuerySet[Offer]) -> QuerySet[Offer]:
        """With order and worker."""
        return found.select_related("worker__user", "assignment", *_with_order("position__shift__order"))

    @command(WORKER)
    def accept(self, offer: Offer, body: Json, by: Actor, now: datetime) -> None:
        """Say yes: books the shift, or says with all reasons why it cannot be."""
        offers.accept(offer.pk, by=by, now=now)

    @command(WORKER, takes=OptionalReason)
    def decline(self, offer: Offer, body: Json, by: Actor, now: datetime) -> None:
        """Say no; somebody else is asked."""
        offers.decline(offer.pk, by=by, now=now, reason=body["reason"])


class AssignmentViewSet(RoleViewSet[Assignment]):
    """Booked people: of a client's orders, a worker's own, all for the agency."""

    access_roles = EVERYONE
    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilters
    ordering_fields = ("id", "start_at", "booked_at")

    def visible(self, user: User) -> QuerySet[Assignment]:
        """Of the client's orders, the worker's own, or all."""
        return assignments_for(user)

    def detailed(self, found: QuerySet[Assignment]) -> QuerySet[Assignment]:
        """With order, worker and punches."""
        joined = found.select_related("worker__user", "timesheet", *_with_order("position__shift__order"))
        return joined.prefetch_related("punches")

    @command(WORKER, *AGENCY_ROLES, takes=PunchBody)
    def check_in(self, work: Assignment, body: Json, by: Actor, now: datetime) -> None:
        """Arrive. On site with a position or the place's code; the agency may do it for the worker with a reason."""
        attendance.check_in(work.pk, by=by, now=now, **self._punch(body))

    @command(WORKER, *AGENCY_ROLES, takes=PunchBody)
    def check_out(self, work: Assignment, body: Json, by: Actor, now: datetime) -> None:
        """Leave; writes the timesheet."""
        attendance.check_out(work.pk, by=by, now=now, **self._punch(body))

    def _punch(self, body: Json) -> Json:
        """The arguments of a punch. A wrong code stays counted, which the transaction of a kept answer would undo."""
        if body["code"] and HEADER in self.request.headers:
            raise Invalid("key_with_code", _("带打卡码的请求不要带 Idempotency-Key：重复打卡本来就无害。"))
        return punch_of(body)

    @command(WORKER, takes=Reason)
    def cancel(self, work: Assignment, body: Json, by: Actor, now: datetime) -> None:
        """Call off; a replacement is sought at once."""
        attendance.cancel(work.pk, by=by, now=now, reason=body["reason"])

    @command(*AGENCY_ROLES, takes=Reason)
    def release(self, work: Assignment, body: Json, by: Actor, now: datetime) -> None:
        """Take a booked worker off; a replacement is sought at once."""
        attendance.release(work.pk, by=by, now=now, reason=body["reason"])

    @command(*AGENCY_ROLES)
    def no_show(self, work: Assignment, body: Json, by: Actor, now: datetime) -> None:
        """Record that the worker did not come; a replacement is sought at once."""
        done = attendance.declare_absent(work.pk, now, by=by)
        if not done and work.status != AssignmentStatus.NO_SHOW:
            raise Conflict("wrong_state", _("当前状态已改变，不能执行此操作。请刷新后查看。"))


class TimesheetViewSet(RoleViewSet[Timesheet]):
    """Hours: of a client's orders, a worker's own, all for the agency."""

    access_roles = EVERYONE
    queryset = Timesheet.objects.none()
    serializer_class = TimesheetSerializer
    filterset_class = TimesheetFilters
    ordering_fields = ("id", "submitted_at", "auto_approve_at")

    def visible(self, user: User) -> QuerySet[Timesheet]:
        """Of the client's orders, the worker's own, or all."""
        return timesheets_for(user)

    def detailed(self, found: QuerySet[Timesheet]) -> QuerySet[Timesheet]:
        """With order and worker."""
        return found.select_related("assignment__worker__user", *_with_order("assignment__position__shift__order"))

    @command(CLIENT)
    def approve(self, sheet: Timesheet, body: Json, by: Actor, now: datetime) -> None:
        """Accept the hours."""
        allow(by, permissions.may_approve)
        timesheets.approve(sheet.pk, by=by, now=now)

    @command(CLIENT, takes=DisputeBody)
    def dispute(self, sheet: Timesheet, body: Json, by: Actor, now: datetime) -> None:
        """Say that the hours are wrong."""
        allow(by, permissions.may_approve)
        timesheets.dispute(sheet.pk, by=by, now=now, reason=body["reason"])
