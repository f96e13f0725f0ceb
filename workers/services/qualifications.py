"""The writers of what somebody is able to do: levels of skills and languages, who looked at them, and until when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import User
from workers.models import Language, Skill, Worker, WorkerLanguage, WorkerSkill
from workers.models.catalogue import Graded
from workers.models.people import Attested

Source = Attested.Source
CHANGED = ("level", "source", "verified_by_id", "verified_on", "valid_until")


@dataclass(frozen=True, slots=True)
class Attained:
    """A level, and how it came to be known."""

    level: int
    source: str
    verified_by: User | None
    valid_until: date | None


def grade(
    worker: Worker,
    skill: Skill,
    level: int,
    *,
    verified_by: User | None,
    valid_until: date | None,
    source: str,
    by: Actor,
    now: datetime,
) -> WorkerSkill:
    """Write down the level of a skill; it counts for matching at once, through the whole of `valid_until`.

    `source` `SELF` is the person's own word and verifies nothing; with any other the level counts as verified today,
    by `verified_by` (None: by a test). Repeating it on one day changes nothing. Raises `Invalid` for a level that the
    scale has not, a skill that is out of use, or a day that is over; `Conflict` if somebody's own word would take the
    place of what was verified and still holds.
    """
    wanted = Attained(level, source, verified_by, valid_until)
    return _attain(worker, skill, WorkerSkill(worker=worker, skill=skill), wanted, by=by, now=now)


def speak(
    worker: Worker,
    language: Language,
    level: int,
    *,
    verified_by: User | None,
    valid_until: date | None,
    source: str,
    by: Actor,
    now: datetime,
) -> WorkerLanguage:
    """The same for a language."""
    wanted = Attained(level, source, verified_by, valid_until)
    return _attain(worker, language, WorkerLanguage(worker=worker, language=language), wanted, by=by, now=now)


@transaction.atomic
def _attain(worker: Worker, scale: Graded, new: Any, wanted: Attained, *, by: Actor, now: datetime) -> Any:
    today = timezone.localdate(now)
    _check(scale, wanted, today)
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    kind = str(scale._meta.model_name)
    row = type(new)._default_manager.filter(worker=worker, **{kind: scale}).first()
    if row is not None and wanted.source == Source.SELF and holds(row, today):
        raise Conflict("verified_already", _("这一项已经核实过，不能改为自报。"))
    before, row = _values(row) if row else None, row or new
    for name, value in _wanted(wanted, today).items():
        setattr(row, name, value)
    if _values(row) != before:
        row.save()
        data = {"kind": kind, "code": scale.code, "before": before["level"] if before else None}
        audit.record(worker, "grade", by=by, now=now, data=data | _told(row))
    return row


def holds(row: Attested, today: date) -> bool:
    """Whether somebody has looked at it, and it is not over."""
    return row.verified_on is not None and (row.valid_until is None or row.valid_until >= today)


def _check(scale: Graded, wanted: Attained, today: date) -> None:
    if not 1 <= wanted.level <= scale.most_level:
        raise Invalid("bad_level", _("没有这个等级。"))
    if not scale.is_active:
        raise Invalid("out_of_use", _("这一项已停用。"))
    if wanted.valid_until is not None and wanted.valid_until < today:
        raise Invalid("past_day", _("有效期不能早于今天。"))


def _wanted(wanted: Attained, today: date) -> dict[str, Any]:
    own_word = wanted.source == Source.SELF
    return {
        "level": wanted.level,
        "source": wanted.source,
        "verified_by": None if own_word else wanted.verified_by,
        "verified_on": None if own_word else today,
        "valid_until": wanted.valid_until,
    }


def _values(row: Attested) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CHANGED}


def _told(row: Any) -> dict[str, Any]:
    until = row.valid_until.isoformat() if row.valid_until else None
    return {"level": row.level, "source": row.source, "valid_until": until}
