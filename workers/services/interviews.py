"""The writers of interviews: the appointment, and what each interviewer saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from workers.models import Application, Interview, InterviewScore, InterviewSheet, RecruitPolicy, SoftSkill
from workers.services import applications
from workers.states import OPEN, ApplicationStatus


@dataclass(frozen=True, slots=True)
class Appointment:
    """When, by which way, and where: an address, a phone number, or the link of a meeting."""

    start_at: datetime
    how: str
    place: str = ""


@transaction.atomic
def appoint(application_id: int, wanted: Appointment, *, by: Actor, now: datetime) -> Interview:
    """Set the interview, or another time for it, and move there if need be. The applicant is told; a repeat is not.

    Raises `Invalid` for a time that is over or a place that is missing, `Conflict` once the application is closed.
    """
    _check(wanted, now)
    found = applications.locked(application_id)
    if found.status not in (ApplicationStatus.INTERVIEW, ApplicationStatus.TRAINING):
        applications.to_stage(found, "to_interview", by=by, now=now)
    before = Interview.objects.filter(application=found).first()
    if before is not None and Appointment(before.start_at, before.how, before.place) == wanted:
        return before
    assert by.user is not None
    values = {"start_at": wanted.start_at, "how": wanted.how, "place": wanted.place}
    talk, _created = Interview.objects.update_or_create(
        application=found, defaults=values | {"planned_by": by.user, "planned_at": now}
    )
    start = wanted.start_at.isoformat()
    event = audit.record(found, "appoint", by=by, now=now, data={"start_at": start, "how": wanted.how})
    outbox.publish("application.appointment", {"id": found.pk, "start": start}, key=str(event.pk), now=now)
    _remind(found, wanted.start_at, key=str(event.pk), now=now)
    _not_due_before(found, wanted.start_at, now)
    return talk


def is_at(found: Application, start: datetime) -> bool:
    """Whether the interview is still set for this time."""
    return Interview.objects.filter(application=found, start_at=start).exists()


def _remind(found: Application, start: datetime, *, key: str, now: datetime) -> None:
    """Again some hours before; what is so near needs no second word."""
    due = start - timedelta(hours=RecruitPolicy.current().remind_hours)
    if due > now:
        payload = {"id": found.pk, "start": start.isoformat()}
        outbox.publish("application.interview_soon", payload, key=key, now=now, due_at=due)


def _check(wanted: Appointment, now: datetime) -> None:
    if wanted.start_at <= now:
        raise Invalid("past", _("面试时间须晚于现在。"))
    if wanted.how not in Interview.How.values:
        raise Invalid("bad_way", _("请选择面试方式。"))
    if wanted.how != Interview.How.PHONE and not wanted.place.strip():
        raise Invalid("no_place", _("请填写面试地点或会议链接。"))


def _not_due_before(found: Application, start: datetime, now: datetime) -> None:
    """Nobody is late before the interview has been."""
    if found.due_at is None or found.due_at < start:
        found.due_at = start
        found.save(update_fields=["due_at"])
        applications.remind_when_due(found, now)


@transaction.atomic
def score(
    application_id: int, grades: Mapping[str, int], comment: str = "", *, by: Actor, now: datetime
) -> InterviewSheet:
    """Keep what one interviewer saw: a grade 1–5 for every soft skill. Giving it again changes one's own sheet.

    Raises `Invalid` unless every soft skill has a grade, `Conflict` once it is closed or enough people have scored.
    """
    if set(grades) != set(SoftSkill.values) or not all(grade in range(1, 6) for grade in grades.values()):
        raise Invalid("bad_grades", _("请给每一项软技能打 1 到 5 分。"))
    found = applications.locked(application_id)
    if found.status not in OPEN:
        raise Conflict("closed", _("此报名已结束，不能再评分。"))
    assert by.user is not None
    _room_for(found, by.user.pk)
    values = {"comment": comment.strip()[:500], "at": now}
    sheet, _created = InterviewSheet.objects.update_or_create(application=found, interviewer=by.user, defaults=values)
    InterviewScore.objects.filter(sheet=sheet).delete()
    InterviewScore.objects.bulk_create(
        InterviewScore(sheet=sheet, skill=skill, grade=grade) for skill, grade in grades.items()
    )
    audit.record(found, "score", by=by, now=now, data={"grades": dict(grades)})
    return sheet


def _room_for(found: Application, interviewer_id: int) -> None:
    others = InterviewSheet.objects.filter(application=found).exclude(interviewer=interviewer_id).count()
    most = RecruitPolicy.current().interviewers
    if others >= most:
        words = ngettext_lazy("已有 %(most)d 位面试官评分。", "已有 %(most)d 位面试官评分。", "most")
        raise Conflict("enough", words, most=most)
