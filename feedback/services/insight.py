"""What people note after a shift: grouped by itself, tidied by a person, sent to the client's product team.

Lock order: the client row first; nothing below it is locked apart.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.likeness import closest
from feedback.models import InsightGroup, InsightNote, InsightReport, LoopPolicy, ProductContact
from feedback.selectors import insight as reads
from orders.models import Assignment, Client
from orders.states import AssignmentStatus
from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing that came up `count` times; `key` makes a repeat harmless."""

    kind: str
    text: str
    key: uuid.UUID
    count: int = 1
    product: str = ""


def _lock(client_id: int) -> Client:
    return Client.objects.select_for_update(no_key=True).get(pk=client_id)


@transaction.atomic
def note(work: Assignment, noted: Noted, now: datetime) -> InsightNote:
    """Keep a note of somebody who has served, in the group that says the same, or in one of its own.

    The same form sent again gives the first note. Raises `Invalid` without words, `Conflict` before the shift is over.
    """
    text = " ".join(noted.text.split())
    if not text:
        raise Invalid("no_text", _("请写下内容。"))
    if work.status != AssignmentStatus.COMPLETED:
        raise Conflict("not_served", _("下班打卡后才能填写。"))
    client = _lock(work.position.shift.order.client_id)
    if (known := InsightNote.objects.filter(form_key=noted.key).first()) is not None:
        return known
    group = _group_for(client, noted, text, now)
    return InsightNote.objects.create(
        group=group, assignment=work, text=text, count=noted.count, at=now, form_key=noted.key
    )


def _group_for(client: Client, noted: Noted, text: str, now: datetime) -> InsightGroup:
    product = noted.product.strip()
    known = reads.known_texts(client.pk, noted.kind, product)
    found = closest(text, known, LoopPolicy.current().insight_likeness_percent)
    return found or InsightGroup.objects.create(
        client=client, kind=noted.kind, product=product, title=text, made_at=now
    )


@transaction.atomic
def describe(group_id: int, *, title: str, product: str, by: Actor, now: datetime) -> InsightGroup:
    """Give a group better words. Raises `Invalid` without any."""
    row = _locked_groups([group_id])[0]
    title, product = title.strip(), product.strip()
    if not title:
        raise Invalid("no_text", _("请写下标题。"))
    if (row.title, row.product) != (title, product):
        was, row.title, row.product = row.title, title, product
        row.save(update_fields=["title", "product"])
        audit.record(row, "describe", by=by, now=now, data={"was": was, "title": title})
    return row


@transaction.atomic
def merge(group_ids: Iterable[int], *, by: Actor, now: datetime) -> InsightGroup:
    """Make one group of several: the one with most notes keeps its words. Merged ones named again are left out.

    Raises `Invalid` for fewer than two, or for groups of different clients or kinds.
    """
    rows = _locked_groups(group_ids)
    if len(rows) < 2:
        raise Invalid("too_few", _("请选择至少两组再合并。"))
    if len({(row.client_id, row.kind) for row in rows}) > 1:
        raise Invalid("different", _("只能合并同一客户、同一类型的分组。"))
    kept = max(rows, key=lambda row: (reads.weight(row), -row.pk))
    others = [row for row in rows if row != kept]
    InsightNote.objects.filter(group__in=others).update(group=kept)
    audit.record(kept, "merge", by=by, now=now, data={"titles": [row.title for row in others]})
    InsightGroup.objects.filter(pk__in=[row.pk for row in others]).delete()
    return kept


def _locked_groups(group_ids: Iterable[int]) -> Sequence[InsightGroup]:
    """The groups that still exist, under their clients' locks."""
    ids = list(group_ids)
    clients = InsightGroup.objects.filter(pk__in=ids).order_by("client_id").values_list("client_id", flat=True)
    for client_id in dict.fromkeys(clients):
        _lock(client_id)
    rows = list(InsightGroup.objects.filter(pk__in=ids).order_by("pk"))
    if not rows:
        raise Conflict("gone", _("这些分组已被合并，请刷新后查看。"))
    return rows


@transaction.atomic
def set_contact(client: Client, *, email: str, language: str, by: Actor, now: datetime) -> ProductContact:
    """To whom the insight goes."""
    row, _new = ProductContact.objects.update_or_create(client=client, defaults={"email": email, "language": language})
    audit.record(client, "product_contact", by=by, now=now)
    return row


@transaction.atomic
def send(client_id: int, monday: date, *, by: Actor, now: datetime) -> InsightReport:
    """Send the week's groups to the client's product team, once: a repeat gives the report that was sent.

    Raises `Invalid` without an address or without anything to say, `Conflict` before the week is over.
    """
    client = _lock(client_id)
    if (known := InsightReport.objects.filter(client=client, monday=monday).first()) is not None:
        return known
    contact = ProductContact.objects.filter(client=client).first()
    if contact is None:
        raise Invalid("no_contact", _("客户尚未填写产品团队邮箱。"))
    if now < reads.week(monday)[1]:
        raise Conflict("week_runs", _("这一周还没有结束。"))
    content = reads.content(client_id, monday)
    if not content:
        raise Invalid("nothing", _("这一周没有内容可以发送。"))
    assert by.user is not None, "somebody sends it"
    row = InsightReport.objects.create(
        client=client,
        monday=monday,
        email=contact.email,
        language=contact.language,
        content=content,
        asked_by=by.user,
        asked_at=now,
    )
    audit.record(row, "send", by=by, now=now)
    outbox.publish("insight.report", {"id": row.pk}, key=str(row.pk), now=now)
    return row
