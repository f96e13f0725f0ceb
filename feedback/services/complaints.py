"""Complaints from anybody at any time: kept once, with what belongs to them, and a case opened for each."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from feedback.models import Complaint
from feedback.services import cases
from feedback.states import CLOSED
from orders.models import Assignment, Client, Order
from orders.selectors import client_order as costs
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import Role

Json = dict[str, Any]
SOURCES = {Role.CLIENT: Complaint.Source.CLIENT, Role.WORKER: Complaint.Source.WORKER}


@dataclass(frozen=True, slots=True)
class Words:
    """What is wrong: a category, how badly (1–3), and the sender's words."""

    category: str
    severity: int
    text: str


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what it concerns; nothing but the client is needed."""

    client: Client
    order: Order | None = None
    assignment: Assignment | None = None


def file(
    about: About,
    words: Words,
    *,
    by: Actor,
    now: datetime,
    key: uuid.UUID,
    caller: str = "",
    may_name: bool = False,
) -> Complaint:
    """Keep a complaint and open its case. `key` names the form: sending it again gives the first one.

    The agency writes down what somebody said on the phone (`caller`). `may_name`: whether a worker's name may be told
    to the client. Raises `Invalid` without words or for an order of somebody else, `Conflict` for another's key.
    """
    _check(about, words)
    try:
        with transaction.atomic():
            return _file(about, words, by=by, now=now, key=key, caller=caller, may_name=may_name)
    except IntegrityError as twin:
        found = Complaint.objects.filter(form_key=key).first()
        if found is None:
            raise
        if by.user not in (found.reporter, found.recorded_by):
            raise Conflict("key_taken", _("请刷新页面后再提交。")) from twin
        return found


def _check(about: About, words: Words) -> None:
    if not words.text.strip():
        raise Invalid("no_text", _("请说明发生了什么。"))
    if words.category not in Complaint.Category.values or words.severity not in Complaint.Severity.values:
        raise Invalid("bad_kind", _("请选择类别与严重程度。"))
    if about.order is not None and about.order.client_id != about.client.pk:
        raise Invalid("foreign_order", _("这个订单不属于该客户。"))


def _file(about: About, words: Words, *, by: Actor, now: datetime, key: uuid.UUID, **more: Any) -> Complaint:
    source = SOURCES.get(Role(by.role), Complaint.Source.PHONE)
    told = source == Complaint.Source.PHONE
    complaint = Complaint.objects.create(
        client=about.client,
        order=about.order,
        assignment=about.assignment,
        raised_by_role=source,
        reporter=None if told else by.user,
        recorded_by=by.user if told else None,
        category=words.category,
        severity=words.severity,
        text=words.text.strip(),
        fees=_fees(about.order) if words.category == Complaint.Category.COST else [],
        form_key=key,
        at=now,
        **more,
    )
    audit.record(complaint, "file", by=by, now=now, data={"category": words.category, "severity": words.severity})
    cases.open_for(complaint=complaint, now=now)
    return complaint


def _fees(order: Order | None) -> list[Json]:
    """What the order costs as it stands (CNY): planned hours by kind, hours accepted, places given up."""
    if order is None:
        return []
    planned = costs.cost_of(order, list(order.shifts.all())).by_kind()
    lines = [_line(one.code, one.amount, percent=str(one.percent), minutes=one.minutes) for one in planned]
    bill = costs.invoice_of(order)
    rest = (("approved", bill.total - bill.fee), ("pending", bill.pending), ("cancelling", bill.fee))
    return lines + [_line(code, amount) for code, amount in rest if amount]


def _line(code: str, amount: Any, **more: Any) -> Json:
    return {"code": str(code), "amount": str(amount), **more}


@transaction.atomic
def classify(complaint_id: int, *, category: str, severity: int, by: Actor, now: datetime) -> Complaint:
    """Put a complaint under what it really is about; what it was before stays in the audit."""
    complaint = _locked(complaint_id)
    if category not in Complaint.Category.values or severity not in Complaint.Severity.values:
        raise Invalid("bad_kind", _("请选择类别与严重程度。"))
    before = {"category": complaint.category, "severity": complaint.severity}
    after = {"category": category, "severity": severity}
    if before == after:
        return complaint
    complaint.category, complaint.severity = category, severity
    if category == Complaint.Category.COST and not complaint.fees:
        complaint.fees = _fees(complaint.order)
    complaint.save(update_fields=["category", "severity", "fees"])
    audit.record(complaint, "classify", by=by, now=now, data={"before": before, "after": after})
    return complaint


@transaction.atomic
def archive(complaint_id: int, *, by: Actor, now: datetime) -> Complaint:
    """Put a complaint away once its case is closed; repeating it changes nothing. Raises `Conflict` before that."""
    complaint = _locked(complaint_id)
    if complaint.archived_at is not None:
        return complaint
    if complaint.case.status not in CLOSED:
        raise Conflict("case_open", _("案件结案后才能归档。"))
    complaint.archived_at = now
    complaint.save(update_fields=["archived_at"])
    audit.record(complaint, "archive", by=by, now=now)
    return complaint


def _locked(complaint_id: int) -> Complaint:
    rows = Complaint.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("order", "case").get(pk=complaint_id)
