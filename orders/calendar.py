"""Shifts as an iCalendar (RFC 5545). Pure: events in, bytes out; times are written in UTC, right in any zone."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import icalendar
from django.utils.translation import gettext as _

PRODUCT: Final = "-//Lingke Staffing//Shifts//ZH"
CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
ZONE: Final = "Asia/Shanghai"


class Standing(StrEnum):
    """STATUS of an event (RFC 5545, 3.8.1.11)."""

    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Event:
    """One shift as its worker's calendar shows it: `[start, end)`, `place` in WGS-84 degrees."""

    uid: str
    start: datetime
    end: datetime
    standing: Standing
    summary: str
    description: str
    location: str
    place: tuple[float, float] | None
    url: str
    created_at: datetime

    def fingerprint(self) -> str:
        """Equal exactly for events of which a calendar would show the same."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Version:
    """How often calendars were told something new about an event, and when last."""

    sequence: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Alarms:
    """How long before the start a calendar reminds, the earlier first; and how often it had better look for news."""

    ahead: Sequence[timedelta]
    refresh: timedelta


def render(name: str, events: Iterable[tuple[Event, Version]], alarms: Alarms) -> bytes:
    """The calendar as it is sent: UTF-8, CRLF, folded at 75 octets."""
    feed = icalendar.Calendar()
    feed.add("prodid", PRODUCT)
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("x-wr-calname", plain(name))
    feed.add("x-wr-timezone", ZONE)
    # RFC 7986 and, for calendars older than it, what they know instead.
    feed.add("name", plain(name))
    feed.add("refresh-interval", alarms.refresh, parameters={"VALUE": "DURATION"})
    feed["x-published-ttl"] = icalendar.vDuration(alarms.refresh)
    for event, version in events:
        feed.add_component(_component(event, version, alarms))
    return bytes(feed.to_ical())


def plain(text: str) -> str:
    """The text without what a content line cannot hold: controls go, every kind of line end becomes a line feed."""
    lines = "\n".join(text.splitlines())
    kept = (char for char in lines if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).strip("\n")


def _component(event: Event, version: Version, alarms: Alarms) -> icalendar.Event:
    row = icalendar.Event()
    row.add("uid", event.uid)
    row.add("dtstamp", _utc(version.changed_at))
    row.add("last-modified", _utc(version.changed_at))
    row.add("created", _utc(event.created_at))
    row.add("sequence", version.sequence)
    row.add("dtstart", _utc(event.start))
    row.add("dtend", _utc(event.end))
    row.add("status", event.standing.value)
    row.add("transp", "OPAQUE" if event.standing is Standing.CONFIRMED else "TRANSPARENT")
    for field in ("summary", "description", "location"):
        if text := plain(getattr(event, field)):
            row.add(field, text)
    if event.place is not None:
        row.add("geo", event.place)
    row.add("url", event.url)
    if event.standing is Standing.CONFIRMED:
        for ahead in alarms.ahead:
            row.add_component(_alarm(event, ahead))
    return row


def _alarm(event: Event, ahead: timedelta) -> icalendar.Alarm:
    row = icalendar.Alarm()
    row.add("action", "DISPLAY")
    row.add("description", plain(_("班次提醒：%(title)s") % {"title": event.summary}))
    row.add("trigger", -ahead)
    return row


def _utc(moment: datetime) -> datetime:
    """Whole seconds are all that the format holds."""
    return moment.astimezone(UTC).replace(microsecond=0)
