"""What a phone may keep: everything its pages name, and nothing else."""

import re
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client as Browser
from django.urls import reverse

from staffing.core import pwa
from staffing.core.models import Role
from tests.fixtures.agency import NOW

REFERENCE = re.compile(r'(?:src|href)="/static/([^"#?]+)')
# What the browser itself asks for, for the home screen.
NOT_DRAWN = {"img/app-180.png"}


@pytest.fixture
def person(agency):
    with time_machine.travel(NOW, tick=False):
        yield agency.worker()


def browser_of(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def test_the_kept_pages_name_nothing_that_is_not_kept(person):
    browser = browser_of(person.user)
    for name in pwa.KEPT_PAGES:
        page = browser.get(reverse(name)).content.decode()
        assert set(REFERENCE.findall(page)) - set(pwa.FILES) - NOT_DRAWN == set()
    stranger = Browser().get(reverse("offline")).content.decode()
    assert set(REFERENCE.findall(stranger)) <= set(pwa.FILES)


def test_every_kept_file_exists_and_changes_the_version(monkeypatch, person):
    assert [name for name in pwa.FILES if not finders.find(name)] == []
    pwa._version.cache_clear()
    before = pwa._version()
    real = pwa.source
    monkeypatch.setattr(pwa, "source", lambda name: real(name) + (" " if name == "css/base.css" else ""))
    pwa._version.cache_clear()
    assert pwa._version() != before
    pwa._version.cache_clear()


def test_whose_a_page_is_stands_on_kept_pages_alone(agency, person):
    browser, other = browser_of(person.user), browser_of(agency.worker().user)
    marks = {browser.get(reverse(name))[pwa.OWNER] for name in pwa.KEPT_PAGES}
    assert marks == {pwa.owner_of(person.user)}
    assert {other.get("/my/")[pwa.OWNER]}.isdisjoint(marks)
    assert pwa.OWNER not in browser.get("/my/me/") and pwa.OWNER not in browser.get("/inbox/")
    assert pwa.OWNER not in browser.get("/my/", headers={"HX-Request": "true"})
    assert str(person.user.pk) != pwa.owner_of(person.user)


def test_the_service_worker_is_served_for_the_whole_site(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript") and answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    assert answer.content.decode().startswith('const SHELL = {"version": ')


def test_the_manifest_is_in_the_readers_language(client):
    names = {}
    for language in ("zh-hans", "en"):
        told = client.get("/manifest.webmanifest", headers={"Accept-Language": language}).json()
        names[language] = told["name"]
        assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}
        assert "maskable" in {icon["purpose"] for icon in told["icons"]}
        for icon in told["icons"]:
            assert finders.find(icon["src"].removeprefix("/static/"))
        assert told["start_url"] == "/my/"
    assert names["zh-hans"] == "灵客调度" and names["en"] != names["zh-hans"]


def test_a_fresh_token_is_for_this_session_alone(agency, person):
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(person.user)
    answer = browser.get("/my/token/")
    assert answer["Cache-Control"] == "no-store" and answer.json()["owner"] == pwa.owner_of(person.user)
    sent = browser.post("/inbox/read/", headers={"X-CSRFToken": answer.json()["token"]})
    assert sent.status_code == 302
    assert browser.post("/inbox/read/").status_code == 403


def test_the_first_visit_of_a_phone_is_light(person):
    import brotli  # type: ignore[import-untyped]

    browser = browser_of(person.user)
    files = sum(len(brotli.compress(Path(str(finders.find(name))).read_bytes())) for name in pwa.FILES)
    for name in pwa.KEPT_PAGES:
        page = len(brotli.compress(browser.get(reverse(name)).content))
        # Cold: with everything; warm: the page alone, the rest stands in the phone.
        assert (files + page <= 150 * 1024, page <= 15 * 1024) == (True, True)


def test_only_workers_have_an_app(agency):
    page = browser_of(agency.user(Role.DISPATCHER)).get("/desk/").content.decode()
    assert "punch-queue" not in page and "manifest.webmanifest" not in page
