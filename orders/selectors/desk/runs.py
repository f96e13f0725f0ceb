"""How the engine's latest run for an order went."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Subquery

from orders import change_text as text
from orders.models import MatchRun, MatchShift, MatchWeights, Order

CAUSES = ("order", "batch")
DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A run in words; "" where it did not keep a thing. `weights`: the row of the version, if it still is there."""

    at: datetime
    cause: str
    method: str
    gap: str
    weights_version: str
    weights: int | None
    pool_size: int
    shortage: int
    duration_ms: int
    fallback: bool
    digest: str
    together: int


def facts_of(order: Order) -> RunFacts | None:
    """The newest run that planned the order, alone or with others; None before the first (one query)."""
    answered = MatchShift.objects.filter(run=OuterRef("pk"), shift__order=order.pk)
    mine = Q(order=order.pk) | Q(order=None) & Exists(answered)
    version = MatchWeights.objects.filter(version=OuterRef("weights_version")).values("pk")[:1]
    run = MatchRun.objects.filter(mine, cause__in=CAUSES).annotate(row=Subquery(version)).order_by("-id").first()
    if run is None:
        return None
    return RunFacts(
        at=run.created_at,
        cause=text.cause_text(run.cause),
        method=text.method_text(run.method, stopped=run.stopped),
        gap=text.gap_text(run.gap),
        weights_version=run.weights_version,
        weights=run.row,
        pool_size=run.pool_size,
        shortage=run.shortage if run.order_id else 0,
        duration_ms=run.duration_ms,
        fallback=run.fallback,
        digest=run.inputs_digest[:DIGEST_SHOWN],
        together=0 if run.order_id else run.positions,
    )
