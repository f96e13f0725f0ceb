"""Pages of revisits, insight and reports: who may, what is kept, what is refused."""

import uuid
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser

from feedback.models import DailyReport, InsightNote, InsightReport, ProductContact, ReportChoice, Revisit, RevisitCall
from feedback.services import insight
from feedback.services.insight import Noted
from orders.models import Assignment
from staffing.core.models import User
from tests.feedback.services.test_insight import AFTER, DAY, MONDAY, served
from tests.fixtures.agency import NOW, Agency


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(AFTER, tick=False):
        yield


def enter(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def planned(agency: Agency) -> Revisit:
    return Revisit.objects.create(client=agency.client(), due_on=NOW.date(), planned_at=NOW)


def test_a_call_is_logged_and_what_was_typed_is_kept_if_it_cannot_be(agency: Agency) -> None:
    row, desk = planned(agency), enter(agency.dispatcher())
    url, key = f"/revisits/{row.pk}/", str(uuid.uuid4())
    bad = desk.post(url, {"key": key, "outcome": "issue", "note": "", "next_on": "2026-12-24"})
    assert bad.status_code == 422
    assert "2026-12-24" in bad.content.decode()
    wrong = desk.post(url, {"key": key, "outcome": "satisfied", "complain": "on", "category": "cost"})
    assert wrong.status_code == 422
    good = {
        "key": key,
        "outcome": "issue",
        "note": "夜班迟到",
        "complain": "on",
        "category": "attendance",
        "severity": "2",
    }
    assert desk.post(url, good).status_code == 302
    assert desk.post(url, good).status_code == 302
    assert RevisitCall.objects.get().note == "夜班迟到"
    assert "夜班迟到" in desk.get(f"/revisits/clients/{row.client_id}/").content.decode()
    assert "夜班迟到" in desk.get("/revisits/?state=done").content.decode()


def test_the_overdue_part_is_empty_while_none_is(agency: Agency) -> None:
    manager = enter(agency.manager())
    assert manager.get("/revisits/overdue/").content.strip() == b""
    row = planned(agency)
    assert row.client.name in manager.get("/revisits/overdue/").content.decode()


def test_a_worker_notes_what_came_up_on_their_own_shift_alone(agency: Agency) -> None:
    work: Assignment = served(agency)
    mine, other = enter(work.worker.user), enter(agency.worker().user)
    url = f"/my/shifts/{work.pk}/insight/"
    typed = {"key": str(uuid.uuid4()), "kind": "question", "text": "运费谁出", "count": "3", "product": "小程序"}
    assert other.post(url, typed).status_code == 404
    refused = mine.post(url, typed | {"count": "0"})
    assert refused.status_code == 422
    assert "运费谁出" in refused.content.decode()
    assert mine.post(url, typed).status_code == 302
    assert mine.post(url, typed).status_code == 302
    assert (InsightNote.objects.get().count, InsightNote.objects.get().group.product) == (3, "小程序")
    assert "运费谁出" in mine.get(url, headers={"hx-request": "true"}).content.decode()


def test_the_desk_previews_tidies_and_sends_once(agency: Agency) -> None:
    work = served(agency)
    client = work.position.shift.order.client
    groups = [
        insight.note(work, Noted("question", text, uuid.uuid4()), work.end_at).group
        for text in ("运费谁出", "能开发票吗")
    ]
    desk = enter(agency.dispatcher())
    week, page = f"?week={MONDAY}", f"/insight/clients/{client.pk}/"
    assert client.name in desk.get("/insight/").content.decode()
    assert "发送报告" not in desk.get(page + week).content.decode()
    ProductContact.objects.create(client=client, email="product@client.example")
    preview = desk.get(page + week).content.decode()
    assert "发送报告" in preview
    assert work.worker.user.name not in preview
    desk.post(f"{page}merge/{week}", {"group": [group.pk for group in groups]})
    assert client.insight_groups.count() == 1
    for _ in range(2):
        assert desk.post(f"{page}send/{week}").status_code == 302
    assert InsightReport.objects.get().monday == MONDAY
    shown = enter(agency.member(client)).get(f"/client/insight/{InsightReport.objects.get().pk}/")
    assert "运费谁出" in shown.content.decode()


def test_a_foreign_group_is_not_merged(agency: Agency) -> None:
    one, other = served(agency), served(agency)
    ids = [insight.note(work, Noted("need", "夜间退款", uuid.uuid4()), work.end_at).group_id for work in (one, other)]
    page = f"/insight/clients/{one.position.shift.order.client_id}/merge/"
    enter(agency.dispatcher()).post(page, {"group": ids})
    assert InsightNote.objects.filter(group__in=ids).values("group").distinct().count() == 2


def test_clients_read_their_own_days_and_say_whether_they_want_them(agency: Agency) -> None:
    mine, other = agency.client(), agency.client()
    rows = [DailyReport.objects.create(client=one, day=date(2026, 11, 24), made_at=NOW) for one in (mine, other)]
    browser = enter(agency.member(mine))
    assert browser.get(f"/client/reports/{rows[0].pk}/").status_code == 200
    assert browser.get(f"/client/reports/{rows[1].pk}/").status_code == 404
    browser.post("/client/reports/choice/", {})
    assert not ReportChoice.objects.get(user=agency.member(mine)).daily
    contact = {"email": "p@client.example", "language": "en"}
    assert browser.post("/client/reports/contact/", contact).status_code == 403
    mine.members.update(may_manage=True)
    assert browser.post("/client/reports/contact/", contact | {"email": "no"}).status_code == 422
    assert browser.post("/client/reports/contact/", contact).status_code == 302
    assert ProductContact.objects.get().language == "en"


def test_a_week_nobody_can_mean_shows_the_last_one(agency: Agency) -> None:
    desk = enter(agency.dispatcher())
    for asked in ("2026-99-99", "x", ""):
        assert desk.get(f"/insight/?week={asked}").status_code == 200
    assert desk.get(f"/insight/?week={MONDAY + 2 * DAY}").context["monday"] == MONDAY
