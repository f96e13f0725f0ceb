"""What a repair changes for good: previewed, applied once, audited, taken back where that makes sense."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.models import ReviewCase, WriteBack
from feedback.services import cases
from feedback.services.remedies import REMEDIES, Plan
from feedback.states import CaseStatus
from orders.models import Client
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid

# A cause must be named first; what the client said since does not forbid to learn.
AFTER_CAUSE = (CaseStatus.FIXING, CaseStatus.REPORTED, CaseStatus.CONFIRMED, CaseStatus.NO_ANSWER)


def preview(case: ReviewCase, plan: Plan, now: datetime) -> dict[str, Any]:
    """What the plan would change, as facts of its kind; writes nothing. Raises `Invalid` and `Conflict` as `apply`."""
    _allowed(case, plan)
    return REMEDIES[plan.kind].prepare(case, plan, now)


def _allowed(case: ReviewCase, plan: Plan) -> None:
    if plan.kind not in REMEDIES:
        raise Invalid("no_kind", _("请选择整改方式。"))
    if case.status not in AFTER_CAUSE:
        raise Conflict("no_cause", _("请先查明原因，再落实整改。"))


@transaction.atomic
def apply(case_id: int, plan: Plan, *, form_key: uuid.UUID, by: Actor, now: datetime) -> WriteBack:
    """Change it by the service of the app that owns it. The same form again gives what it did.

    Raises `Conflict` before the cause is named, `Invalid` for what makes no sense or is so already.
    """
    client_id = ReviewCase.objects.values_list("client_id", flat=True).get(pk=case_id)
    Client.objects.select_for_update(no_key=True).get(pk=client_id)
    found = WriteBack.objects.filter(form_key=form_key).first()
    if found is not None:
        return found
    case = cases.lock(case_id)
    row = _row(case, plan, form_key, by, now)
    row.undo = REMEDIES[plan.kind].apply(row, plan, by, now)
    row.save()
    audit.record(case, "write_back", by=by, now=now, data={"kind": row.kind, "id": row.pk})
    return row


def _row(case: ReviewCase, plan: Plan, form_key: uuid.UUID, by: Actor, now: datetime) -> WriteBack:
    assert by.user is not None
    return WriteBack(
        case=case,
        round=case.round,
        kind=plan.kind,
        cause=cases.current_round(case).cause,
        client=case.client,
        worker=plan.worker,
        data=preview(case, plan, now),
        form_key=form_key,
        applied_by=by.user,
        applied_at=now,
    )


@transaction.atomic
def revert(writeback_id: int, *, by: Actor, now: datetime) -> WriteBack:
    """Take it back. Repeating it changes nothing; `Conflict` if somebody has changed the same since."""
    client_id = WriteBack.objects.values_list("client_id", flat=True).get(pk=writeback_id)
    Client.objects.select_for_update(no_key=True).get(pk=client_id)
    related = ("case", "client", "worker__user")
    row = WriteBack.objects.select_for_update(of=("self",)).select_related(*related).get(pk=writeback_id)
    if row.reverted_at is not None:
        return row
    REMEDIES[row.kind].revert(row, by, now)
    row.reverted_at, row.reverted_by = now, by.user
    row.save(update_fields=["reverted_at", "reverted_by"])
    audit.record(row.case, "take_back", by=by, now=now, data={"kind": row.kind, "id": row.pk})
    return row
