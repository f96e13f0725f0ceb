"""Outbox subscribers of training: clocks that run out, and who is told what."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staffing.core import notices
from staffing.core.models import User
from staffing.core.outbox import on
from staffing.core.templatetags.formats import day_text
from workers.models import IssuedCertificate, SessionPlace, TrainingSession, TrainingTask
from workers.services import quizzes, typing_tests
from workers.training_states import PlaceStatus, SessionStatus

Payload = Mapping[str, Any]

notices.register("training.assigned", _("请完成培训：%(course)s"), _("请在 %(until)s 前完成。"))
notices.register("course.passed", _("培训通过：%(course)s"), _("结业证书 %(number)s 已生成，可查看和打印。"))
notices.register("session.seat", _("您有座位了：%(course)s"), _("候补转正，%(starts_at)s 上课，%(where)s。"))
notices.register("session.cancelled", _("培训取消：%(course)s"), _("原定 %(starts_at)s 的课不上了。%(reason)s"))
notices.register("session.full", _("这一场没有排到座位：%(course)s"), _("%(starts_at)s 的课已满，请看看其他场次。"))
notices.register("session.soon", _("别忘了上课：%(course)s"), _("%(starts_at)s，%(where)s。"))


@on("trainingtask.assign")
def tell_of_task(payload: Payload, now: datetime) -> None:
    """The worker hears what is to be learned by when."""
    task = TrainingTask.objects.select_related("worker__user", "course").get(pk=payload["id"])
    data = {"course": task.course.name_zh, "until": day_text(task.due_on)}
    url = reverse("workers:my-training")
    waiting = TrainingTask.Status.OPEN
    notices.tell(
        [task.worker.user],
        "training.assigned",
        task,
        now=now,
        key=str(task.pk),
        data=data,
        url=url,
        while_state=waiting,
    )


@on("course.passed")
def tell_of_pass(payload: Payload, now: datetime) -> None:
    """The worker hears of the certificate."""
    row = IssuedCertificate.objects.select_related("worker__user", "course").filter(pk=payload["id"]).first()
    if row is not None:
        data = {"course": row.course.name_zh, "number": row.number}
        url = reverse("workers:my-certificate", args=[row.pk])
        notices.tell([row.worker.user], "course.passed", row, now=now, key=str(row.pk), data=data, url=url)


@on("quizattempt.deadline")
def hand_in(payload: Payload, now: datetime) -> None:
    """The time of a quiz is over."""
    quizzes.expire(payload["id"], now)


@on("typingattempt.deadline")
def give_up(payload: Payload, now: datetime) -> None:
    """Nothing came back."""
    typing_tests.expire(payload["id"], now)


@on("sessionplace.move_up")
def tell_of_seat(payload: Payload, now: datetime) -> None:
    """Who waited hears of the seat, as long as it is theirs."""
    place = _place(payload["id"])
    if place is not None:
        _tell([place.worker.user], "session.seat", place, place.session, now, while_state=PlaceStatus.ENROLLED)


@on("sessionplace.drop")
def tell_of_nothing(payload: Payload, now: datetime) -> None:
    """There is no session, or it was held without them."""
    place = _place(payload["id"])
    if place is not None:
        off = place.session.status == SessionStatus.CANCELLED
        _tell([place.worker.user], "session.cancelled" if off else "session.full", place, place.session, now)


@on("trainingsession.reminder")
def remind(payload: Payload, now: datetime) -> None:
    """Everybody with a seat, some hours before."""
    session = TrainingSession.objects.select_related("course").get(pk=payload["id"])
    seated = session.places.filter(status=PlaceStatus.ENROLLED).select_related("worker__user")
    if session.starts_at > now:
        _tell(
            [row.worker.user for row in seated], "session.soon", session, session, now, while_state=SessionStatus.OPEN
        )


def _place(place_id: int) -> SessionPlace | None:
    rows = SessionPlace.objects.select_related("worker__user", "session__course")
    return rows.filter(pk=place_id).first()


def _tell(
    users: Iterable[User],
    kind: str,
    subject: SessionPlace | TrainingSession,
    session: TrainingSession,
    now: datetime,
    *,
    while_state: str = "",
) -> None:
    data = {
        "course": session.course.name_zh,
        "starts_at": session.starts_at.isoformat(),
        "where": session.place or session.link,
        "reason": session.reason,
    }
    url, key = reverse("workers:my-course", args=[session.course_id]), str(subject.pk)
    notices.tell(users, kind, subject, now=now, key=key, data=data, url=url, while_state=while_state)
