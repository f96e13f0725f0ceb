"""The one way to tell people something: inbox at once, e-mail and robots behind the outbox.

A notice is kept as kind + data and put into words when it is shown, in the reader's language.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation

from staffing.core import outbox
from staffing.core.channels import Text
from staffing.core.models import Notification, Role, User
from staffing.core.templatetags.formats import moment_text


@dataclass(frozen=True, slots=True)
class Notice:
    """Words of one kind: lazy translations with `%(name)s` placeholders filled from the data.

    `details` makes of the data what a letter says besides, in the active language.
    """

    title: Any
    body: Any
    details: Callable[[Mapping[str, Any]], str] | None = None


_notices: dict[str, Notice] = {}


def register(kind: str, title: Any, body: Any, details: Callable[[Mapping[str, Any]], str] | None = None) -> None:
    """Declare the words of a kind; called when an app's handlers are loaded."""
    _notices[kind] = Notice(title, body, details)


def kinds() -> Mapping[str, Notice]:
    """Every declared kind."""
    return _notices


def words(kind: str, data: Mapping[str, Any], url: str = "") -> Text:
    """Title and body in the active language."""
    notice = _notices[kind]
    shown = {name: _shown(name, value) for name, value in data.items()}
    details = notice.details(data) if notice.details else ""
    return Text(str(notice.title) % shown, str(notice.body) % shown, url, details)


def _shown(name: str, value: Any) -> Any:
    """A moment is kept as ISO 8601 under a name that ends in `_at`, and written as the reader's language writes it."""
    return moment_text(datetime.fromisoformat(value)) if name.endswith("_at") else value


def in_language_of(user: User) -> AbstractContextManager[None]:
    """For names that a notice keeps as words: they are to be the reader's, whatever language is active."""
    return translation.override(user.language or settings.LANGUAGE_CODE)


def words_in(language: str, kind: str, data: Mapping[str, Any], url: str = "") -> Text:
    """Title and body in `language`."""
    with translation.override(language):
        return words(kind, data, url)


def tell(
    users: Iterable[User],
    kind: str,
    subject: models.Model,
    *,
    now: datetime,
    key: str,
    data: Mapping[str, Any] | None = None,
    url: str = "",
    while_state: str = "",
    by_mail: bool = True,
) -> None:
    """Put a notice into each user's inbox and, unless told otherwise, send it by e-mail to those who have one.

    `key` names the fact, so a repeat adds nothing. With `while_state` nothing is said once the subject's status has
    moved on, and a mail that has not left yet is dropped.
    """
    if kind not in _notices:
        raise KeyError(f"notice kind {kind!r} has no words")
    if not _holds(subject, while_state):
        return
    rows = [
        Notification(
            user=user,
            kind=kind,
            key=f"{kind}:{key}:{user.pk}"[:200],
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            announced_state=while_state,
            data=dict(data or {}),
            url=url,
            created_at=now,
        )
        for user in users
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    with_mail = [row.key for row in rows if row.user.email and by_mail]
    for pk in Notification.objects.filter(key__in=with_mail).values_list("pk", flat=True):
        outbox.publish("notice.email", {"id": pk}, key=str(pk), now=now)


def tell_agency(
    kind: str, subject: models.Model, *, now: datetime, key: str, roles: Iterable[str] = (Role.DISPATCHER,), **rest: Any
) -> None:
    """Tell everybody of the given agency roles, and the group robots once."""
    if not _holds(subject, str(rest.get("while_state", ""))):
        return
    tell(User.objects.filter(role__in=list(roles), is_active=True), kind, subject, now=now, key=key, **rest)
    said = {"kind": kind, "key": key, "data": dict(rest.get("data") or {}), "url": rest.get("url", "")}
    payload = said | _announcement(subject, str(rest.get("while_state", "")))
    outbox.publish("notice.robot", payload, key=f"{kind}:{key}", now=now)


def _holds(subject: models.Model, state: str) -> bool:
    """Whether the subject, just read, is in the state to be announced ("" always holds)."""
    return not state or getattr(subject, "status", None) == state


def _announcement(subject: models.Model, state: str) -> dict[str, Any]:
    return {"subject_type": subject._meta.label_lower, "subject_id": subject.pk, "state": state}


def still_true(subject_type: str, subject_id: int, state: str) -> bool:
    """Whether the subject is still in the announced state ("" is always true)."""
    if not state:
        return True
    model = apps.get_model(subject_type)
    return bool(model._default_manager.filter(pk=subject_id, status=state).exists())
