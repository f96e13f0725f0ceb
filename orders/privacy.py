"""What the order line keeps about a worker: offers, bookings, punches, hours, and what was said around them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from orders.models import (
    Appeal,
    Assignment,
    BenchPlace,
    CalendarEntry,
    CalendarFeed,
    CallNote,
    ConflictOfInterest,
    DoNotSend,
    Offer,
    OrderPolicy,
    Punch,
    PunchRequest,
    ServicePhoto,
    ServicePolicy,
    SwapRequest,
    TeamMember,
    Timesheet,
)
from orders.services import photos, removals
from orders.services.bookings import TAKING_TIME
from orders.states import BenchStatus, OfferStatus, SwapStatus, TimesheetStatus
from staffing.core import forgetting
from staffing.core.models import AuditEvent, User
from staffing.core.personal import Closing, Holder, Obstacle, Stored, Use, register
from staffing.core.templatetags import formats

MINE: Final = "assignment__worker__user"
SHIFT: Final = "assignment__position__shift__order"
NOWHERE: Final[dict[str, None]] = {"latitude": None, "longitude": None, "accuracy_m": None, "distance_m": None}
LATEST: Final = 20
UNSETTLED: Final = (TimesheetStatus.SUBMITTED, TimesheetStatus.DISPUTED)
# What a notice to somebody else may be about and name this person in.
ABOUT: Final[tuple[type[Model], ...]] = (Offer, Assignment, Timesheet)


def stored() -> Sequence[Stored]:
    """Offers, bookings, hours, positions, photos; how long is the policies' word."""
    policy, service = OrderPolicy.current(), ServicePolicy.current()
    return [
        Stored(_("派单、班次、换班和候补"), _("安排工作，计算到岗可靠度"), _("长期保存，注销后不再带姓名")),
        Stored(_("打卡时间、与服务地点的距离、工时单"), _("计算收入，客户核对"), _("长期保存，注销后不再带姓名")),
        Stored(
            _("打卡时的位置（经纬度、精度）"),
            _("只用来核对您是否在服务地点"),
            text("%(days)s 天后自动删除") % {"days": policy.position_retention_days},
        ),
        Stored(
            _("服务照片和外勤照片"),
            _("给客户看服务现场，审核外勤打卡"),
            text("%(days)s 天后自动删除") % {"days": service.photo_retention_days},
        ),
        Stored(_("申诉、补卡说明、调度的通话备注"), _("核对事实、处理争议"), _("直到注销账号")),
        Stored(
            _("日历订阅地址"),
            _("让您的日历读取班次"),
            _("直到您停用，或注销账号"),
        ),
    ]


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Everything of the line that is this worker's; of clients no more than the company and the order's title."""
    order = "position__shift__order"
    rows: dict[str, QuerySet[Any, Any]] = {
        "offers": Offer.objects.filter(worker__user=user).values(
            "pk", f"{order}__title", f"{order}__client__name", "status", "pay_rate", "sent_at", "expires_at",
            "answered_at", "reason",
        ),
        "assignments": Assignment.objects.filter(worker__user=user).values(
            "pk", f"{order}__title", f"{order}__client__name", "status", "start_at", "end_at", "pay_rate", "booked_at",
            "confirmed_at", "departed_at", "checked_in_at", "checked_out_at", "ended_at",
        ),
        "punches": _mine(Punch, user).values(
            "assignment", "kind", "method", "at", "latitude", "longitude", "accuracy_m", "distance_m", "in_fence"
        ),
        "punch_requests": _mine(PunchRequest, user).values(
            "assignment", "kind", "why", "status", "claimed_at", "received_at", "remark", "latitude", "longitude",
            "decided_at", "decision",
        ),
        "conflicts_of_interest": ConflictOfInterest.objects.filter(worker__user=user).values(
            "company", "kind", "note", "declared_at", "until", "ended_at"
        ),
        "photos": _mine(ServicePhoto, user).values("assignment", "at", "remark", "width", "height"),
        "timesheets": _mine(Timesheet, user).values(
            "assignment", "status", "planned_minutes", "actual_minutes", "late_minutes", "submitted_at", "approved_at"
        ),
        "swaps": _mine(SwapRequest, user).values("assignment", "status", "note", "asked_at", "closed_at"),
        "appeals": _mine(Appeal, user).values("assignment", "status", "text", "decision"),
        "calls": _mine(CallNote, user).values("assignment", "at", "outcome", "note"),
        "standing_by": BenchPlace.objects.filter(worker__user=user).values(
            "start_at", "end_at", "status", "invited_at", "answered_at", "amount"
        ),
    }  # fmt: skip
    return {name: list(found) for name, found in rows.items()}


def _mine(model: Any, user: User) -> QuerySet[Any]:
    return model._default_manager.filter(**{MINE: user})


def uses(user: User) -> list[Use]:
    """The latest punches for which a position was used."""
    rows = _mine(Punch, user).filter(distance_m__isnull=False).select_related(f"{SHIFT}__client")
    return [_use(punch) for punch in rows.order_by("-at")[:LATEST]]


def _use(punch: Punch) -> Use:
    words = {
        "kind": punch.get_kind_display(),
        "client": punch.assignment.position.shift.order.client.name,
        "metres": round(punch.distance_m or 0),
    }
    said = text("%(kind)s：位置与 %(client)s 的服务地点核对，相距 %(metres)s 米")
    gone = text("（坐标已删除）") if punch.latitude is None else ""
    return Use(punch.at, said % words + gone, reverse("orders:my-shift", args=[punch.assignment_id]))


def obstacles(user: User, now: datetime) -> list[Obstacle]:
    """Shifts that are booked, promised to a colleague or stood by for, and hours that are not settled."""
    works = Assignment.objects.filter(worker__user=user, status__in=TAKING_TIME).order_by("start_at")
    sheets = _mine(Timesheet, user).filter(status__in=UNSETTLED).select_related("assignment")
    taken = SwapRequest.objects.filter(taker__user=user, status=SwapStatus.TAKEN).select_related("assignment")
    bench = BenchPlace.objects.filter(worker__user=user, status=BenchStatus.STANDING_BY, end_at__gt=now)
    return [
        *(_obstacle(text("班次 %(when)s 还没有结束"), work) for work in works),
        *(_obstacle(text("班次 %(when)s 的工时还没有批准"), sheet.assignment) for sheet in sheets),
        *(_obstacle(text("您答应接手 %(when)s 的换班"), swap.assignment, mine=False) for swap in taken),
        *(_obstacle(text("您在 %(when)s 候补待命"), place, mine=False) for place in bench),
    ]


def _obstacle(words: str, timed: Any, *, mine: bool = True) -> Obstacle:
    url = reverse("orders:my-shift", args=[timed.pk]) if mine else ""
    return Obstacle(words % {"when": formats.span_text(timed.start_at, timed.end_at)}, url)


def settle(closing: Closing) -> None:
    """Questions to the person are taken back and their places sought anew, order after order."""
    removals.pass_over(closing.user.worker, now=closing.now, reason="account_closed")


def erase(closing: Closing) -> None:
    """Hours and bookings stay under the number; what was said, where the person was and what they took is gone."""
    user = closing.user
    photos.erase_of(user.worker)
    _mine(Punch, user).update(**NOWHERE)
    _mine(PunchRequest, user).update(**NOWHERE, remark="")
    _mine(Appeal, user).update(text="")
    _mine(SwapRequest, user).update(note="")
    _mine(CallNote, user).update(note="")
    Offer.objects.filter(worker__user=user, status=OfferStatus.DECLINED).update(reason="")
    for model in (TeamMember, DoNotSend, ConflictOfInterest, CalendarFeed):
        model._default_manager.filter(worker__user=user).delete()
    CalendarEntry.objects.filter(offer__worker__user=user).delete()
    _rename(closing)
    own = Offer.objects.filter(worker__user=user).values("position__shift__order")
    forgetting.in_audit(AuditEvent.objects.filter(order_id__in=own), closing)


def _rename(closing: Closing) -> None:
    """Notices to others, too, name the number from now on."""
    for model in ABOUT:
        path = "assignment__worker__user" if model is Timesheet else "worker__user"
        forgetting.in_notices(model, model._default_manager.filter(**{path: closing.user}).values("pk"), closing)


register(
    Holder(
        app="orders",
        stored=stored,
        tables=tables,
        erase=erase,
        uses=uses,
        obstacles=obstacles,
        settle=settle,
    )
)
