"""Applying on the smallest phone: a connection is lost on the way, nothing typed is; the link goes on with it."""

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.browser.hands import OVERFLOW
from tests.fixtures.agency import NOW, Agency
from tests.plugins.browser import axe_violations
from workers.models import Application, ApplicationDraft

SMALLEST = (320, 568)


@pytest.fixture
def agency(committed_agency: Agency):
    with time_machine.travel(NOW):
        yield committed_agency


def first_step(page: Page) -> None:
    page.get_by_label("姓名").fill("林晓雨")
    page.get_by_label("手机号").fill("137 1234 5678")
    page.get_by_label("所在城市").select_option(label="上海")
    page.get_by_label("在校学生").check(force=True)
    page.get_by_label("我已阅读并同意").check()


def check(page: Page) -> None:
    assert page.evaluate(OVERFLOW) == 0
    assert axe_violations(page) == []


def test_the_form_survives_a_lost_connection(live_server, open_page, agency) -> None:
    page = open_page(size=SMALLEST, allow=["ERR_INTERNET_DISCONNECTED", "Failed to fetch"])
    page.goto("/apply/?code=abc")
    check(page)
    first_step(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("第 2 步")).to_be_visible()
    check(page)
    page.context.set_offline(True)
    page.get_by_label("打字速度").fill("72")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("没有网络")).to_be_visible()
    assert page.get_by_label("打字速度").input_value() == "72"
    page.context.set_offline(False)
    expect(page.get_by_text("第 3 步")).to_be_visible()
    assert ApplicationDraft.objects.get().data["typing_wpm"] == ["72"]
    page.get_by_label("周六").check()
    page.get_by_label("晚上").check()
    page.get_by_label("做过的工作").fill("两年客服")
    check(page)
    # Another day: the door offers the form that was begun.
    page.goto("/apply/")
    page.get_by_role("link", name="继续上次").click()
    page.goto(f"{page.url.partition('?')[0]}?step=3")
    expect(page.get_by_label("做过的工作")).to_have_value("两年客服")
    page.get_by_role("button", name="提交报名").click()
    expect(page.get_by_role("heading", name="我的报名")).to_be_visible()
    check(page)
    found = Application.objects.get()
    assert found.answers["typing_wpm"] == 72 and found.answers["windows"] == [[5, 1080, 1320]] and found.code == "abc"
    page.goto("/apply/")
    expect(page.get_by_role("link", name="继续上次")).to_be_hidden()
