"""The calendar as bytes: read back by two readers that share no code with the writer."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import vobject
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from orders.calendar import Alarms, Event, Standing, Version, plain, render

ALARMS = Alarms([timedelta(days=1), timedelta(hours=2)], timedelta(minutes=15))
START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
TOLD = Version(3, datetime(2026, 11, 2, tzinfo=UTC))
TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=120)


def event(**fields: Any) -> Event:
    given: dict[str, Any] = {
        "uid": "shift-1@agency.example",
        "start": START,
        "end": START + timedelta(hours=8),
        "standing": Standing.CONFIRMED,
        "summary": "云栖商贸 · 大促在线客服",
        "description": "联系人：王小美 13900000001",
        "location": "门店1，示范路 1 号",
        "place": (31.2304, 121.4737),
        "url": "https://agency.example/my/shifts/1/",
        "created_at": START - timedelta(days=9),
    }
    return Event(**(given | fields))


def strict(body: bytes):
    return IcsCalendarStream.calendar_from_ics(body.decode()).events[0]


def lenient(body: bytes):
    return vobject.readOne(body.decode()).vevent


def test_both_readers_read_what_was_written():
    one = event()
    body = render("班次", [(one, TOLD)], ALARMS)
    read, other = strict(body), lenient(body)
    assert (read.uid, read.dtstart, read.dtend) == (one.uid, one.start, one.end)
    assert (other.uid.value, other.dtstart.value, other.dtend.value) == (one.uid, one.start, one.end)
    assert (read.summary, read.description, read.location) == (one.summary, one.description, one.location)
    assert [other.contents[k][0].value for k in ("summary", "description", "location")] == [
        one.summary,
        one.description,
        one.location,
    ]
    assert (read.geo.lat, read.geo.lng) == one.place
    assert (read.sequence, read.dtstamp, read.status) == (3, TOLD.changed_at, "CONFIRMED")
    assert (other.sequence.value, other.dtstamp.value, other.status.value) == ("3", TOLD.changed_at, "CONFIRMED")
    assert [a.trigger for a in read.alarm] == [-timedelta(days=1), -timedelta(hours=2)]
    assert [a.trigger.value for a in other.valarm_list] == [-timedelta(days=1), -timedelta(hours=2)]


@given(summary=TEXTS, description=TEXTS, location=TEXTS)
def test_any_text_comes_back_as_it_was(summary, description, location):
    one = event(summary=summary, description=description, location=location)
    body = render("班次", [(one, TOLD)], ALARMS)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"") and b"\r" not in body.replace(b"\r\n", b"")
    read = strict(body)
    for field in ("summary", "description", "location"):
        assert (getattr(read, field) or "") == plain(getattr(one, field))


@given(TEXTS)
def test_plain_text_keeps_every_character_that_can_be_seen(text):
    kept = plain(text)
    assert plain(kept) == kept
    assert [c for c in kept if c.isprintable()] == [c for c in text if c.isprintable()]


def test_a_traveller_sees_the_same_instant_in_both_zones():
    # On 7 March 2027 New York still has winter time at this hour; on 14 March it has summer time.
    for day, new_york in ((7, "2027-03-06T20:00:00-05:00"), (14, "2027-03-13T20:00:00-05:00"), (15, None)):
        start = datetime(2027, 3, day, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        body = render("班次", [(event(start=start, end=start + timedelta(hours=4)), TOLD)], ALARMS)
        for read in (strict(body).dtstart, lenient(body).dtstart.value):
            assert read == start
            assert read.astimezone(ZoneInfo("Asia/Shanghai")).isoformat() == start.isoformat()
            there = read.astimezone(ZoneInfo("America/New_York")).isoformat()
            assert there == (new_york or "2027-03-14T21:00:00-04:00")


def test_what_is_not_certain_does_not_ring_and_does_not_take_time():
    for standing in (Standing.TENTATIVE, Standing.CANCELLED):
        body = render("班次", [(event(standing=standing), TOLD)], ALARMS)
        read = strict(body)
        assert (read.status, read.transparency, read.alarm) == (standing.value, "TRANSPARENT", [])


def test_an_empty_calendar_is_one_as_well():
    body = render("班次", [], ALARMS)
    assert IcsCalendarStream.calendar_from_ics(body.decode()).events == []
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n" in body and "X-WR-CALNAME:班次\r\n".encode() in body


def test_the_fingerprint_tells_every_change():
    changes: list[dict[str, Any]] = [
        {"summary": "x"},
        {"start": START - timedelta(hours=1)},
        {"standing": Standing.CANCELLED},
        {"place": None},
    ]
    prints = {event().fingerprint(), *(event(**change).fingerprint() for change in changes)}
    assert len(prints) == 1 + len(changes)
    assert event().fingerprint() == event().fingerprint()
