"""Files of applicants: 10,000 hostile rows, run twice, killed in the middle; what is wrong comes back to be mended."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from staffing.core import outbox
from staffing.core.actors import SYSTEM, Actor, actor_of
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import drain
from tests.fixtures.partners import partner
from workers.models import Application, ImportFile, ImportRow, Partner, PartnerReference, SourcePolicy
from workers.services import importing, sources_sweep

HEAD = "姓名,手机号,城市,编号\n"
GOOD = 150


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    """Files of this test alone."""
    options = {"location": str(tmp_path)}
    backend = settings.STORAGES["private"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"private": backend}
    return tmp_path


@pytest.fixture
def desk(agency: Agency) -> Actor:
    return actor_of(agency.dispatcher())


def upload(content: bytes | str, by: Actor = SYSTEM, of: Partner | None = None, name: str = "名单.csv") -> ImportFile:
    sent = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return importing.upload(sent, name, source=Role.WORKER and "student", partner=of, by=by, now=NOW)


def run(file: ImportFile) -> ImportFile:
    importing.start(file.pk, by=SYSTEM, now=NOW)
    drain(NOW)
    file.refresh_from_db()
    return file


def hostile(encoding: str = "utf-8") -> bytes:
    """Ten thousand rows under a head: some good, the rest everything that files have been seen to hold.

    One row is in no encoding of the rest.
    """
    good = [f"林{number},1380000{number:04d},上海,".encode(encoding) for number in range(GOOD)]
    wide = "王芳,１３９０００００００１,ｓｈａｎｇｈａｉ,"
    # GBK within UTF-8; UTF-8 within GBK would only read as other signs, so there it is bytes that are none.
    other = b"\xc1\xd6\xcf\xfe,13700000001,," if encoding == "utf-8" else b"\xff\xff,13700000001,,"
    bad = [
        "\ufeff林晓,1,,",
        "a\x00b,13700000003,,",
        "大" * (1 << 19) + ",13700000004,,",
        '=cmd|"/c calc"!A0,13700000005,,',
        "＝1+1,13700000006,,",
        "\t@SUM(A1),13700000007,,",
        '"没有关上的引号,13700000008,,',
        "没有手机",
        ",,,x",
        "城市不对,13700000011,亚特兰蒂斯,",
        '"' + "两\n行" * 40 + '",13700000012,,',
    ]
    listed = [row.encode(encoding) for row in bad]
    rows = [*good, wide.encode(encoding), other, *listed]
    # Again and again the same people, and more of what is bad but small: the file stays below the policy's 20 MB.
    small = [row for row in listed if len(row) < 1000]
    for number in range(10_000 - len(rows)):
        rows.append(good[number % GOOD] if number % 20 == 0 else small[number % len(small)])
    return HEAD.encode(encoding) + b"\n".join(rows)


def through_the_pages(browser: Browser, content: bytes) -> ImportFile:
    """Uploaded, looked at, begun, watched to the end, as somebody at the desk does it; every answer is a good one."""
    form = {"file": SimpleUploadedFile("名单.csv", content), "source": "student", "consent": "on"}
    assert browser.post("/sources/imports/", form).status_code == 302
    file = ImportFile.objects.latest("pk")
    place = f"/sources/imports/{file.pk}/"
    assert browser.get(place).status_code == 200
    assert browser.post(f"{place}start/").status_code == 302
    watched = browser.get(place, headers={"HX-Request": "true"})
    assert watched.status_code == 200 and "every 2s" in watched.content.decode()
    drain(NOW)
    assert browser.get(place).status_code == 200
    file.refresh_from_db()
    return file


@time_machine.travel(NOW, tick=False)
def test_ten_thousand_hostile_rows(desk: Actor) -> None:
    browser = Browser()
    assert desk.user is not None
    browser.force_login(desk.user)
    first = through_the_pages(browser, hostile())
    told = Counter(ImportRow.objects.filter(file=first).values_list("outcome", flat=True))
    assert first.rows == first.done == 10_000
    assert first.added + first.possible + first.unchanged + first.bad == 10_000
    assert told == {"added": first.added, "unchanged": first.unchanged, "bad": first.bad}
    assert first.added == GOOD + 1 == Application.objects.count()
    assert ImportRow.objects.filter(file=first, outcome="added").earliest("line").line == 2
    codes = {code for row in ImportRow.objects.filter(file=first) for code in row.errors.values()}
    assert codes >= {"broken", "control", "long", "formula", "quote", "missing", "city", "phone"}
    back = browser.get(f"/sources/imports/{first.pk}/bad/?format=csv").getvalue().decode("utf-8-sig")
    assert sum(1 for _row in csv.reader(io.StringIO(back))) == first.bad + 1

    second = through_the_pages(browser, hostile("gb18030"))
    assert (second.encoding, second.added, second.possible, second.bad) == ("gb18030", 0, 0, first.bad)
    assert second.unchanged == 10_000 - first.bad
    assert Application.objects.count() == GOOD + 1


def rows_of(number: int) -> str:
    return HEAD + "\n".join(f"林{n},1380000{n:04d},上海," for n in range(number))


def test_a_worker_that_is_killed_leaves_nothing_half(desk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut in the second part, after some of its rows were written: the part comes again, and nothing is twice."""
    file = upload(rows_of(250), desk)
    importing.start(file.pk, by=desk, now=NOW)
    real, seen = importing._one, []

    def dies(*args):
        seen.append(1)
        if len(seen) == 150:
            raise SystemExit
        return real(*args)

    monkeypatch.setattr(importing, "_one", dies)
    with pytest.raises(SystemExit):
        drain(NOW)
    file.refresh_from_db()
    assert (file.done, ImportRow.objects.count(), Application.objects.count()) == (100, 100, 100)
    monkeypatch.setattr(importing, "_one", real)
    later = NOW + timedelta(hours=1)
    drain(later)
    file.refresh_from_db()
    assert (file.done, file.added, file.done_at) == (250, 250, later)
    assert ImportRow.objects.count() == Application.objects.count() == 250


def test_starting_twice_and_running_a_part_twice_change_nothing(desk: Actor) -> None:
    file = run(upload(rows_of(5), desk))
    importing.start(file.pk, by=desk, now=NOW)
    importing.go_on(file.pk, 0, NOW)
    drain(NOW)
    file.refresh_from_db()
    assert (file.done, ImportRow.objects.count()) == (5, 5)
    with pytest.raises(Conflict):
        importing.remap(file.pk, {})


def test_the_bad_rows_come_back_and_go_in_once_mended(agency: Agency, desk: Actor) -> None:
    file = run(upload(HEAD + "=1+1,13800000001,,\n林,138,上海,\n王,13800000003,,\n", desk))
    assert (file.added, file.bad) == (1, 2)
    browser = Browser()
    assert desk.user is not None
    browser.force_login(desk.user)
    for form in ("csv", "xlsx"):
        answer = browser.get(f"/sources/imports/{file.pk}/bad/?format={form}")
        content = answer.getvalue()
        again = importing.upload(io.BytesIO(content), f"x.{form}", source="student", partner=None, by=desk, now=NOW)
        assert again.mapping == file.mapping
        assert [told.errors for told in importing.preview(again, NOW)] == [{"name": "formula"}, {"phone": "phone"}]
    lines = list(
        csv.reader(
            io.StringIO(browser.get(f"/sources/imports/{file.pk}/bad/?format=csv").getvalue().decode("utf-8-sig"))
        )
    )
    assert lines[0][-1] == "原因"
    assert lines[1][0] == "'=1+1" and "公式" in lines[1][-1]
    mended = run(upload(HEAD + "林一,13800000001,,\n林,13800000002,上海,\n王,13800000003,,\n", desk))
    assert (mended.added, mended.unchanged, mended.bad) == (2, 1, 0)


def test_the_preview_tells_what_would_be_and_keeps_nothing(agency: Agency, desk: Actor) -> None:
    known = agency.worker().user.phone
    file = upload(HEAD + f"林,13800000001,,\n林,13800000001,,\n王,{known},,\n李,1,,\n", desk)
    told = importing.preview(file, NOW)
    assert [one.outcome for one in told] == ["added", "unchanged", "possible", "bad"]
    assert not Application.objects.exists() and not ImportRow.objects.exists()


def test_with_a_partner_its_numbers_are_kept(desk: Actor) -> None:
    of = partner()
    file = run(upload(HEAD + "林,13800000001,,A1\n王,13800000002,,A1\n", desk, of))
    assert (file.added, file.bad, file.source) == (1, 1, of.kind)
    assert ImportRow.objects.get(outcome="bad").errors == {"external_id": "taken"}
    assert PartnerReference.objects.get().external_id == "A1"
    assert Application.objects.get().partner == of


def test_a_workbook_goes_the_same_way(agency: Agency, desk: Actor) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    for row in (["姓名", "联系电话", "所在城市"], ["林", 13800000001, agency.city.name_zh], ["王", "=A1", None]):
        sheet.append(row)
    book.save(out)
    file = run(upload(out.getvalue(), desk, name="名单.xlsx"))
    assert (file.encoding, file.added, file.bad) == ("xlsx", 1, 1)
    assert Application.objects.get().city == agency.city


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        (HEAD, "no_rows"),
        (rows_of(4), "too_many_rows"),
        ("x" * (2 << 20), "too_large"),
        (b"PK\x03\x04x", "unreadable"),
    ],
)
def test_what_is_no_file_for_us(desk: Actor, content: str, code: str) -> None:
    SourcePolicy(import_rows=3, import_megabytes=1).save()
    with pytest.raises(Invalid) as refused:
        upload(content, desk)
    assert refused.value.code == code
    assert not ImportFile.objects.exists()


def test_columns_can_be_named_by_hand(desk: Actor) -> None:
    file = upload("a,b\n林,13800000001\n", desk)
    assert importing.preview(file, NOW) == []
    with pytest.raises(Invalid):
        importing.start(file.pk, by=desk, now=NOW)
    with pytest.raises(Invalid):
        importing.remap(file.pk, {"0": "name", "1": "name"})
    importing.remap(file.pk, {"0": "name", "1": "phone"})
    assert run(ImportFile.objects.get()).added == 1


def test_files_go_after_their_days_and_the_numbers_stay(desk: Actor, private) -> None:
    file = run(upload(rows_of(3), desk))
    assert list(private.rglob("*.jsonl"))
    days = timedelta(days=SourcePolicy.current().import_days)
    sources_sweep.sweep(NOW + days, NOW)
    assert list(private.rglob("*.jsonl"))
    sources_sweep.sweep(NOW + days + timedelta(seconds=1), NOW)
    file.refresh_from_db()
    assert not list(private.rglob("*.jsonl")) and not ImportRow.objects.exists()
    assert (file.file, file.added) == ("", 3)
    assert outbox.topics()["import.rows"]
