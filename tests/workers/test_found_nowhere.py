"""An identity number and a bank account are found nowhere: no page, API answer, export, search, admin, audit event,
message, log, error report, file or dump of what is kept has them; only masked, and in the one reveal."""

import io
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.test import Client as Browser
from django.test import RequestFactory
from django.views.debug import ExceptionReporter
from sentry_sdk.consts import DEFAULT_OPTIONS
from sentry_sdk.utils import event_from_exception

from staffing.core import audit, private_files
from staffing.core.actors import SYSTEM, actor_of
from staffing.core.logs import MaskedText, scrubbed
from staffing.core.models import Role, User
from tests.fixtures import nowhere
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.nowhere import content_of, found_in, got, holding
from tests.fixtures.outbox import drain
from tests.fixtures.papers import ACCOUNT, IDENTITY
from tests.fixtures.partners import machine, person
from tests.frontend.pages import scene
from workers.models import VaultEntry, Worker
from workers.services import importing, vault

MASKED = ("990***********0009", "621************0004")


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    """Files of this test alone."""
    backend = settings.STORAGES["private"] | {"OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"private": backend}


@pytest.fixture
def key() -> Iterator[str]:
    """A number in Valkey, taken away again."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.set("planted", IDENTITY)
        yield "planted"
        client.delete("planted")


@pytest.mark.django_db
def test_nowhere_but_masked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with time_machine.travel(NOW, tick=False):
        found = scene()
        named_in_a_file(found.desk)
        named_in_an_application(found.agency)
        drain(NOW)
        assert VaultEntry.objects.count() == 2
        asked = (nowhere.pages, nowhere.files, lambda _scene: nowhere.admin_pages())
        counts = [nothing_in(look(found)) for look in asked]
        data = content_of(found.browser(Role.WORKER).post("/my/me/privacy/download/"))
        # What is logged is masked on its way; of all this not even that was written.
        assert not any(number in caplog.text for number in (*MASKED, IDENTITY, ACCOUNT))
        searches = nothing_in(nowhere.searched(found))
        drain(NOW)
    assert not found_in(data) and all(number.encode() in data for number in MASKED)
    assert counts[0] > 1500 and counts[1] > 40 and counts[2] > 120 and searches == 20, counts
    nothing_in(nowhere.kept())
    assert not found_in(caplog.text)


def nothing_in(seen: Iterator[nowhere.Seen]) -> int:
    """How many places were looked at; none of them holds a number."""
    count, held = holding(seen)
    assert held == []
    return count


def named_in_a_file(desk: Any) -> None:
    """Somebody sends lists with what nobody asked for, once even in place of the head, in a file of that name."""
    row = f"林晓,13800000001,{IDENTITY},{ACCOUNT[:4]} {ACCOUNT[4:8]} {ACCOUNT[8:12]} {ACCOUNT[12:16]} {ACCOUNT[16:]}\n"
    for content in (f"姓名,手机号,身份证号,银行卡\n{row}", row * 2):
        sent = io.BytesIO(content.encode())
        file = importing.upload(sent, f"{IDENTITY}.csv", source="student", partner=None, by=desk, now=NOW)
        importing.preview(file, NOW)
        if file.mapping:
            importing.start(file.pk, by=desk, now=NOW)


def named_in_an_application(agency: Agency) -> None:
    """An applicant and a partner's machine write a number where experience is asked for."""
    said = f"身份证 {IDENTITY} 卡号 {ACCOUNT}"
    first = {"name": "林晓", "phone": "13800000009", "city": agency.city.pk, "came": "direct", "consent": "on"}
    place = Browser().post("/apply/", first)["Location"].partition("?")[0]
    Browser().post(f"{place}save/?step=3", {"experience": said})
    Browser().post(f"{place}?step=2", {"major": said})
    sent = machine().post(person(8, experience=said))
    assert sent.status_code == 201 and not found_in(sent.content)


@pytest.mark.django_db
def test_each_kind_of_looking_sees_a_number_that_is_there(
    agency: Agency, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    """Put where it must not be, it is named: what finds nothing above could have found it."""
    worker, browser = planted(agency), Browser()
    browser.force_login(agency.manager())
    for url in (
        f"/people/{worker.pk}/",
        "/people/export/?format=csv",
        "/people/export/?format=xlsx",
        "/api/v1/workers/",
    ):
        assert found_in(got(browser, url)) == [IDENTITY], url
    _count, held = holding(nowhere.admin_pages())
    assert {"/admin/workers/worker/", "/admin/core/auditevent/", "/admin/core/user/"} <= set(held)
    _count, held = holding(nowhere.kept())
    assert {where.split(" ")[0] for where in held} == {"table", "letter", "valkey", "file"}
    assert {"table core_user", "table core_auditevent", "table workers_vaultentry"} <= set(held)
    own = Browser()
    own.force_login(worker.user)
    assert found_in(content_of(own.post("/my/me/privacy/download/"))) == [IDENTITY]
    assert MASKED[1] in caplog.text and not found_in(caplog.text)


def planted(agency: Agency) -> Worker:
    """Somebody whose number stands in the name, an event, a row of bytes, a letter, a key, a file and the log."""
    worker = agency.worker()
    User.objects.filter(pk=worker.user_id).update(name=f"林 {IDENTITY}")
    audit.record(worker, "x", by=SYSTEM, now=NOW, data={"said": IDENTITY})
    private_files.store().save("x", ContentFile(ACCOUNT))
    EmailMessage("您好", f"号码 {ACCOUNT}", to=["a@client.example"]).send()
    logging.getLogger("staffing").warning("%s", ACCOUNT)
    entry = vault.put(worker.pk, "bank", ACCOUNT, by=actor_of(worker.user), now=NOW)
    VaultEntry.objects.filter(pk=entry.pk).update(content=ACCOUNT.encode())
    return worker


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
    nothing_in(nowhere.kept())
    assert not found_in(caplog.text)
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
