"""Reads of tries at typing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from workers.models import Script, Skill, TrainingPolicy, TypingAttempt, TypingText, Worker
from workers.training_states import TypingStatus


@dataclass(frozen=True, slots=True)
class Kind:
    """One language to type: its tries of the days that count, the best of them, and how many are left."""

    script: str
    label: str
    skill: Skill
    tries: list[TypingAttempt]
    best: int | None
    left: int

    @property
    def grade(self) -> str:
        """The level that the best reaches, in words; "" for none."""
        return grade_name(self.skill, self.best)


def grade_name(skill: Skill, speed: int | None) -> str:
    """What the skill calls the level of a speed; "" below the lowest."""
    level = skill.level_of(speed) if speed is not None and has_thresholds(skill) else 0
    return skill.grade(level) if level else ""


def has_thresholds(skill: Skill) -> bool:
    """Whether a measure decides its levels."""
    return bool(skill.grades) and skill.grades[0].get("from") is not None


def grade_of(attempt: TypingAttempt) -> str:
    """The level that one try reaches, in words."""
    return grade_name(attempt.text.skill, attempt.speed) if attempt.status == TypingStatus.COUNTED else ""


def kinds(worker: Worker, now: datetime, policy: TrainingPolicy) -> list[Kind]:
    """Every language that has a text. Two queries."""
    texts = TypingText.objects.filter(is_active=True).select_related("skill").order_by("script", "pk")
    since = now - timedelta(days=policy.typing_days)
    tries = list(worker.typing_attempts.filter(started_at__gt=since).defer("report", "body"))
    skills = {text.script: text.skill for text in texts}
    return [_kind(script, skill, tries, policy) for script, skill in sorted(skills.items(), reverse=True)]


def _kind(script: str, skill: Skill, tries: list[TypingAttempt], policy: TrainingPolicy) -> Kind:
    own = [row for row in tries if row.script == script]
    best = max((row.speed or 0 for row in own if row.status == TypingStatus.COUNTED), default=None)
    return Kind(script, str(Script(script).label), skill, own, best, max(0, policy.typing_tries - len(own)))
