"""What a check-in or check-out stands on: a position inside the fence, the place's code, a claimed time, or a word.

A position is looked at, and kept, only with the worker's consent and within the hours in which one may punch; without
it the code of the place, a photo (`proofs.arrive_elsewhere`), or the dispatcher always remain.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, OrderPolicy, Punch, PunchRequest, ServicePolicy, Site
from staffing.core import geo
from staffing.core.actors import AGENCY_ROLES, SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from workers.services import consents


@dataclass(frozen=True, slots=True)
class Fix:
    """A position as the phone gave it: WGS-84 degrees, accuracy in metres."""

    latitude: float
    longitude: float
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Claim:
    """A punch that had to wait for a connection: when it was made, by the phone's clock, and its own number."""

    at: datetime
    key: uuid.UUID | None = None


def moment(claim: Claim | None, policy: ServicePolicy, now: datetime) -> datetime:
    """When a punch was made; a phone's clock may be a little ahead. Raises `Invalid` for a time that has not come."""
    if claim is None:
        return now
    if claim.at > now + timedelta(minutes=policy.clock_skew_minutes):
        raise Invalid("not_yet", _("打卡时间在将来，请检查手机时间。"))
    return min(claim.at, now)


def stale(at: datetime, policy: ServicePolicy, now: datetime) -> bool:
    """Whether a claimed time is too old to count by itself."""
    return now - at > timedelta(hours=policy.offline_hours)


def check_time(work: Assignment, at: datetime) -> None:
    """Raises `Invalid` before one may check in, `Conflict` once the shift is over."""
    early = timedelta(minutes=OrderPolicy.current().check_in_from_minutes)
    if at < work.start_at - early:
        raise Invalid("too_early", _("最早可在开始前 %(minutes)s 分钟签到。"), minutes=int(early.total_seconds() // 60))
    if at >= work.end_at:
        raise Conflict("shift_over", _("班次已结束。"))


def punch_of(work: Assignment, kind: str, *, by: Actor, at: datetime, reason: str) -> Punch:
    """A punch, not yet proved. Raises `Invalid` if the agency gives no reason."""
    punch = Punch(assignment=work, kind=kind, at=at, note=reason[:200], method=Punch.Method.REMOTE)
    if by.role in AGENCY_ROLES:
        if not reason.strip():
            raise Invalid("no_reason", _("代打卡须填写理由。"))
        punch.method = Punch.Method.DISPATCHER
    elif by is SYSTEM:
        punch.method = Punch.Method.SYSTEM
    elif not work.position.shift.order.remote:
        punch.method = Punch.Method.MANUAL
    return punch


def locate(row: Punch | PunchRequest, work: Assignment, fix: Fix, policy: ServicePolicy) -> geo.FenceRuling:
    """Write the position and its distance from the site into the row. Raises `Invalid` for one that makes no sense."""
    site = site_of(work)
    try:
        row.distance_m = geo.distance_m(
            geo.Point(fix.latitude, fix.longitude), geo.Point(site.latitude, site.longitude)
        )
        fence, cap = max(site.fence_m, policy.fence_floor_m), OrderPolicy.current().accuracy_cap_m
        ruling = geo.within_fence(row.distance_m, fix.accuracy_m, fence, cap)
    except ValueError as error:
        raise Invalid("bad_position", _("定位数据无效，请重试。")) from error
    row.latitude, row.longitude, row.accuracy_m = fix.latitude, fix.longitude, fix.accuracy_m
    return ruling


def site_of(work: Assignment) -> Site:
    """The place of an order on site."""
    site = work.position.shift.order.site
    assert site is not None, "an order on site has a site"
    return site


def consented(work: Assignment, at: datetime, now: datetime) -> bool:
    """Whether the worker's position may be used: when the punch was made, and still."""
    return all(consents.has_consent(work.worker, moment) for moment in {at, now})


def with_consent(fix: Fix | None, agreed: bool, *, other: bool) -> Fix | None:
    """The position, if it may be used. Raises `Invalid` if it may not, and there is no other proof."""
    if fix is None or agreed:
        return fix
    if not other:
        raise Invalid(
            "no_consent",
            _("您还没有同意使用定位，位置没有保存。请先同意，或改用现场打卡码、外勤照片，或请调度代为打卡。"),
        )
    return None


def prove_arrival(punch: Punch, work: Assignment, fix: Fix | None, *, coded: bool, agreed: bool) -> None:
    """Fill in what an arrival on site stands on. Raises `Invalid` if it is not what the site asks for."""
    policy, wanted = ServicePolicy.current(), site_of(work).proof
    fix = with_consent(fix, agreed, other=coded)
    if coded:
        punch.method = Punch.Method.CODE
    if fix is not None:
        punch.in_fence = locate(punch, work, fix, policy).inside
        punch.method = Punch.Method.CODE if coded else Punch.Method.POSITION
    if wanted != Site.Proof.POSITION and not coded:
        raise Invalid("no_code", _("请扫描现场的打卡码，或输入屏幕上的 6 位数字。"))
    if coded and (wanted != Site.Proof.BOTH or not agreed):
        return
    if fix is None:
        raise Invalid("no_position", _("需要定位才能打卡；若无法定位，请用现场打卡码、外勤照片，或联系调度代为打卡。"))
    if punch.in_fence is False:
        raise Invalid(
            "out_of_fence", _("您距服务地点 %(metres)s 米，不在打卡范围内。"), metres=round(punch.distance_m or 0)
        )


def note_departure(punch: Punch, work: Assignment, fix: Fix | None, *, coded: bool, agreed: bool) -> None:
    """Fill in where somebody left: whatever there is, nothing is asked for."""
    if coded:
        punch.method = Punch.Method.CODE
    if fix is not None and agreed:
        punch.in_fence = locate(punch, work, fix, ServicePolicy.current()).inside
        punch.method = Punch.Method.CODE if coded else Punch.Method.POSITION
