"""A client's lists at the desk, and ties that workers declare on the phone."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from time_machine import travel

from orders.models import Client, ConflictOfInterest, DoNotSend, TeamMember
from staffing.core.models import User
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain


@pytest.fixture(autouse=True)
def _now() -> Any:
    with travel(NOW, tick=False):
        yield


def as_user(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def desk(agency: Agency) -> Browser:
    return as_user(agency.dispatcher())


def page(browser: Browser, client: Client) -> str:
    return str(browser.get(reverse("orders:desk-circle", args=[client.pk])).content.decode())


def test_somebody_joins_the_team_with_a_reason_and_leaves_with_one(agency: Agency, desk: Browser) -> None:
    worker, client = agency.worker(), agency.client()
    url = reverse("orders:desk-circle", args=[client.pk])
    said = {"kind": "team", "who": worker.user.name, "reason": "熟悉流程", "until": "2026-12-31"}
    assert desk.post(url, said).status_code == 302
    assert desk.post(url, said).status_code == 302
    row = TeamMember.objects.get()
    assert (row.worker, row.reason, str(row.until)) == (worker, "熟悉流程", "2026-12-31")
    assert "熟悉流程" in page(desk, client)
    leave = reverse("orders:desk-circle-remove", args=[client.pk])
    desk.post(leave, {"kind": "team", "worker": worker.pk, "reason": ""})
    assert TeamMember.objects.exists()
    desk.post(leave, {"kind": "team", "worker": worker.pk, "reason": "客户换项目"})
    assert not TeamMember.objects.exists()
    assert "客户换项目" in page(desk, client)
    assert desk.post(leave, {"kind": "team", "worker": "9" * 30, "reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"who": "查无此人"}, "没有找到此人"), ({"reason": ""}, "必填"), ({"until": "2026-01-01"}, "有效期不能早于今天")],
)
def test_what_was_typed_stays_when_something_is_wrong(
    agency: Agency, desk: Browser, wrong: dict[str, str], words: str
) -> None:
    worker, client = agency.worker(), agency.client()
    said = {"kind": "wish", "who": worker.user.phone, "reason": "迟到两次", "until": ""} | wrong
    answer = desk.post(reverse("orders:desk-circle", args=[client.pk]), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert said["who"] in answer.content.decode()
    assert not DoNotSend.objects.exists()


def test_who_is_barred_cannot_join_the_team(agency: Agency, desk: Browser) -> None:
    worker, client = agency.worker(), agency.client()
    url = reverse("orders:desk-circle", args=[client.pk])
    desk.post(url, {"kind": "wish", "who": worker.user.phone, "reason": "迟到"})
    answer = desk.post(url, {"kind": "team", "who": worker.user.phone, "reason": "x"})
    assert answer.status_code == 422
    assert not TeamMember.objects.exists()


def test_a_tie_is_declared_on_the_phone_and_placed_at_the_desk(agency: Agency, desk: Browser) -> None:
    worker, client = agency.worker(), agency.client()
    phone, mine = as_user(worker.user), reverse("orders:my-conflicts")
    assert phone.post(mine, {"company": "", "kind": "related"}).status_code == 422
    assert phone.post(mine, {"company": "云上集采", "kind": "related"}).status_code == 302
    drain(NOW)
    row = ConflictOfInterest.objects.get()
    assert "云上集采" in phone.get(mine).content.decode()
    assert client.name not in phone.get(mine).content.decode()
    assert "待确认客户" in desk.get(reverse("orders:conflicts")).content.decode()
    desk.post(reverse("orders:conflict-place", args=[row.pk]), {"client": client.pk})
    assert DoNotSend.objects.get().kind == "conflict"
    assert "利益冲突" in page(desk, client)
    desk.post(reverse("orders:conflict-end", args=[row.pk]), {"reason": "已离职"})
    assert not DoNotSend.objects.exists()


def test_the_desk_enters_one_for_somebody(agency: Agency, desk: Browser) -> None:
    worker, client = agency.worker(), agency.client()
    said = {"who": worker.user.phone, "company": client.name, "kind": "employed"}
    assert desk.post(reverse("orders:conflicts"), said).status_code == 302
    drain(NOW)
    assert ConflictOfInterest.objects.get().client == client
