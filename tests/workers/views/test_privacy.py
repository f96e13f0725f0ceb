"""The privacy page: consent, a copy of one's data, and the way out in two steps."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from staffing.core.models import AuditEvent, User
from tests.fixtures.agency import NOW
from tests.fixtures.bookings import booked
from workers.models import PoolPolicy
from workers.services import consents

PASSWORD = "a-long-password-17"
PAGE, CLOSE, CONFIRM = "/my/me/privacy/", "/my/me/privacy/close/", "/my/me/privacy/close/confirm/"


@pytest.fixture
def person(agency):
    with time_machine.travel(NOW, tick=False):
        worker = agency.worker()
        worker.user.set_password(PASSWORD)
        worker.user.save()
        yield worker


@pytest.fixture
def browser(person):
    browser = Browser()
    browser.force_login(person.user)
    return browser


def test_consent_is_given_and_taken_back_and_stands_in_the_log(browser, person):
    for _twice in range(2):
        assert browser.post(f"{PAGE}consent/", {"give": "yes"}).status_code == 302
    assert consents.has_consent(person, NOW) and person.position_consents.count() == 1
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        for _twice in range(2):
            browser.post(f"{PAGE}consent/", {"withdraw": "yes"})
        page = browser.get(PAGE).content.decode()
    assert not consents.has_consent(person, NOW + timedelta(hours=1))
    assert "您撤回了位置授权" in page and "30 天后自动删除" in page


def test_a_copy_comes_as_json_and_as_tables(browser, person):
    person.exceptions.create(kind="off", start_at=NOW, end_at=NOW + timedelta(hours=1), note='=HYPERLINK("x")')
    answer = browser.post(f"{PAGE}download/")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    whole = json.loads(packed.read("data.json"))
    assert whole["account"][0]["phone"] == person.user.phone
    table = list(csv.DictReader(io.StringIO(packed.read("exceptions.csv").decode("utf-8-sig"))))
    assert [row["exceptions__note"] for row in table] == ['\'=HYPERLINK("x")']
    assert set(packed.namelist()) == {"data.json", *(f"{name}.csv" for name in whole if name != "made_at")}
    assert AuditEvent.objects.filter(action="download_data", subject_id=person.pk).count() == 1
    assert "no-store" in answer["Cache-Control"]


def test_copies_are_limited(browser):
    policy = PoolPolicy.current()
    policy.copies_an_hour = 1
    policy.save()
    assert [browser.post(f"{PAGE}download/").status_code for _ in range(2)] == [200, 302]


def test_out_in_two_steps(browser, person):
    assert browser.post(CONFIRM).status_code == 302 and User.objects.get(pk=person.user_id).is_active
    wrong = browser.post(CLOSE, {"password": "wrong", "understood": "on"})
    assert wrong.status_code == 422 and "密码不正确" in wrong.content.decode()
    assert browser.post(CLOSE, {"password": PASSWORD}).status_code == 422
    assert browser.post(CLOSE, {"password": PASSWORD, "understood": "on"})["Location"] == CONFIRM
    assert f"已注销员工 #{person.pk}" in browser.get(CONFIRM).content.decode()
    assert browser.post(CONFIRM)["Location"] == "/login/"
    assert not User.objects.get(pk=person.user_id).is_active
    assert browser.get("/my/").status_code == 302
    assert "账号已注销" in browser.get("/login/").content.decode()


def test_the_second_step_waits_only_minutes(browser, person):
    browser.post(CLOSE, {"password": PASSWORD, "understood": "on"})
    late = NOW + timedelta(minutes=PoolPolicy.current().close_minutes, seconds=1)
    with time_machine.travel(late, tick=False):
        assert browser.post(CONFIRM)["Location"] == CLOSE
    assert User.objects.get(pk=person.user_id).is_active


def test_what_stands_in_the_way_is_named(agency, browser, person):
    work = booked(agency, person)
    page = browser.get(CLOSE).content.decode()
    assert "现在还不能注销" in page and f"/my/shifts/{work.pk}/" in page and "password" not in page
    browser.post(CLOSE, {"password": PASSWORD, "understood": "on"})
    assert browser.post(CONFIRM)["Location"] == CLOSE
    assert User.objects.get(pk=person.user_id).is_active


def test_the_password_is_not_to_be_guessed(browser):
    tries = PoolPolicy.current().close_tries_an_hour
    statuses = [browser.post(CLOSE, {"password": "x", "understood": "on"}).status_code for _ in range(tries + 1)]
    assert statuses == [422] * tries + [429]
