"""An identity number and a bank account are found nowhere: no page, API answer, export, search, admin, audit event,
message, log, error report or dump of the database has them; only masked, and in the one reveal."""

import logging
import sys
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.fixtures.papers import ACCOUNT, IDENTITY
from workers.services import vault

MASKED = ("990***********0009", "621************0004")


def found_in(text: str | bytes) -> list[str]:
    """Which of the numbers the text holds, plain or as bytes written in hex."""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return [number for number in (IDENTITY, ACCOUNT) if number in text or number.encode().hex() in text]


def dumped() -> Iterator[tuple[str, str]]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from ((table, row) for (row,) in cursor.fetchall())


@pytest.mark.django_db
def test_the_reveal_shows_it_once_and_nobody_keeps_it(agency: Agency, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    worker, browser = agency.worker(), Browser()
    own, manager = Browser(), agency.manager()
    own.force_login(worker.user)
    browser.force_login(manager)
    for kind, number in (("identity", IDENTITY), ("bank", ACCOUNT)):
        assert own.post(f"/my/me/numbers/{kind}/", {"number": number}).status_code == 302
        url = f"/people/{worker.pk}/{kind}/"
        before = browser.get(url)
        shown = browser.post(url, {"reason": "签约"})
        assert not found_in(before.content) and shown.content.decode().count(number) == 1
        assert "no-store" in shown["Cache-Control"]
        assert not found_in(browser.get(url).content)
    drain(NOW)
    mine = own.get("/my/me/privacy/").content + own.get("/my/me/numbers/").content + own.get("/inbox/").content
    assert not found_in(mine) and MASKED[0].encode() in mine and manager.name.encode() in mine
    assert [where for where, row in dumped() if found_in(row)] == [] and not found_in(caplog.text)
    desk = Browser()
    desk.force_login(agency.dispatcher())
    assert desk.post(f"/people/{worker.pk}/identity/", {"reason": "x"}).status_code == 404


@pytest.mark.django_db
def test_the_variables_of_what_crashed_are_not_in_the_report(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, request = agency.worker(), RequestFactory().post("/x/", {"number": IDENTITY})
    request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]
    monkeypatch.setattr(vault.safe, "seal", lambda value, **rest: 1 / 0)
    try:
        vault.put(worker.pk, "identity", IDENTITY, by=actor_of(worker.user), now=NOW)
    except ZeroDivisionError:
        kind, error, trace = sys.exc_info()
    reporter = ExceptionReporter(request, kind, error, trace, is_email=True)
    assert "fill" in reporter.get_traceback_text()
    inside = [frame for frame in reporter.get_traceback_frames() if "workers/services/vault.py" in frame["filename"]]
    assert inside and not found_in(repr([frame["vars"] for frame in inside]))
