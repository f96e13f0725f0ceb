"""What the apps keep about a person: told, handed out and forgotten by each app for itself.

An app names what it holds in `<app>/privacy.py` with `register`; the core knows none of them.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from staffing.core.actors import Actor
from staffing.core.export import IN_MEMORY, Held, safe
from staffing.core.models import User

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """One kind of data in plain words: what, what for, and how long."""

    what: Any
    purpose: Any
    keeps: Any


@dataclass(frozen=True, slots=True)
class Use:
    """One time that something personal was used; `url`: a page of ours about it."""

    at: datetime
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an account cannot be closed yet."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """A person on the way out, and what they will be called."""

    user: User
    name: str
    by: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """One app. `settle` ends what still runs and takes the app's locks; `erase` comes after all have settled."""

    app: str
    stored: Callable[[], Sequence[Stored]]
    tables: Callable[[User], Mapping[str, Sequence[Row]]]
    erase: Callable[[Closing], None]
    uses: Callable[[User], Sequence[Use]] = lambda user: ()
    obstacles: Callable[[User, datetime], Sequence[Obstacle]] = lambda user, now: ()
    settle: Callable[[Closing], None] = lambda closing: None


_holders: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    """Add an app, or replace its earlier word."""
    _holders[holder.app] = holder


def holders() -> Sequence[Holder]:
    """Every app, the ground floor first."""
    return list(_holders.values())


def stored() -> list[Stored]:
    """Everything that is kept about people."""
    return [row for holder in holders() for row in holder.stored()]


def uses(user: User, most: int) -> list[Use]:
    """What was used of this person's, newest first."""
    found = [use for holder in holders() for use in holder.uses(user)]
    return sorted(found, key=lambda use: use.at, reverse=True)[:most]


def obstacles(user: User, now: datetime) -> list[Obstacle]:
    """What must be over before the person's account can be closed."""
    return [row for holder in holders() for row in holder.obstacles(user, now)]


def archive(user: User, now: datetime) -> IO[bytes]:
    """A ZIP of all that is kept about the person: one JSON file, and every table as CSV. The caller closes it."""
    tables = {name: rows for holder in holders() for name, rows in holder.tables(user).items()}
    whole = {"made_at": timezone.localtime(now), **tables}
    file = Held(max_size=IN_MEMORY)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        for name, rows in tables.items():
            packed.writestr(f"{name}.csv", _csv(rows))
    file.seek(0)
    return file


def _csv(rows: Sequence[Row]) -> bytes:
    out = io.StringIO(newline="")
    if rows:
        writer = csv.writer(out)
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False) if isinstance(value, dict | list) else value
    return "" if text is None else safe(str(text)) if isinstance(text, str) else str(text)


def settle(closing: Closing) -> None:
    """Let every app end what still runs, and take its locks, the top floor first."""
    for holder in reversed(holders()):
        holder.settle(closing)


def erase(closing: Closing) -> None:
    """Let every app forget the person, the top floor first. In the caller's transaction, after `settle`."""
    for holder in reversed(holders()):
        holder.erase(closing)
