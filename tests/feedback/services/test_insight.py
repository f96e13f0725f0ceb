"""Notes after a shift: grouped by themselves, tidied by a person, sent once a week without names."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from feedback.models import InsightGroup, InsightNote, InsightReport
from feedback.selectors import insight as reads
from feedback.services import insight
from feedback.services.insight import Noted
from orders.models import Assignment, Client
from orders.services import attendance
from staffing.core.actors import Actor, actor_of
from staffing.core.errors import Conflict, Invalid
from tests.fixtures.agency import NOW, Agency
from tests.fixtures.outbox import again, drain
from tests.orders.services.line import AT_SITE, booked, person

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 23)
AFTER = NOW + 7 * DAY


@pytest.fixture
def desk(agency: Agency) -> Actor:
    return actor_of(agency.dispatcher())


def served(agency: Agency, **fields: Any) -> Assignment:
    """A shift that is over."""
    agency.worker()
    (work,) = booked(agency, **fields)
    attendance.check_in(work.pk, by=person(work), now=work.start_at, fix=AT_SITE)
    attendance.check_out(work.pk, by=person(work), now=work.end_at, fix=AT_SITE)
    return Assignment.objects.select_related("position__shift__order", "worker__user").get(pk=work.pk)


def note(work: Assignment, text: str, kind: str = "question", **more: Any) -> InsightNote:
    return insight.note(work, Noted(kind, text, uuid.uuid4(), **more), work.end_at)


def client_of(work: Assignment) -> Client:
    return work.position.shift.order.client


def test_what_says_the_same_is_one_group(agency: Agency) -> None:
    work = served(agency)
    notes = [note(work, text) for text in ("退货运费谁承担？", "退货的运费由谁承担", "发票抬头怎么改")]
    assert notes[0].group == notes[1].group != notes[2].group
    assert notes[0].group.title == "退货运费谁承担？"


def test_kinds_products_and_clients_are_kept_apart(agency: Agency) -> None:
    work = served(agency)
    same = "希望支持夜间退款"
    groups = [
        note(work, same).group,
        note(work, same, kind="need").group,
        note(work, same, kind="need", product="旗舰版").group,
        note(work, same, kind="need", product="企业版").group,
    ]
    # One without a product may be about any of them; two products are two.
    assert groups[1] == groups[2]
    third = note(work, "企业版登录很慢", kind="need", product="企业版").group
    fourth = note(work, "企业版登录很慢", kind="need", product="旗舰版").group
    assert len({groups[0], groups[1], third, fourth}) == 4
    assert Client.objects.filter(insight_groups__isnull=False).distinct().count() == 1


def test_the_same_form_sent_twice_is_one_note(agency: Agency) -> None:
    work = served(agency)
    noted = Noted("idea", "加一个催单按钮", uuid.uuid4(), count=4)
    assert insight.note(work, noted, work.end_at) == insight.note(work, noted, work.end_at)
    assert InsightNote.objects.get().count == 4


def test_nothing_is_noted_before_the_shift_is_over_or_without_words(agency: Agency) -> None:
    work = served(agency)
    with pytest.raises(Invalid):
        note(work, "  \n ")
    work.status = "checked_in"
    with pytest.raises(Conflict):
        note(work, "运费")
    assert not InsightGroup.objects.exists()


def test_a_person_merges_and_renames(agency: Agency, desk: Actor) -> None:
    work = served(agency)
    small, large = note(work, "能不能开电子发票").group, note(work, "运费谁出", count=5).group
    kept = insight.merge([small.pk, large.pk], by=desk, now=NOW)
    assert kept == large
    assert InsightNote.objects.filter(group=large).count() == 2
    insight.describe(large.pk, title="发票与运费", product="小程序", by=desk, now=NOW)
    large.refresh_from_db()
    assert (large.title, large.product) == ("发票与运费", "小程序")
    with pytest.raises(Invalid):
        insight.merge([large.pk, small.pk], by=desk, now=NOW)
    with pytest.raises(Conflict):
        insight.merge([small.pk], by=desk, now=NOW)
    with pytest.raises(Invalid):
        insight.describe(large.pk, title=" ", product="", by=desk, now=NOW)


def test_only_what_belongs_together_is_merged(agency: Agency, desk: Actor) -> None:
    work = served(agency)
    groups = [note(work, "运费谁出", kind=kind).group.pk for kind in ("question", "need")]
    with pytest.raises(Invalid):
        insight.merge(groups, by=desk, now=NOW)


def test_the_report_goes_out_once_grouped_and_without_names(agency: Agency, desk: Actor) -> None:
    work = served(agency)
    note(work, "运费谁出", count=3)
    note(work, "运费谁出？", count=2)
    note(work, "加一个催单按钮", kind="idea", product="小程序")
    client = client_of(work)
    contact = {"email": "product@client.example", "language": "zh-hans"}
    insight.set_contact(client, **contact, by=desk, now=NOW)
    first = insight.send(client.pk, MONDAY, by=desk, now=AFTER)
    assert insight.send(client.pk, MONDAY, by=desk, now=AFTER) == first
    drain(AFTER)
    again("send_insight", AFTER)
    (letter,) = mail.outbox
    assert letter.to == ["product@client.example"]
    assert "- 运费谁出 · 5 次，来自 1 个班次" in letter.body
    assert "- [小程序] 加一个催单按钮" in letter.body
    assert work.worker.user.name not in f"{letter.subject}{letter.body}"
    assert InsightReport.objects.get().sent_at == AFTER
    assert first.content == reads.content(client.pk, MONDAY)


def test_a_report_needs_an_address_something_to_say_and_the_end_of_the_week(agency: Agency, desk: Actor) -> None:
    work = served(agency)
    client = client_of(work)
    note(work, "运费谁出")
    with pytest.raises(Invalid):
        insight.send(client.pk, MONDAY, by=desk, now=AFTER)
    insight.set_contact(client, email="p@client.example", language="en", by=desk, now=NOW)
    with pytest.raises(Conflict):
        insight.send(client.pk, MONDAY, by=desk, now=NOW + 6 * DAY)
    with pytest.raises(Invalid):
        insight.send(client.pk, MONDAY - 7 * DAY, by=desk, now=AFTER)
    assert not InsightReport.objects.exists()


def test_the_desk_sees_each_client_once_a_week(agency: Agency, desk: Actor) -> None:
    one = served(agency)
    note(one, "运费谁出")
    note(one, "加一个催单按钮", kind="idea")
    other = served(agency, start=NOW + 2 * DAY)
    note(other, "运费谁出")
    assert [(row["name"], row["notes"], row["sent"]) for row in reads.clients(MONDAY)] == [
        (client_of(one).name, 2, None),
        (client_of(other).name, 1, None),
    ]
    assert reads.clients(MONDAY + 7 * DAY) == []
