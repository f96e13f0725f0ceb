"""An identity number and a bank account are found nowhere: no page, API answer, export, search, admin, audit event,
message, log, error report or dump of the database has them; only masked, and in the one reveal."""

import io
import logging
import re
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test import Client as Browser
from django.test import RequestFactory
from django.views.debug import ExceptionReporter
from sentry_sdk.consts import DEFAULT_OPTIONS
from sentry_sdk.utils import event_from_exception

from staffing.core.actors import actor_of
from staffing.core.logs import MaskedText, scrubbed
from staffing.core.models import Role, User
from tests.access.test_walk import addresses, url_of
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.fixtures.papers import ACCOUNT, IDENTITY
from tests.frontend.pages import Scene, scene
from workers.models import VaultEntry, Worker
from workers.services import vault

MASKED = "990***********0009", "621************0004"
ADMIN = ("", "workers/worker/", "workers/worker/{pk}/change/", "core/auditevent/", "core/outboxmessage/", "core/user/")
PIECES = (IDENTITY[:12], IDENTITY[6:], ACCOUNT[:12], IDENTITY, ACCOUNT)


def found_in(text: str | bytes) -> list[str]:
    """Which of the numbers the text holds, plain or as bytes written in hex."""
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return [number for number in (IDENTITY, ACCOUNT) if number in text or number.encode().hex() in text]


def content_of(answer: Any) -> bytes:
    """All of an answer; what is packed unpacked."""
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    if content[:2] != b"PK":
        return content
    packed = zipfile.ZipFile(io.BytesIO(content))
    return b"\n".join(packed.read(name) for name in packed.namelist())


def got(browser: Browser, url: str, asked: dict[str, str] | None = None) -> bytes:
    """What an address answers; a page that fails spoils nothing for the next."""
    browser.raise_request_exception = False
    with transaction.atomic():
        content = content_of(browser.get(url, asked))
        transaction.set_rollback(True)
    return content


def everything_shown(found: Scene) -> Iterator[tuple[str, bytes]]:
    """Every address that answers to a GET, for every role; the search; the admin."""
    worker = Worker.objects.get(pk=found.sides[0].ids["worker"])
    for role in (*Role.values, "nobody"):
        browser = found.browser(role)
        for _route, url in found.urls(role):
            yield f"{role} {url}", got(browser, url)
        for route in addresses():
            if route.startswith("api/"):
                url = url_of(route, found.sides[0], role)
                yield f"{role} {url}", got(browser, url)
    yield from _searched(found.browser(Role.MANAGER))
    chief = User.objects.create_superuser("13911112222", "pw", name="admin", role=Role.MANAGER)
    browser = Browser()
    browser.force_login(chief)
    for page in ADMIN:
        url = f"/admin/{page.format(pk=worker.pk)}"
        yield url, got(browser, url)


def _searched(browser: Browser) -> Iterator[tuple[str, bytes]]:
    """What was looked for stands in the field; nothing else of the page may hold it."""
    for piece in PIECES:
        page = got(browser, "/search/", {"q": piece}).decode()
        assert not re.search(r'href="/people/\d+/"', page), piece
        assert page.count(f'value="{piece}"') >= 1
        yield f"search {piece}", page.replace(f'value="{piece}"', "").encode()


def dumped() -> Iterator[tuple[str, str]]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from ((table, row) for (row,) in cursor.fetchall())


@pytest.mark.django_db
def test_nowhere_but_masked_and_in_the_one_reveal(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with time_machine.travel(NOW, tick=False):
        found = scene()
        drain(NOW)
        assert VaultEntry.objects.count() == 2
        held = [(where, found_in(text)) for where, text in everything_shown(found)]
        assert len(held) > 200 and [each for each in held if each[1]] == []
        copy = found.browser(Role.WORKER).post("/my/me/privacy/download/")
        data = content_of(copy).decode()
        assert not found_in(data) and all(number in data for number in MASKED)
        drain(NOW)
    assert [where for where, row in dumped() if found_in(row)] == []
    assert not found_in(repr([letter.message().as_string() for letter in mail.outbox]))
    assert not found_in(caplog.text)


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
def test_no_report_of_a_crash_holds_it(
    agency: Agency, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = agency.worker()
    browser = Browser(raise_request_exception=False)
    browser.force_login(worker.user)

    def broken(value: str, **kwargs: Any) -> Any:
        raise RuntimeError(f"cannot seal {value}")

    monkeypatch.setattr(vault.safe, "seal", broken)
    answer = browser.post("/my/me/numbers/identity/", {"number": IDENTITY})
    assert answer.status_code == 500 and not found_in(answer.content)
    record = next(row for row in caplog.records if row.exc_info and row.name == "django.request")
    line = MaskedText().format(record)
    assert "cannot seal" in line and not found_in(line)
    assert record.exc_info
    options = DEFAULT_OPTIONS | {"include_local_variables": False}
    event, hint = event_from_exception(record.exc_info, options)
    assert "cannot seal" in repr(event) and not found_in(repr(scrubbed(event, hint)))


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
