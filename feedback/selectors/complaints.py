"""Complaints with what their lines and pages show."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.models import CaseRound, Complaint
from feedback.states import CLOSED
from staffing.core.models import AuditEvent

STATES = [("open", _("处理中")), ("closed", _("已结案")), ("archived", _("已归档"))]


def listed(found: QuerySet[Complaint] | None = None) -> QuerySet[Complaint]:
    """With client, order, sender and case; the newest first."""
    rows = Complaint.objects.all() if found is None else found
    related = ("client", "order", "reporter", "recorded_by", "case__owner")
    return rows.select_related(*related).order_by("-at", "-pk")


def detailed(found: QuerySet[Complaint] | None = None) -> QuerySet[Complaint]:
    """With the rounds of its case, the latest first."""
    rounds = Prefetch("case__rounds", CaseRound.objects.order_by("-number"))
    return listed(found).prefetch_related(rounds)


def in_state(found: QuerySet[Complaint], state: str) -> QuerySet[Complaint]:
    """Those whose case runs, is closed, or that were put away."""
    if state == "archived":
        return found.filter(archived_at__isnull=False)
    here = found.filter(archived_at__isnull=True)
    return here.filter(case__status__in=CLOSED) if state == "closed" else here.exclude(case__status__in=CLOSED)


def history(complaint: Complaint) -> list[AuditEvent]:
    """What was done with the complaint itself, in order."""
    events = AuditEvent.objects.filter(subject_type="complaint", subject_id=complaint.pk)
    return list(events.select_related("actor").order_by("at", "pk"))
