"""The calendar feed as a phone's calendar polls it."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from ical.calendar_stream import IcsCalendarStream

from orders.models import CalendarFeed, Client, OrderPolicy
from orders.services import attendance, calendar, offers
from staffing.core import logs
from staffing.core.actors import SYSTEM, actor_of
from staffing.core.models import AuditEvent
from tests.fixtures.agency import NOW
from tests.fixtures.bookings import booked, offer_to

LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def person(agency):
    with time_machine.travel(NOW, tick=False):
        yield agency.worker()


def address(person) -> str:
    feed = calendar.renew(person, seen="", by=actor_of(person.user), now=NOW)
    return f"/calendar/{calendar.token_of(feed)}.ics"


def poll(url: str, **headers):
    return Browser().get(url, headers=headers)


def events(url: str):
    answer = poll(url)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    return IcsCalendarStream.calendar_from_ics(answer.content.decode()).events


def test_a_shift_is_asked_taken_moved_and_called_off(agency, person):
    url = address(person)
    assert events(url) == []
    offer = offer_to(agency, person)
    (asked,) = events(url)
    work = offers.accept(offer.pk, by=actor_of(person.user), now=NOW)
    (taken,) = events(url)
    assert [asked.status, taken.status] == ["TENTATIVE", "CONFIRMED"]
    assert (asked.uid, asked.sequence) == (taken.uid, 0) and taken.sequence == 1
    assert (taken.dtstart, taken.dtend) == (work.start_at, work.end_at)
    site = work.position.shift.order.site
    assert site is not None and site.address in taken.location
    assert work.position.shift.order.created_by.phone in taken.description
    Client.objects.update(briefing="白衬衫；黑裤子, 不染发")
    with time_machine.travel(LATER, tick=False):
        (told,) = events(url)
        assert (told.uid, told.sequence) == (taken.uid, 2) and "白衬衫；黑裤子, 不染发" in told.description
        assert told.dtstamp == LATER
        work.start_at -= timedelta(hours=1)
        work.save(update_fields=["start_at"])
        (moved,) = events(url)
        assert (moved.sequence, moved.dtstart) == (3, work.start_at)
        attendance.cancel(work.pk, by=actor_of(person.user), now=LATER, reason="ill")
        (ended,) = events(url)
        assert (ended.uid, ended.sequence, ended.status, ended.alarm) == (taken.uid, 4, "CANCELLED", [])
        assert events(url)[0].sequence == 4
    policy = OrderPolicy.current()
    with time_machine.travel(LATER + timedelta(days=policy.calendar_cancelled_days - 1), tick=False):
        assert [one.status for one in events(url)] == ["CANCELLED"]
    with time_machine.travel(LATER + timedelta(days=policy.calendar_cancelled_days, minutes=1), tick=False):
        assert events(url) == []


def test_a_question_that_passed_is_gone(agency, person):
    url, offer = address(person), offer_to(agency, person)
    assert len(events(url)) == 1
    offers.decline(offer.pk, by=actor_of(person.user), now=NOW, reason="busy")
    assert events(url) == []


def test_a_reader_that_has_it_already_is_told_so(agency, person):
    url, offer = address(person), offer_to(agency, person)
    first = poll(url)
    tag, since = first["ETag"], first["Last-Modified"]
    assert poll(url, if_none_match=tag).status_code == 304
    assert poll(url, if_modified_since=since).status_code == 304
    with time_machine.travel(LATER, tick=False):
        assert poll(url, if_none_match=tag).status_code == 304
        # A question that is taken back leaves nothing that could carry a newer date; the calendar itself does.
        offers.decline(offer.pk, by=actor_of(person.user), now=LATER, reason="busy")
        assert poll(url, if_none_match=tag).status_code == 200
        assert poll(url, if_modified_since=since).status_code == 200
    assert first["Referrer-Policy"] == "no-referrer" and "private" in first["Cache-Control"]


def test_nobody_elses_shift_is_in_it(agency, person):
    other = agency.worker()
    url, others = address(person), address(other)
    booked(agency, other)
    assert events(url) == [] and len(events(others)) == 1


def test_an_address_is_long_and_can_be_made_worthless(agency, person):
    url = address(person)
    token = url.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) * 6 >= 128 and not CalendarFeed.objects.filter(digest__contains=token).exists()
    browser = Browser()
    browser.force_login(person.user)
    seen = CalendarFeed.objects.get().digest
    for _twice in range(2):
        browser.post("/my/calendar/renew/", {"seen": seen})
    again = f"/calendar/{calendar.token_of(CalendarFeed.objects.get())}.ics"
    assert (poll(url).status_code, poll(again).status_code) == (404, 200)
    assert again in browser.get("/my/calendar/").content.decode()
    for _twice in range(2):
        browser.post("/my/calendar/revoke/")
    assert poll(again).status_code == 404
    actions = AuditEvent.objects.filter(subject_type="worker").values_list("action", flat=True)
    assert list(actions) == ["calendar_renew", "calendar_renew", "calendar_revoke"]


def test_who_left_reads_no_more(agency, person):
    url = address(person)
    type(person.user).objects.update(is_active=False)
    assert poll(url).status_code == 404


def test_too_many_reads_are_refused_for_a_while(agency, person):
    policy = OrderPolicy.current()
    policy.calendar_reads_an_hour = 2
    policy.save()
    url = address(person)
    assert [poll(url).status_code for _ in range(3)] == [200, 200, 429]
    assert poll(url)["Retry-After"] == "3600"
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert poll(url).status_code == 200


def test_one_shift_as_a_file_carries_the_version_of_the_feed(agency, person):
    url, work = address(person), booked(agency, person)
    (fed,) = events(url)
    browser = Browser()
    browser.force_login(person.user)
    answer = browser.get(f"/my/shifts/{work.pk}/calendar.ics")
    (filed,) = IcsCalendarStream.calendar_from_ics(answer.content.decode()).events
    assert filed == fed and "attachment" in answer["Content-Disposition"]
    stranger = Browser()
    stranger.force_login(agency.worker().user)
    assert stranger.get(f"/my/shifts/{work.pk}/calendar.ics").status_code == 404


def test_as_many_queries_for_one_shift_as_for_three(agency, person):
    url = address(person)
    numbers = []
    for day in (1, 2, 3):
        booked(agency, person, day=day)
        with CaptureQueriesContext(connection) as first:
            poll(url)
        with CaptureQueriesContext(connection) as settled:
            poll(url)
        numbers.append((len(first), len(settled)))
    assert len(set(numbers)) == 1 and numbers[0][1] <= 6


def test_the_secret_stands_in_no_log(agency, person, caplog, capfd):
    url = address(person)
    calendar.revoke(person, by=SYSTEM, now=NOW)
    token = url.split("/")[2].removesuffix(".ics")
    caplog.handler.addFilter(logs.MaskTokens())
    with caplog.at_level(logging.DEBUG):
        assert poll(url).status_code == 404
    assert "/calendar/-" in caplog.text
    heard = capfd.readouterr()
    assert token not in caplog.text + heard.out + heard.err
