"""Proof of service by HTTP: codes, photos, punches from elsewhere and missed ones, consent, and who may see what."""

import logging
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client as Browser

from orders.models import (
    CodeAttempt,
    Punch,
    PunchRequest,
    ServicePhoto,
    Site,
    SiteCode,
)
from orders.services import attendance, punch_requests, site_codes
from orders.states import AssignmentStatus
from staffing.core.actors import actor_of
from tests.fixtures.agency import NOW
from tests.fixtures.bookings import booked
from tests.orders.views.proofs.scene import (
    AT_SITE,
    HTMX,
    MINUTE,
    arrive,
    at,
    bad,
    jpeg,
    logged_in,
    member_of,
    site_of,
    url,
)
from workers.services import consents


def test_scanning_leads_to_one_press_and_the_press_counts(work, phone):
    Site.objects.update(proof="code")
    with at(work.start_at):
        code = site_codes.shown(site_of(work), work.start_at)
        page = phone.get(url("my-code", site_of(work).pk, code)).content.decode()
        assert f'name="code" value="{code}"' in page and url("my-check-in", work.pk) in page
        assert not Punch.objects.exists(), "looking changes nothing"
        assert phone.post(url("my-check-in", work.pk), {"code": code}).status_code == 302
        assert url("my-check-out", work.pk) in phone.get(url("my-code", site_of(work).pk, code)).content.decode()
    assert Punch.objects.get().method == "code"


def test_a_wrong_code_is_told_and_counted_and_nothing_is_in_the_log(work, phone, caplog):
    Site.objects.update(proof="code")
    caplog.set_level(logging.DEBUG)
    with at(work.start_at):
        right = site_codes.shown(site_of(work), work.start_at)
        wrong = "123456" if right != "123456" else "654321"
        answer = phone.post(url("my-check-in", work.pk), {"code": wrong}, headers=HTMX)
    assert (answer.status_code, CodeAttempt.objects.count()) == (422, 1)
    assert "打卡码不对或已过期" in answer.content.decode()
    assert SiteCode.objects.get().secret not in caplog.text


def test_nothing_is_due_at_the_place_now(work, phone):
    assert "现在没有这个地点的班次" in phone.get(url("my-code", site_of(work).pk, "123456")).content.decode()


def test_a_place_never_served_is_not_found(agency, work, phone):
    other = agency.site(agency.client())
    assert phone.get(url("my-code", other.pk, "123456")).status_code == 404


def test_the_screen_shows_the_code_of_the_minute_to_its_client_and_the_desk(agency, work, desk):
    site = site_of(work)
    for browser in (desk, member_of(work)):
        for minutes in (0, 1):
            with at(NOW + minutes * MINUTE):
                code = site_codes.shown(site, NOW + minutes * MINUTE)
                for headers in ({}, HTMX):
                    page = browser.get(url("site-code", site.pk), headers=headers)
                    assert f'aria-label="{code}"' in page.content.decode()
                    assert "<svg" in page.content.decode() and "style=" not in page.content.decode()
                    assert "no-store" in page.headers["Cache-Control"]
    stranger = logged_in(agency.member(agency.client()))
    for name in ("site-code", "site-code-link", "site-proof"):
        method = "get" if name == "site-code" else "post"
        assert getattr(stranger, method)(url(name, site.pk)).status_code == 404


def test_a_screen_without_a_login_until_its_link_is_revoked(work, caplog):
    client, site = member_of(work), site_of(work)
    client.post(url("site-code-link", site.pk))
    page = client.get(url("site-code", site.pk)).content.decode()
    path = re.search(r"/kiosk/[^\"<\s]+", page)[0]  # type: ignore[index]
    for headers in ({}, HTMX):
        shown = Browser().get(path, headers=headers)
        assert site_codes.shown(site, NOW) in shown.content.decode()
        assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert len(path) > 60
    client.post(url("site-code-link", site.pk), {"close": "1"})
    assert Browser().get(path).status_code == 404
    assert Browser().get("/kiosk/forged/").status_code == 404
    assert path.split("/")[2] not in caplog.text


def test_only_who_manages_changes_what_a_place_asks_for(work, desk):
    site, client = site_of(work), member_of(work)
    assert client.post(url("site-proof", site.pk), {"proof": "both"}).status_code == 302
    assert Site.objects.get(pk=site.pk).proof == "both"
    desk.post(url("site-proof", site.pk), {"proof": "nonsense"})
    assert Site.objects.get(pk=site.pk).proof == "both"
    work.position.shift.order.client.members.update(may_manage=False)
    for name in ("site-proof", "site-code-link"):
        assert client.post(url(name, site.pk), {"proof": "code"}).status_code == 403
    assert 'name="proof"' not in client.get(url("site-code", site.pk)).content.decode()


def test_without_consent_the_phone_names_the_other_ways(work, phone, person):
    consents.withdraw(person, NOW)
    with at(work.start_at):
        page = phone.get(url("my-today")).content.decode()
        assert "data-punch " not in page and "latitude" not in page
        for way in ('name="code"', url("my-elsewhere", work.pk), url("my-consent"), "tel:139"):
            assert way in page
        answer = phone.post(url("my-check-in", work.pk), AT_SITE, headers=HTMX)
        assert (answer.status_code, "位置没有保存" in answer.content.decode()) == (422, True)
        for _ in range(2):
            phone.post(url("my-consent"), {"agree": "1"})
        assert consents.has_consent(person, work.start_at)
        assert phone.post(url("my-check-in", work.pk), AT_SITE, headers=HTMX).status_code == 200
        phone.post(url("my-consent"), {"agree": "0"})
        assert not consents.has_consent(person, work.start_at)


def test_a_queued_punch_keeps_its_true_time_and_repeats_harmlessly(work, phone):
    made, key = work.start_at - 2 * MINUTE, str(uuid.uuid4())
    sent = AT_SITE | {"at": made.isoformat(), "queued": "1", "punch_key": key}
    with at(work.start_at + 30 * MINUTE):
        for _ in range(2):
            assert phone.post(url("my-check-in", work.pk), sent, headers=HTMX).status_code == 200
        nonsense = sent | {"at": "gestern"}
        assert phone.post(url("my-check-out", work.pk), nonsense, headers=HTMX).status_code == 422
    punch = Punch.objects.get()
    assert (punch.at, punch.received_at, punch.queued) == (made, work.start_at + 30 * MINUTE, True)


def test_a_queued_punch_after_the_no_show_is_said_to_wait(work, phone):
    attendance.declare_absent(work.pk, work.start_at + 15 * MINUTE)
    sent = AT_SITE | {"at": work.start_at.isoformat(), "queued": "1", "punch_key": str(uuid.uuid4())}
    with at(work.start_at + 30 * MINUTE):
        answer = phone.post(url("my-check-in", work.pk), sent, headers=HTMX)
    assert answer.status_code == 200 and "HX-Trigger" in answer.headers
    assert PunchRequest.objects.get().why == "queued"


def test_from_elsewhere_with_photo_and_words_until_the_desk_has_spoken(work, phone, desk):
    with at(work.start_at):
        assert phone.post(url("my-elsewhere", work.pk), {"remark": "三号馆"}).status_code == 422
        back = phone.post(url("my-elsewhere", work.pk), {"remark": "三号馆", "photo": bad(b"<svg/>", "a.jpg")})
        assert (back.status_code, "三号馆" in back.content.decode(), "只接受" in back.content.decode()) == (
            422, True, True,
        )  # fmt: skip
        for _ in range(2):
            sent = {"remark": "三号馆", "photo": jpeg()} | AT_SITE
            assert phone.post(url("my-elsewhere", work.pk), sent).url == url("my-today")
        assert "待审核" in phone.get(url("my-today")).content.decode()
        page = desk.get(url("desk-proofs")).content.decode()
        row = PunchRequest.objects.get()
        assert "三号馆" in page and url("photo-small", row.photo_id) in page
        for _ in range(2):
            assert desk.post(url("desk-proofs-approve"), {"id": [row.pk, "x", "9" * 30]}).status_code == 302
        assert "没有待审核的打卡" in desk.get(url("desk-proofs")).content.decode()
    row.refresh_from_db()
    assert row.status == "approved"


def test_turning_one_down_needs_words_and_loses_none(work, phone, desk):
    with at(work.start_at):
        phone.post(url("my-elsewhere", work.pk), {"remark": "三号馆", "photo": jpeg()})
        row = PunchRequest.objects.get()
        assert desk.post(url("desk-proof-refuse", row.pk), {"reason": ""}).status_code == 422
        kept = desk.post(url("desk-proof-refuse", row.pk), {"reason": "看不清", "counts_from": "2030-01-01T00:00"})
        assert (kept.status_code, "看不清" in kept.content.decode()) == (422, True)
        for _ in range(2):
            assert desk.post(url("desk-proof-refuse", row.pk), {"reason": "看不清"}).status_code == 302
        assert "看不清" in phone.get(url("my-today")).content.decode()
    work.refresh_from_db()
    assert work.status == AssignmentStatus.BOOKED


def test_a_missed_punch_is_asked_for_and_answered(work, phone, desk):
    arrive(work)
    with at(work.end_at + timedelta(hours=1)):
        assert "申请补卡" in phone.get(url("my-missed", work.pk)).content.decode()
        late = {"kind": "out", "at": "2030-01-01T00:00", "remark": "手机没电"}
        assert phone.post(url("my-missed", work.pk), late).status_code == 422
        fine = late | {"at": f"{work.end_at.astimezone():%Y-%m-%d}T17:00"}
        assert phone.post(url("my-missed", work.pk), fine).url == url("my-shift", work.pk)
        desk.post(url("desk-proofs-approve"), {"id": PunchRequest.objects.get().pk})
    work.refresh_from_db()
    assert (work.status, work.timesheet.actual_minutes) == (AssignmentStatus.COMPLETED, 480)


def test_a_refusal_among_several_is_told_and_the_others_pass(agency, work, desk):
    other = booked(agency, agency.worker())
    late = work.start_at + 20 * MINUTE
    ids = [punch_requests.ask(one, "in", "missed", at=one.start_at, now=late, remark="x").pk for one in (work, other)]
    attendance.cancel(other.pk, by=actor_of(other.worker.user), now=late, reason="x")
    with at(late):
        page = desk.post(url("desk-proofs-approve"), {"id": ids}, follow=True).content.decode()
    assert "已通过 1 条打卡" in page and "该班次已取消或释放" in page


def test_photos_of_the_service_for_those_whom_they_concern(agency, work, phone, desk):
    arrive(work)
    with at(work.start_at):
        assert phone.post(url("my-photos", work.pk), {"photo": bad(b"%!PS-Adobe-3.0 EPSF", "a.png")}).status_code == 422
        sent = {"photo": jpeg(size=(1800, 1200)), "remark": "<b>开场</b>"}
        assert phone.post(url("my-photos", work.pk), sent).url == url("my-photos", work.pk)
    shot, order = ServicePhoto.objects.get(), work.position.shift.order_id
    client = member_of(work)
    for browser in (phone, desk, client):
        for name in ("photo", "photo-small"):
            answer = browser.get(url(name, shot.pk))
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"].startswith("private")
            assert answer.headers["Content-Disposition"].startswith("inline")
            assert answer.content[:4] == b"RIFF"
    for browser in (desk, client):
        page = browser.get(url("order-photos", order)).content.decode()
        assert "&lt;b&gt;开场" in page and url("photo-small", shot.pk) in page
    strangers = [logged_in(agency.worker().user), logged_in(agency.member(agency.client()))]
    for browser in strangers:
        assert browser.get(url("photo", shot.pk)).status_code == 404
    assert strangers[1].get(url("order-photos", order)).status_code == 404
    assert Browser().get(url("photo", shot.pk)).status_code == 302


def test_a_photo_whose_file_is_gone_is_not_found(work, phone):
    arrive(work)
    with at(work.start_at):
        phone.post(url("my-photos", work.pk), {"photo": jpeg()})
    ServicePhoto.objects.update(file="gone.webp")
    assert phone.get(url("photo", ServicePhoto.objects.get().pk)).status_code == 404


@pytest.mark.parametrize("name", ["my-elsewhere", "my-missed", "my-ready", "my-photos", "my-pulse"])
def test_anothers_shift_is_not_found(agency, phone, name):
    theirs = booked(agency, agency.worker())
    assert phone.post(url(name, theirs.pk), {"remark": "x", "photo": jpeg()}).status_code == 404
    assert not PunchRequest.objects.exists()


@pytest.mark.parametrize("name", ["my-consent", "desk-proofs-approve"])
def test_what_changes_is_never_a_get(phone, desk, name):
    browser = desk if name.startswith("desk") else phone
    assert browser.get(url(name)).status_code == 405


def test_hours_show_their_rule_and_their_history(work, desk):
    arrive(work)
    attendance.check_out_forgotten(work.pk, work.end_at + timedelta(hours=4))
    now = work.end_at + timedelta(hours=5)
    row = punch_requests.ask(work, "out", "missed", at=work.end_at - 60 * MINUTE, now=now, remark="提前离开")
    with at(now):
        desk.post(url("desk-proofs-approve"), {"id": row.pk})
        page = member_of(work).get(url("client-order", work.position.shift.order_id)).content.decode()
    assert "8 小时 更正为 7 小时：提前离开" in page
