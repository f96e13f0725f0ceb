"""The writers of training sessions: seats are given in the order of asking, each to one person; who waits moves up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, outbox, transitions
from staffing.core.actors import AGENCY_ROLES, Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import User
from workers.models import Course, SessionPlace, TrainingPolicy, TrainingSession, Worker
from workers.services import quizzes
from workers.training_states import COMING, SEATED, PlaceStatus, SessionStatus

Kind = TrainingSession.Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted: see `TrainingSession`."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    trainer: User
    seats: int


@transaction.atomic
def plan(course: Course, wanted: Plan, *, by: Actor, now: datetime) -> TrainingSession:
    """Open a session for enrolment. Raises `Invalid` for a time that is over, or without a place or link."""
    _check(wanted, now)
    hours = TrainingPolicy.current()
    leave_by = wanted.starts_at - timedelta(hours=hours.leave_hours)
    session = TrainingSession.objects.create(course=course, leave_by=leave_by, **_fields(wanted))
    audit.record(session, "plan", by=by, now=now, data={"course": course.code, "seats": wanted.seats})
    due = max(now, wanted.starts_at - timedelta(hours=hours.remind_hours))
    outbox.publish("trainingsession.reminder", {"id": session.pk}, key=str(session.pk), now=now, due_at=due)
    return session


def _fields(wanted: Plan) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in Plan.__dataclass_fields__}


def _check(wanted: Plan, now: datetime) -> None:
    if wanted.starts_at <= now or wanted.ends_at <= wanted.starts_at:
        raise Invalid("bad_span", _("开始须在现在之后，结束须在开始之后。"))
    if not (wanted.place.strip() if wanted.kind == Kind.CLASSROOM else wanted.link.strip()):
        raise Invalid("no_place", _("线下面授请填写地点，线上直播课请填写上课链接。"))


@transaction.atomic
def describe(
    session_id: int, *, place: str, link: str, trainer: User, seats: int, by: Actor, now: datetime
) -> TrainingSession:
    """Another place, link or trainer, or more seats: who waits moves up. Raises `Invalid` for fewer than are taken."""
    session = _open(session_id)
    wanted = Plan(session.kind, session.starts_at, session.ends_at, place, link, trainer, seats)
    if not (place.strip() if session.kind == Kind.CLASSROOM else link.strip()):
        raise Invalid("no_place", _("线下面授请填写地点，线上直播课请填写上课链接。"))
    highest = max(_taken(session), default=0)
    if seats < highest:
        raise Invalid("too_few_seats", _("已有人坐到第 %(n)s 个座位，座位数不能更少。"), n=highest)
    for name, value in _fields(wanted).items():
        setattr(session, name, value)
    session.save()
    audit.record(session, "describe", by=by, now=now, data={"seats": seats})
    _move_up(session, by, now)
    return session


@transaction.atomic
def enrol(session_id: int, worker: Worker, *, by: Actor, now: datetime) -> SessionPlace:
    """A seat if one is free, else a place in the queue. The same again changes nothing.

    Raises `Conflict` once the session has begun or was called off, or for somebody who is not in the pool any more.
    """
    session = _open(session_id)
    if now >= session.starts_at:
        raise Conflict("begun", _("这一场已经开始，不能再报名。"))
    if worker.status in (Worker.Status.SUSPENDED, Worker.Status.LEFT):
        raise Conflict("not_in_pool", _("当前状态不能报名培训。"))
    found = session.places.filter(worker=worker, status__in=COMING).first()
    return found or _place(session, worker, by, now)


def _place(session: TrainingSession, worker: Worker, by: Actor, now: datetime) -> SessionPlace:
    seat = _free_seat(session)
    status = PlaceStatus.ENROLLED if seat else PlaceStatus.WAITING
    row = SessionPlace.objects.create(session=session, worker=worker, status=status, seat=seat, asked_at=now)
    audit.record(row, "enrol", by=by, now=now, to_state=status)
    return row


def _taken(session: TrainingSession) -> set[int]:
    return {row.seat for row in session.places.filter(status__in=SEATED) if row.seat}


def _free_seat(session: TrainingSession) -> int | None:
    """The lowest number that nobody has; None when every seat is taken."""
    taken = _taken(session)
    return next((seat for seat in range(1, session.seats + 1) if seat not in taken), None)


@transaction.atomic
def leave(session_id: int, worker: Worker, *, by: Actor, now: datetime) -> None:
    """Give the place back; whoever waits longest gets the seat. Repeating it changes nothing.

    Raises `Conflict` when the session has begun, or the worker's own time for it is over (not for those who wait).
    """
    session = _lock(session_id)
    row = session.places.select_for_update().filter(worker=worker, status__in=COMING).first()
    if row is None or session.status != SessionStatus.OPEN:
        return
    late = row.status == PlaceStatus.ENROLLED and now >= session.leave_by and by.role not in AGENCY_ROLES
    if late or now >= session.starts_at:
        raise Conflict("too_late", _("已过取消报名的截止时间，请联系调度。"))
    _leave(row, by, now)
    _move_up(session, by, now)


def _leave(row: SessionPlace, by: Actor, now: datetime) -> None:
    row.seat = None
    transitions.change(row, "leave", by=by, now=now, also=["seat"])


def _move_up(session: TrainingSession, by: Actor, now: datetime) -> None:
    waiting = session.places.select_for_update().filter(status=PlaceStatus.WAITING).order_by("asked_at", "pk")
    for row in waiting if now < session.starts_at else ():
        row.seat = _free_seat(session)
        if row.seat is None:
            return
        transitions.change(row, "move_up", by=by, now=now, also=["seat"])


@transaction.atomic
def leave_all(worker: Worker, *, by: Actor, now: datetime) -> None:
    """Somebody goes for good: their seats to come are free for others."""
    ids = worker.session_places.filter(status__in=COMING, session__status=SessionStatus.OPEN)
    for session_id in ids.order_by("session_id").values_list("session_id", flat=True):
        session = _lock(session_id)
        for row in session.places.select_for_update().filter(worker=worker, status__in=COMING):
            _leave(row, by, now)
        _move_up(session, by, now)


@transaction.atomic
def cancel(session_id: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Call the session off; everybody with a place is told. Raises `Invalid` without a reason."""
    session = _lock(session_id)
    if session.status == SessionStatus.CANCELLED:
        return
    if not reason.strip():
        raise Invalid("no_reason", _("请写明取消原因。"))
    session.reason = reason.strip()[:200]
    transitions.change(session, "cancel", by=by, now=now, reason=session.reason, also=["reason"])
    for row in session.places.select_for_update().filter(status__in=COMING).order_by("pk"):
        _drop(row, by, now)


def _drop(row: SessionPlace, by: Actor, now: datetime) -> None:
    row.seat = None
    transitions.change(row, "drop", by=by, now=now, also=["seat"])


@transaction.atomic
def hold(session_id: int, present: Collection[int], *, by: Actor, now: datetime) -> None:
    """Who of those with a seat was there (worker ids); the course is passed where being there is all it takes.

    Repeating it changes nothing. Raises `Conflict` before the session has begun.
    """
    session = _lock(session_id)
    if session.status == SessionStatus.HELD:
        return
    if now < session.starts_at:
        raise Conflict("not_begun", _("课程开始后才能登记到课。"))
    transitions.change(session, "hold", by=by, now=now)
    for row in session.places.select_for_update().filter(status__in=COMING).order_by("worker_id"):
        if row.status == PlaceStatus.WAITING:
            _drop(row, by, now)
        else:
            _attend(row, session, present, by, now)


def _attend(row: SessionPlace, session: TrainingSession, present: Collection[int], by: Actor, now: datetime) -> None:
    if row.worker_id not in present:
        transitions.change(row, "miss", by=by, now=now)
        return
    transitions.change(row, "attend", by=by, now=now)
    quizzes.settle_course(row.worker_id, session.course, by=by, now=now)


def _lock(session_id: int) -> TrainingSession:
    rows = TrainingSession.objects.select_for_update(of=("self",), no_key=True).select_related("course")
    return rows.get(pk=session_id)


def _open(session_id: int) -> TrainingSession:
    session = _lock(session_id)
    if session.status != SessionStatus.OPEN:
        raise Conflict("not_open", _("这一场已结束或已取消。"))
    return session
