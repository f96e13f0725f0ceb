"""The desk's pages of partners and files: shown once, kept when wrong, harmless when repeated."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from staffing.core.models import OutboxMessage
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.partners import partner
from workers.models import (
    Application,
    HookSecret,
    ImportFile,
    Partner,
    PartnerDelivery,
    PartnerFee,
    PartnerKey,
    Scope,
)
from workers.services import hooks, importing

SECRET = re.compile(r'id="secret" value="([^"]{40,})"')


@pytest.fixture
def desk(agency: Agency) -> Browser:
    browser = Browser()
    browser.force_login(agency.dispatcher())
    return browser


@pytest.fixture
def known(desk: Browser) -> Partner:
    return partner(name="云梯人才")


def key_form(**given: object) -> dict[str, object]:
    return {"use": "live", "scopes": list(Scope.values), "form_key": str(uuid.uuid4())} | given


def test_a_partner_is_added_and_changed(desk: Browser) -> None:
    form = {"name": "海川学校", "code": "haichuan", "kind": "training", "cost_per_active": "120.50", "is_active": "on"}
    answer = desk.post("/sources/new/", form)
    kept = Partner.objects.get()
    assert answer["Location"] == f"/sources/{kept.pk}/"
    wrong = desk.post(f"/sources/{kept.pk}/edit/", form | {"name": "海川", "cost_per_active": "-1"})
    assert wrong.status_code == 422
    assert "海川" in wrong.content.decode() and "金额不能为负" in wrong.content.decode()
    desk.post(f"/sources/{kept.pk}/edit/", form | {"name": "海川二校", "is_active": ""})
    kept.refresh_from_db()
    assert (kept.name, kept.is_active) == ("海川二校", False)
    assert desk.post("/sources/new/", form).status_code == 422


def test_a_keys_secret_is_shown_once(desk: Browser, known: Partner) -> None:
    form = key_form()
    shown = desk.post(f"/sources/{known.pk}/keys/", form)
    secret = SECRET.search(shown.content.decode())
    assert secret and "no-store" in shown["Cache-Control"]
    again = desk.post(f"/sources/{known.pk}/keys/", form, headers={"referer": f"http://testserver/sources/{known.pk}/"})
    assert again.status_code == 302
    assert PartnerKey.objects.count() == 1
    assert secret[1] not in desk.get(f"/sources/{known.pk}/").content.decode()


def test_a_key_without_scopes_is_not_made(desk: Browser, known: Partner) -> None:
    answer = desk.post(f"/sources/{known.pk}/keys/", key_form(scopes=[], per_minute="7"))
    assert answer.status_code == 422 and 'value="7"' in answer.content.decode()
    assert not PartnerKey.objects.exists()


def test_a_key_is_revoked_once(desk: Browser, known: Partner) -> None:
    desk.post(f"/sources/{known.pk}/keys/", key_form(use="sandbox"))
    key = PartnerKey.objects.get()
    assert key.sandbox
    for _ in range(2):
        assert desk.post(f"/sources/keys/{key.pk}/revoke/").status_code == 302
    assert key.partner.keys.exclude(revoked_at=None).count() == 1


def test_the_address_gets_a_secret_once_and_another_when_asked(desk: Browser, known: Partner) -> None:
    place, form = f"/sources/{known.pk}/hook/", {"url": "https://hooks.yunti.example/in", "is_active": "on"}
    first = SECRET.search(desk.post(place, form).content.decode())
    assert first and desk.post(place, form).status_code == 302
    seen = HookSecret.objects.get().pk
    second = SECRET.search(desk.post(f"{place}secret/", {"seen": seen}).content.decode())
    assert second and second[1] != first[1]
    assert desk.post(f"{place}secret/", {"seen": seen}).status_code == 409
    assert desk.post(f"{place}secret/", {"seen": "x"}).status_code == 409
    assert HookSecret.objects.count() == 2


def test_an_address_that_we_do_not_call_keeps_what_was_typed(desk: Browser, known: Partner) -> None:
    answer = desk.post(f"/sources/{known.pk}/hook/", {"url": "ftp://x.example/"})
    assert answer.status_code == 422 and "ftp://x.example/" in answer.content.decode()


def test_news_is_listed_by_state_and_sent_once_more(desk: Browser, known: Partner) -> None:
    desk.post(f"/sources/{known.pk}/hook/", {"url": "https://hooks.yunti.example/in", "is_active": "on"})
    desk.post(f"/sources/{known.pk}/hook/test/")
    row = PartnerDelivery.objects.get()
    PartnerDelivery.objects.update(given_up_at=NOW, next_at=None, last_error="HTTP 503", attempts=9)
    assert "HTTP 503" in desk.get(f"/sources/{known.pk}/news/?state=failed").content.decode()
    assert "HTTP 503" not in desk.get(f"/sources/{known.pk}/news/?state=delivered").content.decode()
    assert desk.get(f"/sources/{known.pk}/news/?state=nothing").status_code == 404
    assert "1 条通知未送达" in desk.get("/sources/").content.decode()
    before = OutboxMessage.objects.filter(topic="partner.deliver").count()
    desk.post(f"/sources/news/{row.pk}/replay/")
    desk.post(f"/sources/{known.pk}/news/replay/")
    assert OutboxMessage.objects.filter(topic="partner.deliver").count() == before + 1
    row.refresh_from_db()
    assert (row.given_up_at, row.attempts) == (None, 0)


def test_money_is_noted(desk: Browser, known: Partner) -> None:
    assert desk.post(f"/sources/{known.pk}/fees/", {"paid_on": "2026-11-01", "amount": "x"}).status_code == 422
    desk.post(f"/sources/{known.pk}/fees/", {"paid_on": "2026-11-01", "amount": "300"})
    assert PartnerFee.objects.get().amount == 300
    assert "300.00" in desk.get(f"/sources/{known.pk}/").content.decode()


def sent(content: str, name: str = "名单.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode("gb18030"))


def test_a_file_from_upload_to_result(desk: Browser, known: Partner) -> None:
    rows = "姓名,联系电话,x\n林晓,13800000001,上海\n=1+1,13800000002,\n"
    form = {"file": sent(rows), "source": "partner", "partner": known.pk, "consent": "on"}
    answer = desk.post("/sources/imports/", form)
    file = ImportFile.objects.get()
    place = f"/sources/imports/{file.pk}/"
    assert answer["Location"] == place
    preview = desk.get(place).content.decode()
    assert "林晓" in preview and "像公式" in preview
    desk.post(f"{place}columns/", {"column_0": "name", "column_1": "phone", "column_2": "city"})
    twice = desk.post(f"{place}columns/", {"column_0": "name", "column_1": "name"})
    assert twice.status_code == 422
    desk.post(f"{place}start/")
    desk.post(f"{place}start/")
    part = desk.get(place, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" in part and "<!doctype" not in part
    importing.go_on(file.pk, 0, NOW)
    done = desk.get(place).content.decode()
    assert "every 2s" not in done and "像公式" in done and "format=xlsx" in done
    assert Application.objects.get().partner == known


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"file": sent("")}, "空"),
        ({"file": sent("姓名\n")}, "没有内容"),
        ({"file": sent("姓名\n林\n"), "consent": ""}, "同意"),
        ({}, "文件"),
    ],
)
def test_a_file_that_cannot_be_taken(desk: Browser, form: dict[str, object], words: str) -> None:
    answer = desk.post("/sources/imports/", {"source": "student", "consent": "on"} | form)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not ImportFile.objects.exists()


def test_another_address_of_news_is_told_nothing(desk: Browser, known: Partner) -> None:
    assert desk.post(f"/sources/{known.pk}/hook/test/").status_code == 404
    assert not hooks.PartnerDelivery.objects.exists()
