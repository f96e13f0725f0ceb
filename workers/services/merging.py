"""Two that may be one person: a person compares, and decides. Nothing is ever merged by itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from workers import answers
from workers.models import Application, Worker
from workers.services import activation, applications
from workers.states import OPEN, ApplicationStatus

# What can be taken over, in the order it is shown: of the row itself, and of the answers.
OWN: Final = ("name", "email", "city", "remote_ok")
SAID: Final = ("skills", "languages", "typing_wpm", "major", "experience", "windows")
FIELDS: Final = (*OWN, *SAID)
# A worker's profile has no place for these.
NOT_OF_WORKER: Final = ("typing_wpm", "major", "experience")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing both say: as it was, and as it is said now."""

    name: str
    old: Any
    new: Any

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose: something new was said, and it is not the same."""
        return self.new not in ("", None, {}, []) and self.new != self.old


def compare(found: Application, target: Application | Worker) -> list[Field]:
    """Everything that could be taken over, field by field."""
    new = _of_application(found)
    old = _of_worker(target) if isinstance(target, Worker) else _of_application(target)
    return [Field(name, old[name], new[name]) for name in FIELDS if name in old]


def _of_application(found: Application) -> dict[str, Any]:
    said = answers.read(found.answers).as_json()
    own = {"name": found.name, "email": found.email, "city": found.city, "remote_ok": found.remote_ok}
    return own | {name: said.get(name, "") for name in SAID}


def _of_worker(worker: Worker) -> dict[str, Any]:
    return {
        "name": worker.user.name,
        "email": worker.user.email,
        "city": worker.city,
        "remote_ok": worker.remote_ok,
        "skills": {row.skill.code: row.level for row in worker.skills.select_related("skill")},
        "languages": {row.language.code: row.level for row in worker.languages.select_related("language")},
        "windows": [list(row) for row in worker.windows.values_list("weekday", "start_minute", "end_minute")],
    }


@transaction.atomic
def into_application(
    application_id: int, older_id: int, taken: Collection[str], *, by: Actor, now: datetime
) -> Application:
    """Close the newer of two open applications; the older goes on, with the fields `taken` from the newer.

    Who sent the person first stays the source. A repeat changes nothing. Raises `Conflict` unless both are open and
    have one phone, `Invalid` for no such field.
    """
    found, older = _both(application_id, older_id)
    if found.status == ApplicationStatus.MERGED and found.merged_into_id == older.pk:
        return older
    if found.pk == older.pk or found.phone != older.phone or older.status not in OPEN:
        raise Conflict("not_same", _("只能合并到同一手机号、仍在处理的报名。"))
    _take(older, _checked(taken), _of_application(found))
    _close(found, older, taken, by=by, now=now, merged_into=older)
    return older


def _both(*ids: int) -> list[Application]:
    """Locked in id order, given back as asked for."""
    rows = {pk: applications.locked(pk) for pk in sorted(set(ids))}
    return [rows[pk] for pk in ids]


def _checked(taken: Collection[str]) -> Collection[str]:
    if not set(taken) <= set(FIELDS):
        raise Invalid("bad_field", _("没有这个字段。"))
    return taken


def _take(older: Application, taken: Collection[str], new: Mapping[str, Any]) -> None:
    said = dict(older.answers)
    for name in taken:
        if name in OWN:
            setattr(older, name, new[name])
        elif new[name]:
            said[name] = new[name]
    older.answers = said
    older.save(update_fields=[*OWN, "answers"])


@transaction.atomic
def into_worker(application_id: int, worker_id: int, taken: Collection[str], *, by: Actor, now: datetime) -> Worker:
    """Close the application of somebody who is in the pool; their profile takes over the fields `taken`.

    Skills and languages are added as their own word, and never replace what was verified. A repeat changes nothing.
    Raises `Conflict` unless both have one phone.
    """
    found = applications.locked(application_id)
    rows = Worker.objects.select_for_update(no_key=True, of=("self",)).select_related("user", "city")
    worker = rows.get(pk=worker_id)
    if found.status == ApplicationStatus.MERGED and found.worker_id == worker.pk:
        return worker
    if found.phone != worker.user.phone:
        raise Conflict("not_same", _("手机号与该员工不同。"))
    _tell_worker(worker, found, _checked(taken), by=by, now=now)
    _close(found, worker, taken, by=by, now=now, worker=worker)
    return worker


def _tell_worker(worker: Worker, found: Application, taken: Collection[str], *, by: Actor, now: datetime) -> None:
    said, user = answers.read(found.answers), worker.user
    if "name" in taken:
        user.name = found.name
    if "email" in taken:
        user.email = found.email
    user.save()
    if "city" in taken and found.city is not None:
        worker.city = found.city
    if "remote_ok" in taken:
        worker.remote_ok = found.remote_ok
    worker.save(update_fields=["city", "remote_ok"])
    words = answers.Declared(
        skills=said.skills if "skills" in taken else {}, languages=said.languages if "languages" in taken else {}
    )
    activation.declare(worker, words, by=by, now=now)
    if "windows" in taken:
        activation.free(worker, said, by=by, now=now)


def _close(
    found: Application, target: Application | Worker, taken: Collection[str], *, by: Actor, now: datetime, **fields: Any
) -> None:
    """The stage, and a word in the history of both."""
    names = sorted(taken)
    told = {"into": target._meta.model_name, "id": target.pk, "fields": names}
    audit.record(target, "merge_in", by=by, now=now, data={"application": found.pk, "fields": names})
    applications.to_stage(found, "merge", by=by, now=now, data=told, duplicate=Application.Duplicate.MERGED, **fields)


@transaction.atomic
def keep_apart(application_id: int, *, by: Actor, now: datetime) -> Application:
    """They are two people. A repeat changes nothing. Raises `Conflict` if nothing was in doubt."""
    found = applications.locked(application_id)
    if found.duplicate == Application.Duplicate.APART:
        return found
    if found.duplicate != Application.Duplicate.POSSIBLE or found.status not in OPEN:
        raise Conflict("not_doubtful", _("此报名没有待判断的重复。"))
    found.duplicate = Application.Duplicate.APART
    found.save(update_fields=["duplicate"])
    audit.record(found, "apart", by=by, now=now)
    return found
