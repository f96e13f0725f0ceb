"""The pages of watch, proposals, appeals, career: who may, what they say, and that nothing typed is lost."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from time_machine import travel

from staffing.core.actors import actor_of
from staffing.core.models import User
from tests.fixtures.agency import NOW, Agency
from workers.models import Proposal, StandingAppeal, WatchEntry, Worker
from workers.services import proposals, standing_appeals, watch
from workers.services.proposals import Verdict

SERVICE = {"day": "2026-11-20", "title": "大促在线客服"}
WHY = [{"figure": "no_show", "have": "20", "need": "15", "n": 5, "services": [SERVICE]}]


@pytest.fixture(autouse=True)
def _now() -> Any:
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def worker(agency: Agency) -> Worker:
    return agency.worker()


@pytest.fixture
def entry(worker: Worker) -> WatchEntry:
    found = watch.put_on(worker.pk, "pre_sale", WHY, NOW)
    assert found is not None
    return found


def as_user(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_worker_reads_why_and_appeals(agency: Agency, worker: Worker, entry: WatchEntry) -> None:
    browser = as_user(worker.user)
    page = text(browser.get(reverse("workers:me-standing")))
    assert "最近 5 次服务中，未到岗占 20%（门槛 15%）" in page
    assert "大促在线客服" in page
    url = reverse("workers:me-watch-appeal", args=[entry.pk])
    assert url in page
    assert browser.post(url, {"text": ""}).status_code == 422
    assert browser.post(url, {"text": "地铁停运"}).status_code == 302
    assert StandingAppeal.objects.get().text == "地铁停运"
    again = text(browser.get(url))
    assert "现在不能申诉" in again


def test_another_workers_watch_is_not_there(agency: Agency, entry: WatchEntry) -> None:
    browser = as_user(agency.worker().user)
    assert browser.get(reverse("workers:me-watch-appeal", args=[entry.pk])).status_code == 404
    assert WatchEntry.objects.get().status == "watching"


def test_what_is_only_proposed_is_not_shown_to_the_worker(worker: Worker) -> None:
    proposals.make(worker.pk, "suspend", [], NOW)
    assert "暂停派单" not in text(as_user(worker.user).get(reverse("workers:me-standing")))


def test_a_removal_is_told_with_its_reason_and_can_be_appealed(agency: Agency, worker: Worker) -> None:
    row = proposals.make(worker.pk, "suspend", [], NOW)
    assert row is not None
    proposals.decide(row.pk, Verdict(True, "多次未到岗"), by=actor_of(agency.manager()), now=NOW)
    browser = as_user(worker.user)
    assert "多次未到岗" in text(browser.get(reverse("workers:me-standing")))
    assert browser.post(reverse("workers:me-decision-appeal", args=[row.pk]), {"text": "x"}).status_code == 302
    worker.refresh_from_db()
    assert worker.status == "active"


def test_the_desk_lifts_a_watch_with_a_reason(agency: Agency, entry: WatchEntry) -> None:
    browser = as_user(agency.dispatcher())
    assert entry.worker.user.name in text(browser.get(reverse("workers:watch")))
    url, name = reverse("workers:watch-lift", args=[entry.pk]), f"watch{entry.pk}-reason"
    assert browser.post(url, {name: ""}).status_code == 422
    assert browser.post(url, {name: "有证明"}).status_code == 302
    assert browser.post(url, {name: "有证明"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.status, entry.end_reason) == ("lifted", "有证明")


def test_a_manager_decides_and_a_dispatcher_only_reads(agency: Agency, worker: Worker) -> None:
    row = proposals.make(worker.pk, "promote", [], NOW, level="senior", track="service")
    assert row is not None
    url, prefix = reverse("workers:proposal-decide", args=[row.pk]), f"proposal{row.pk}"
    desk, manager = as_user(agency.dispatcher()), as_user(agency.manager())
    assert "由经理决定" in text(desk.get(reverse("workers:proposals")))
    assert desk.post(url, {}).status_code == 403
    past = {f"{prefix}-verdict": "yes", f"{prefix}-reason": "表现稳定", f"{prefix}-effective_on": "2026-11-01"}
    refused = manager.post(url, past)
    assert refused.status_code == 422
    assert "表现稳定" in text(refused)
    assert manager.post(url, past | {f"{prefix}-effective_on": ""}).status_code == 302
    worker.refresh_from_db()
    assert worker.level == "senior"


def test_an_outcome_is_kept(agency: Agency, worker: Worker) -> None:
    manager = agency.manager()
    row = proposals.make(worker.pk, "full_time", [], NOW)
    assert row is not None
    proposals.decide(row.pk, Verdict(True, "好"), by=actor_of(manager), now=NOW)
    browser = as_user(manager)
    assert "等结果" in text(browser.get(reverse("workers:proposals")))
    browser.post(reverse("workers:proposal-outcome", args=[row.pk]), {f"out{row.pk}-outcome": "hired"})
    assert Proposal.objects.get().outcome == "hired"


def test_an_appeal_is_decided_by_somebody_else(agency: Agency, worker: Worker, entry: WatchEntry) -> None:
    appeal = standing_appeals.file(entry, by=actor_of(worker.user), now=NOW, text="地铁停运")
    browser, prefix = as_user(agency.dispatcher()), f"appeal{appeal.pk}"
    assert "地铁停运" in text(browser.get(reverse("workers:standing-appeals")))
    url = reverse("workers:standing-appeal-decide", args=[appeal.pk])
    assert browser.post(url, {f"{prefix}-verdict": "yes"}).status_code == 422
    assert browser.post(url, {f"{prefix}-verdict": "yes", f"{prefix}-reason": "属实"}).status_code == 302
    worker.refresh_from_db()
    assert worker.status == "active"


def test_the_persons_page_and_coming_back(agency: Agency, worker: Worker) -> None:
    manager = agency.manager()
    row = proposals.make(worker.pk, "leave", [], NOW)
    assert row is not None
    proposals.decide(row.pk, Verdict(True, "失联"), by=actor_of(manager), now=NOW)
    browser = as_user(manager)
    page = text(browser.get(reverse("workers:person-standing", args=[worker.pk])))
    assert "失联" in page and "恢复派单" in page
    url = reverse("workers:person-reinstate", args=[worker.pk])
    assert browser.post(url, {"reason": ""}).status_code == 422
    assert browser.post(url, {"reason": "已联系上"}).status_code == 302
    worker.refresh_from_db()
    assert worker.status == "active"


def test_a_senior_chooses_a_direction(agency: Agency) -> None:
    worker = agency.worker(level="senior")
    browser, url = as_user(worker.user), reverse("workers:me-career")
    assert "选择方向" in text(browser.get(url))
    assert browser.post(url, {"track": "service"}).status_code == 422
    assert browser.post(url, {"track": "qa"}).status_code == 302
    assert "完成服务 0 次（需 50 次）" in text(browser.get(url))
