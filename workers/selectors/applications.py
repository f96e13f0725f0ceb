"""Applications for the board, one application's page, and what may be the same person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Prefetch, Q, QuerySet

from staffing.core.models import AuditEvent
from workers.models import Application, Interview, InterviewScore, InterviewSheet, RubricGrade, SoftSkill, Worker
from workers.states import OPEN, ApplicationStatus


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of the board: how many are there, how many of them too long, and the most pressing."""

    stage: str
    label: Any
    count: int
    overdue: int
    cards: Sequence[Application]


@dataclass(frozen=True, slots=True)
class Line:
    """A soft skill over all sheets: the grade of each interviewer in their order (None: not given), and the mean."""

    skill: str
    label: Any
    grades: Sequence[int | None]
    mean: float | None


def listed() -> QuerySet[Application]:
    """With what a line or card shows; the most pressing first, closed ones last."""
    rows = Application.objects.select_related("city", "owner", "partner", "interview")
    return rows.annotate(score=Avg("sheets__scores__grade"), sheet_count=Count("sheets", distinct=True)).order_by(
        "due_at", "-created_at", "-pk"
    )


def late(rows: QuerySet[Application], now: datetime) -> QuerySet[Application]:
    """Those whose day has passed."""
    return rows.filter(status__in=OPEN, due_at__lt=now)


def columns(rows: QuerySet[Application], now: datetime, cards: int) -> list[Column]:
    """The open stages with the first `cards` of each. Two queries for all stages."""
    stages = [ApplicationStatus(stage) for stage in OPEN]
    whole = Q(due_at__lt=now)
    sums = rows.order_by().values("status").annotate(all=Count("pk", distinct=True))
    sums = sums.annotate(late=Count("pk", filter=whole, distinct=True))
    counts = {row["status"]: (row["all"], row["late"]) for row in sums}
    first = listed().filter(pk__in=_first(rows, stages, cards))
    shown: dict[str, list[Application]] = {stage: [] for stage in stages}
    for one in first:
        shown[one.status].append(one)
    return [Column(stage, stage.label, *counts.get(stage, (0, 0)), shown[stage]) for stage in stages]


def _first(rows: QuerySet[Application], stages: Sequence[str], cards: int) -> QuerySet[Any]:
    """The first of each stage: one query with a part for each."""
    parts = [
        rows.filter(status=stage)
        .annotate(score=Avg("pk"))
        .order_by("due_at", "-created_at", "-pk")
        .values("pk")[:cards]
        for stage in stages
    ]
    return parts[0].union(*parts[1:], all=True)


def detailed() -> QuerySet[Application]:
    """One application with everything its page shows."""
    sheets = InterviewSheet.objects.select_related("interviewer").prefetch_related("scores")
    related = ("city", "owner", "partner", "interview__planned_by", "worker__user", "merged_into")
    rows = Application.objects.select_related(*related).prefetch_related(Prefetch("sheets", sheets))
    return rows.annotate(score=Avg("sheets__scores__grade"))


def talk_of(found: Application) -> Interview | None:
    """The interview that was set, if one was."""
    return getattr(found, "interview", None)


def history(found: Application) -> list[AuditEvent]:
    """What was done with it, in order."""
    rows = AuditEvent.objects.filter(subject_type="application", subject_id=found.pk)
    return list(rows.select_related("actor").order_by("at", "pk"))


def scored(found: Application) -> list[Line]:
    """Each soft skill with the grades of all interviewers and their mean."""
    sheets = [{score.skill: score.grade for score in sheet.scores.all()} for sheet in found.sheets.all()]
    return [_line(skill, sheets) for skill in SoftSkill] if sheets else []


def _line(skill: SoftSkill, sheets: Sequence[dict[str, int]]) -> Line:
    grades = [sheet.get(skill) for sheet in sheets]
    given = [grade for grade in grades if grade is not None]
    return Line(skill, skill.label, grades, sum(given) / len(given) if given else None)


def means(found: Application) -> dict[str, float]:
    """Soft skill → mean grade over all interviewers."""
    rows = InterviewScore.objects.filter(sheet__application=found).values("skill").order_by("skill")
    return {row["skill"]: row["mean"] for row in rows.annotate(mean=Avg("grade"))}


def rubric() -> dict[str, dict[int, str]]:
    """Soft skill → grade → its words in the active language."""
    texts: dict[str, dict[int, str]] = {skill.value: {} for skill in SoftSkill}
    for row in RubricGrade.objects.order_by("skill", "grade"):
        texts[row.skill][row.grade] = row.text
    return texts


def same_phone(found: Application) -> tuple[Worker | None, list[Application]]:
    """Who else has this phone: a worker, and other open applications, the oldest first."""
    if not found.phone:
        return None, []
    worker = Worker.objects.select_related("user", "city").filter(user__phone=found.phone).first()
    others = Application.objects.filter(phone=found.phone, status__in=OPEN).exclude(pk=found.pk)
    return worker, list(others.select_related("city", "owner", "partner").order_by("created_at", "pk"))


def doubtful() -> int:
    """How many wait for somebody's decision whether they are somebody known."""
    return Application.objects.filter(status__in=OPEN, duplicate=Application.Duplicate.POSSIBLE).count()


def own_data(found: Application) -> dict[str, Any]:
    """Everything kept about the applicant, for themselves."""
    names = (
        "name", "phone", "email", "source", "remote_ok", "answers", "status", "created_at", "stage_at", "consented_at",
        "consent_version",
    )  # fmt: skip
    kept = {name: getattr(found, name) for name in names}
    talk = getattr(found, "interview", None)
    kept |= {"city": found.city.name if found.city else None, "partner": found.partner.name if found.partner else None}
    return kept | ({"interview": {"at": talk.start_at, "place": talk.place}} if talk else {})
