"""Outbox subscribers of partners' news and of imports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from staffing.core import notices, outbox
from workers import states
from workers.services import hooks, importing

Payload = Mapping[str, Any]

notices.register("partner.unreachable", _("%(partner)s 收不到报名进度通知"), _("多日投递失败，已放弃 · %(error)s"))


def _stage(payload: Payload, now: datetime) -> None:
    hooks.tell_stage(payload["id"], int(payload["event"]), now)


def _subscribe(action: str) -> None:
    """One subscriber a topic: their names must differ, for rows name them."""

    def handle(payload: Payload, now: datetime) -> None:
        _stage(payload, now)

    handle.__name__ = f"tell_partner_{action}"
    outbox.on(f"application.{action}")(handle)


for each in ("apply", *sorted({action for _state, action in states.APPLICATION})):
    _subscribe(each)


@outbox.on("partner.deliver", queue="notify")
def deliver(payload: Payload, now: datetime) -> None:
    """One try."""
    hooks.attempt(payload["id"], datetime.fromisoformat(payload["since"]), payload["attempt"], now)


@outbox.on("import.rows")
def import_rows(payload: Payload, now: datetime) -> None:
    """The next rows of a file; those after them are another row of the outbox, written in the same transaction."""
    importing.go_on(payload["id"], payload["offset"], now)
