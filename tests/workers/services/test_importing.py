"""Files of applicants: 10,000 hostile rows, run twice, killed in the middle; what is wrong comes back to be mended."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
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


def hostile() -> bytes:
    """Ten thousand rows under a head: some good, the rest everything that files have been seen to hold."""
    good = [f"林{number},1380000{number:04d},上海,".encode() for number in range(GOOD)]
    wide = "王芳,１３９０００００００１,ｓｈａｎｇｈａｉ,".encode()
    bad = [
        b"\xc1\xd6\xcf\xfe,13700000001,,",
        "\ufeff林晓,1,,".encode(),
        b"a\x00b,13700000003,,",
        "大".encode() * (1 << 19) + b",13700000004,,",
        b'=cmd|"/c calc"!A0,13700000005,,',
        "＝1+1,13700000006,,".encode(),
        b"\t@SUM(A1),13700000007,,",
        '"没有关上的引号,13700000008,,'.encode(),
        "没有手机".encode(),
        b",,,x",
        "城市不对,13700000011,亚特兰蒂斯,".encode(),
        b'"' + "两\n行".encode() * 40 + b'",13700000012,,',
    ]
    rows = [*good, wide, *bad]
    # Again and again the same people, and more of what is bad but small: the file stays below the policy's 20 MB.
    small = [row for row in bad if len(row) < 1000]
    for number in range(10_000 - len(rows)):
        rows.append(good[number % GOOD] if number % 20 == 0 else small[number % len(small)])
    return HEAD.encode() + b"\n".join(rows)


def test_ten_thousand_hostile_rows(desk: Actor) -> None:
    content = hostile()
    first = run(upload(content, desk))
    told = Counter(ImportRow.objects.filter(file=first).values_list("outcome", flat=True))
    assert first.rows == first.done == 10_000
    assert first.added + first.possible + first.unchanged + first.bad == 10_000
    assert told == {"added": first.added, "unchanged": first.unchanged, "bad": first.bad}
    assert first.added == GOOD + 1 == Application.objects.count()
    assert ImportRow.objects.filter(file=first, outcome="added").earliest("line").line == 2
    codes = {code for row in ImportRow.objects.filter(file=first) for code in row.errors.values()}
    assert codes >= {"broken", "control", "long", "formula", "quote", "missing", "city", "phone"}

    second = run(upload(content, desk))
    assert (second.added, second.possible, second.bad) == (0, 0, first.bad)
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
