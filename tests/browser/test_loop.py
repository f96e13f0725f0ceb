"""The survey on a phone without login, then the case between dispatcher and client, in a real browser."""

import random
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from feedback.models import Review, ReviewCase
from feedback.services import surveys
from feedback.states import CaseStatus
from staffing.core.models import User
from tests.feedback import histories
from tests.feedback.stories import BAD, ENDED, Scene, open_case, reported, scene
from tests.plugins.browser import DESK, PHONE, TABLET, axe_violations

WIDER_THAN_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(ENDED, tick=True):
        yield


@pytest.fixture
def told(committed_agency) -> Scene:
    return scene(committed_agency, company=committed_agency.client(name="云栖商贸华东区域线上客户服务运营中心有限公司"))


def login(page: Page, user: User, base_url: str) -> Page:
    """Carry the session of a forced login into the page's context."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])
    return page


def clean(page: Page) -> None:
    assert axe_violations(page) == []
    assert page.evaluate(WIDER_THAN_SCREEN) <= 0


def star(page: Page, name: str, value: int) -> None:
    page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)


TAPS = "addEventListener('pointerdown', () => { sessionStorage.taps = Number(sessionStorage.taps || 0) + 1; }, true)"


def test_four_taps_on_a_phone_send_the_survey(live_server, open_page: Open, told):
    page = open_page(size=PHONE)
    page.add_init_script(TAPS)
    page.goto(f"/s/{surveys.token_of(told.survey)}/")
    page.locator("label.rating-item").filter(has=page.locator('input[name="overall"][value="5"]')).click()
    page.get_by_role("button", name="到岗、技能、态度也是 5 分").click()
    page.locator("label.segment").filter(has=page.locator('input[name="order_again"][value="yes"]')).click()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("heading", name="谢谢，评价已收到")).to_be_visible()
    assert page.evaluate("Number(sessionStorage.taps)") == 4
    clean(page)
    review = Review.objects.get()
    stars = (review.overall, review.attendance, review.skill_match, review.attitude)
    assert (stars, review.solved, review.order_again) == ((5, 5, 5, 5), True, True)


def test_what_was_typed_survives_a_refusal_and_the_language_can_be_changed(live_server, open_page: Open, told):
    page = open_page(size=PHONE, allow=["422 POST"])
    page.goto(f"/s/{surveys.token_of(told.survey)}/")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    star(page, "overall", 1)
    page.locator('[name="comment"]').fill("迟到了半小时")
    page.locator("main button.btn-primary").click()
    expect(page.locator(".form-errors")).to_be_visible()
    expect(page.locator('[name="comment"]')).to_have_value("迟到了半小时")
    expect(page.locator('input[name="overall"][value="1"]')).to_be_checked()
    clean(page)


def test_a_bad_review_is_repaired_refused_repaired_again_and_confirmed(live_server, open_page: Open, told):
    case = open_case(told)
    desk = login(open_page(), told.dispatcher, live_server.url)
    client = login(open_page(size=PHONE), told.member, live_server.url)
    _repair(desk, case, "改派资深客服")
    client.goto(f"/client/cases/{case.pk}/")
    expect(client.get_by_text("改派资深客服").first).to_be_visible()
    client.locator("summary", has_text="还没有解决").click()
    client.locator('[name="note"]').fill("今天又迟到")
    client.get_by_role("button", name="未解决，请重新处理").click()
    expect(client.get_by_role("heading", name="第 2 轮")).to_be_visible()
    _repair(desk, case, "更换团队")
    client.goto(f"/client/cases/{case.pk}/")
    client.get_by_role("button", name="已解决").click()
    expect(client.get_by_text("已确认解决")).to_be_visible()
    case.refresh_from_db()
    assert (case.status, case.round) == (CaseStatus.CONFIRMED, 2)


def _repair(desk: Page, case: ReviewCase, fix: str) -> None:
    assert case.order is not None
    desk.goto("/cases/")
    desk.get_by_role("link", name=case.order.title).click()
    desk.get_by_role("button", name="接手案件").click()
    desk.locator('input[name="cause"][value="matching"]').check(force=True)
    desk.locator('[name="note"]').fill("技能不符")
    desk.locator('[name="fix"]').fill(fix)
    desk.get_by_role("button", name="保存原因与整改").click()
    expect(desk.locator('[name="text"]')).to_have_value(_contains(fix))
    desk.get_by_role("button", name="预览").click()
    desk.get_by_role("button", name="发送给客户").click()
    expect(desk.get_by_text("已答复客户，等待确认")).to_be_visible()


def _contains(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, TABLET, DESK])
def test_every_page_is_readable_by_everybody(live_server, open_page: Open, told, size, theme):
    agency = told.agency
    waiting = open_case(told, ENDED - timedelta(hours=60))
    reported(told, waiting, ENDED - timedelta(hours=1))
    fresh = open_case(scene(agency, company=told.company), answers=BAD)
    token = surveys.token_of(scene(agency).survey)
    histories.write(agency, random.Random(1), orders=12)
    page = open_page(size=size, theme=theme, allow=["404 GET .*/s/forged/"])
    for url in (f"/s/{token}/", "/s/forged/"):
        page.goto(url)
        clean(page)
    for user, urls in [
        (told.member, ["/client/cases/", f"/client/cases/{waiting.pk}/", f"/client/cases/{fresh.pk}/"]),
        (told.dispatcher, ["/cases/", f"/cases/{waiting.pk}/", f"/cases/{fresh.pk}/"]),
        (agency.manager(), ["/dashboard/", "/dashboard/rows/?kpi=compliance"]),
    ]:
        login(page, user, live_server.url)
        for url in urls:
            page.goto(url)
            expect(page.locator("h1")).not_to_be_empty()
            clean(page)


def test_details_opened_stay_readable(live_server, open_page: Open, told):
    page = login(open_page(size=PHONE), told.agency.manager(), live_server.url)
    page.goto("/dashboard/")
    for summary in page.locator("main details > summary").all():
        summary.click()
    clean(page)
