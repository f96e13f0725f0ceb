"""Proof of service in the demo: photos, codes at places, off-site and missed punches that wait, open pages at home."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from orders.models import Assignment, Heartbeat, Punch, PunchRequest, Site, Timesheet
from orders.services import attendance, locks, photos, proofs, punch_requests, site_codes
from orders.services.proving import Claim, Fix
from orders.states import AssignmentStatus, TimesheetStatus
from staffing.core import photos as pictures
from staffing.core.actors import Actor, actor_of
from staffing.core.models import User
from staffing.demo import logins
from staffing.demo.seed import scenes
from staffing.demo.seed.clients import Company

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RECENT = timedelta(hours=60)
SHOWN_WORKS = 16
# Of those who worked from home, whose page fell silent once.
SILENT_SHARE = 0.08
ARRIVING = (
    ("gate", "已到大门，等主管带进场"),
    ("desk", "前台已就位，工牌已领取"),
    ("seats", "话务区开班，系统登录正常"),
)
WORKING = (("shop", "货架整理完毕"), ("desk", ""), ("seats", "午高峰排队已清零"), ("shop", "交班前台面已清理"))
ELSEWHERE = ("客户临时改到隔壁楼二层开会，已与现场主管确认。", "园区东门封路，绕到北门登记，门卫可作证。")
MISSED_OUT = ("手机没电，没来得及签退，主管可以证明。", "下班时帮顾客搬货，忘了打卡。")
MISSED_IN = "电梯停运，到前台打卡时系统一直转圈，实际提前到的。"


def build(now: datetime, random: Random, companies: Sequence[Company]) -> None:
    """After the last hours were lived: what the pages of proof show."""
    _codes(now, companies)
    _pages_at_home(now, random)
    for work in _shown(now):
        _photographed(work, random, now)
    far, early = _two_kinds(now)
    for work in far:
        _elsewhere(work, random)
    for work, remark in zip(early, MISSED_OUT, strict=False):
        proofs.claim_missed(work.pk, "out", work.end_at, remark=remark, by=actor_of(work.worker.user), now=now)
    _missed(random, now)


def _codes(now: datetime, companies: Sequence[Company]) -> None:
    """Screens with a code at the visitor's places; elsewhere some ask for it, some for code and position."""
    by = _dispatcher()
    for site in companies[0].sites:
        site_codes.open_kiosk(site, by=by, now=now - 30 * 24 * HOUR)
    for company, proof in zip(companies[1:], (Site.Proof.CODE, Site.Proof.BOTH, Site.Proof.CODE), strict=False):
        site_codes.ask_for(company.sites[-1], proof, by=by, now=now - 20 * 24 * HOUR)
        site_codes.open_kiosk(company.sites[-1], by=by, now=now - 20 * 24 * HOUR)


def _dispatcher() -> Actor:
    return actor_of(User.objects.get(phone=logins.DISPATCHER.phone))


def _pages_at_home(now: datetime, random: Random) -> None:
    came = Assignment.objects.filter(position__shift__order__remote=True, checked_in_at__isnull=False)
    works = came.filter(heartbeats__isnull=True).order_by("pk")
    Heartbeat.objects.bulk_create([row for work in works for row in _spans(work, now, random)], batch_size=2000)


def _spans(work: Assignment, now: datetime, random: Random) -> Iterator[Heartbeat]:
    since, until = work.checked_in_at, work.checked_out_at or now
    assert since is not None
    if until - since > HOUR and random.random() < SILENT_SHARE:
        lost = since + (until - since) * random.uniform(0.2, 0.7)
        yield Heartbeat(assignment=work, since=since, until=lost)
        since = min(until, lost + random.randint(7, 24) * MINUTE)
    yield Heartbeat(assignment=work, since=since, until=until)


def _recent(now: datetime, *statuses: str) -> list[Assignment]:
    """Bookings on site of these days in these states, the newest first; the visitor's own are theirs."""
    rows = Assignment.objects.filter(position__shift__order__site__isnull=False, status__in=statuses)
    others = rows.exclude(worker__user__phone=logins.WORKER.phone).filter(start_at__gt=now - RECENT)
    related = ("worker__user", "position__shift__order__site")
    return list(others.select_related(*related).order_by("-start_at", "-pk"))


def _shown(now: datetime) -> list[Assignment]:
    """Of whom there are photos: those at work, and of late; the visitor's company first."""
    works = _recent(now, AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
    mine = User.objects.get(phone=logins.CLIENT.phone).membership.client_id
    works.sort(key=lambda work: work.position.shift.order.client_id != mine)
    return works[:SHOWN_WORKS]


def _photographed(work: Assignment, random: Random, now: datetime) -> None:
    came = work.checked_in_at
    assert came is not None
    end = min(now, work.checked_out_at or now)
    later = (came + (end - came) * random.random() for _ in range(random.randint(0, 2)))
    taken = [min(end, came + random.randint(1, 9) * MINUTE), *sorted(later)]
    locked = locks.assignment(work.pk)
    for number, at in enumerate(taken):
        kind, remark = random.choice(WORKING if number else ARRIVING)
        photos.keep(locked, pictures.clean(scenes.jpeg(kind, random)), remark=remark, now=at)


def _two_kinds(now: datetime) -> tuple[list[Assignment], list[Assignment]]:
    """Whose hours nobody has approved yet: two who came from elsewhere, and two who left before the end or forgot."""
    rows = _recent(now, AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
    approved = Timesheet.objects.filter(assignment__in=rows, status=TimesheetStatus.APPROVED)
    done = set(approved.values_list("assignment", flat=True))
    open_ones = [work for work in rows if work.pk not in done]
    left = [work for work in open_ones if work.checked_out_at is not None and work.end_at < now]
    early = sorted(left, key=_left)[:2]
    return [work for work in open_ones if work not in early][:2], early


def _left(work: Assignment) -> timedelta:
    assert work.checked_out_at is not None
    return work.checked_out_at - work.end_at


def _elsewhere(work: Assignment, random: Random) -> None:
    """外勤: some hundred metres from the place, with a photo of where that is. It has counted since."""
    work = locks.assignment(work.pk)
    site, punch, remark = work.position.shift.order.site, work.punches.get(kind=Punch.Kind.IN), random.choice(ELSEWHERE)
    assert site is not None
    fix = Fix(site.latitude + 0.006, site.longitude - 0.002, 24)
    photo = photos.keep(work, pictures.clean(scenes.jpeg("gate", random)), remark=remark, now=punch.at)
    why = PunchRequest.Why.FIELD
    row = punch_requests.ask(work, punch.kind, why, at=punch.at, now=punch.at, remark=remark, photo=photo, fix=fix)
    punch.method, punch.note, punch.in_fence, punch.distance_m = Punch.Method.FIELD, remark, None, row.distance_m
    punch.latitude = punch.longitude = punch.accuracy_m = None
    punch.save()


def _missed(random: Random, now: datetime) -> None:
    """补卡 of an arrival, and a punch that a phone sent long after it was made."""
    at_work = AssignmentStatus.CHECKED_IN
    late = [work for work in _recent(now, at_work) if not work.punch_requests.exists()]
    for work in sorted(late, key=_lateness, reverse=True)[:1]:
        photo, by = pictures.clean(scenes.jpeg("gate", random)), actor_of(work.worker.user)
        at = work.start_at - 4 * MINUTE
        proofs.claim_missed(work.pk, "in", at, remark=MISSED_IN, by=by, now=now - MINUTE, photo=photo)
    for work in _recent(now, AssignmentStatus.NO_SHOW)[:1]:
        _sent_late(work, random, now)


def _lateness(work: Assignment) -> timedelta:
    assert work.checked_in_at is not None
    return work.checked_in_at - work.start_at


def _sent_late(work: Assignment, random: Random, now: datetime) -> None:
    claim = Claim(work.start_at - 3 * MINUTE, uuid.UUID(int=random.getrandbits(128), version=4))
    site = work.position.shift.order.site
    assert site is not None
    fix = Fix(site.latitude + 0.0002, site.longitude, 18)
    attendance.check_in(work.pk, by=actor_of(work.worker.user), now=now, fix=fix, claim=claim)
