"""The desk's applications: the board counts, each deed is one press, and what is refused stays typed."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser

from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW
from tests.workers.services.test_applications import PHONE, hand_in
from tests.workers.services.test_interviews import FOURS
from workers.models import Application, Interview, Partner
from workers.services import applications, interviews

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _then():
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        yield


@pytest.fixture
def user(agency):
    return agency.dispatcher(name="顾安然")


@pytest.fixture
def desk(user):
    browser = Browser()
    browser.force_login(user)
    return browser


def text(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_counts_each_stage_and_what_is_late(agency, desk, user):
    partner = Partner.objects.create(code="qingyun", name="青云校园", kind="student")
    for number in range(10):
        hand_in(f"137000000{number:02d}", partner=partner if number else None)
    moved = Application.objects.earliest("pk")
    applications.move(moved.pk, "training", by=actor_of(user), now=NOW)
    page = text(desk, "/applications/")
    assert "9 份超期" in page and page.count('class="card stage-card"') == 9 and "全部 9 份" in page
    assert "全部 9 份" not in text(desk, "/applications/?source=direct")
    rows = text(desk, "/applications/?view=list&stage=training")
    assert f"/applications/{moved.pk}/" in rows and rows.count('class="person-name"') == 1
    assert text(desk, "/applications/?view=list&late=on").count('class="person-name"') == 9
    assert text(desk, f"/applications/?view=list&q={moved.phone}").count('class="person-name"') == 1
    assert text(desk, "/applications/?view=list&owner=none").count('class="person-name"') == 0


def test_from_the_first_word_to_the_pool(agency, desk, user):
    found = hand_in(email="lin@example.test", answers={"skills": {"chat": 3}}).application
    url = f"/applications/{found.pk}/"
    assert "安排面试" in text(desk, url) and "在线客服" in text(desk, url)
    desk.post(f"{url}move/", {"stage": "documents"})
    sent = {"day": "2026-11-26", "time": "14:30", "how": "video", "place": ""}
    refused = desk.post(f"{url}interview/", sent)
    assert refused.status_code == 422 and 'value="14:30' in refused.content.decode()
    assert desk.post(f"{url}interview/", sent | {"place": "会议号 806"}).url == url
    assert Interview.objects.get().start_at.isoformat() == "2026-11-26T06:30:00+00:00"
    assert desk.post(f"{url}scores/", {"logic": "4"}).status_code == 422
    assert desk.post(f"{url}scores/", FOURS | {"comment": "沉稳"}).url == url
    assert "沉稳" in text(desk, url)
    assert desk.post(f"{url}activate/", {"city": agency.city.pk, "contract": "service"}).url == url
    page = text(desk, url)
    assert "/join/" in page and "打开员工资料" in page and "正式入库" in page
    assert "/join/" not in text(desk, url)
    desk.post(f"{url}invitation/")
    assert "/join/" in text(desk, url)


def test_a_refusal_needs_a_reason_and_can_be_taken_back(agency, desk, user):
    found = hand_in().application
    url = f"/applications/{found.pk}/"
    assert desk.post(f"{url}reject/", {"note": "写了说明"}).status_code == 422
    desk.post(f"{url}reject/", {"reason": "papers", "note": "证件不清"})
    assert "资料不全或不实 · 证件不清" in text(desk, url)
    desk.post(f"{url}reopen/")
    found.refresh_from_db()
    assert found.status == "applied"


def test_taking_over_is_one_press(agency, desk, user):
    found = hand_in().application
    Application.objects.update(owner=agency.dispatcher())
    url = f"/applications/{found.pk}/"
    assert "由我负责" in text(desk, url)
    desk.post(f"{url}take/")
    found.refresh_from_db()
    assert found.owner == user and "由我负责" not in text(desk, url)


def test_two_are_compared_and_merged_by_choice(agency, desk, user):
    older = hand_in(name="林晓雨", email="old@example.test").application
    found = hand_in(name="林小雨", email="new@example.test", source="student").application
    url = f"/applications/{found.pk}/"
    assert "1 份报名可能重复" in text(desk, "/applications/") and "比较并合并" in text(desk, url)
    page = text(desk, f"{url}compare/?with={older.pk}")
    assert "林晓雨" in page and "new@example.test" in page
    assert desk.get(f"{url}compare/?with=99").status_code == 404
    assert desk.post(f"{url}compare/?with={older.pk}", {"name": "old"}).status_code == 422
    done = desk.post(f"{url}compare/?with={older.pk}", {"name": "old", "email": "new"})
    assert done.url == f"/applications/{older.pk}/"
    older.refresh_from_db()
    assert (older.name, older.email) == ("林晓雨", "new@example.test")
    assert "打开合并后的报名" in text(desk, url)


def test_a_worker_who_applies_again_is_merged_or_kept_apart(agency, desk, user):
    worker = agency.worker()
    found = hand_in(worker.user.phone).application
    url = f"/applications/{found.pk}/"
    assert worker.user.name in text(desk, f"{url}compare/")
    desk.post(f"{url}apart/")
    assert "比较并合并" not in text(desk, url)
    refused = desk.post(f"{url}activate/", {"city": agency.city.pk, "contract": "service"})
    assert refused.status_code == 422 and "此手机号已有账号" in refused.content.decode()


def test_the_list_goes_out_as_a_file_with_phones_masked(agency, desk, user):
    found = hand_in(email="lin@example.test").application
    interviews.score(found.pk, FOURS, by=actor_of(user), now=NOW)
    answer = desk.get("/applications/export/?format=csv")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200 and "137****5678" in body.decode("utf-8-sig") and PHONE not in body.decode("utf-8")
