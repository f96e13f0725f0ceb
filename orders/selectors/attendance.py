"""What each shift of somebody says about them: on time, late, not there, called off late. A strike that an appeal
suspends or has taken back says nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from orders.models import OrderPolicy
from orders.services.reliability import strikes_and_services
from orders.states import AssignmentStatus

Fact = Literal["on_time", "late", "no_show", "cancel"]


@dataclass(frozen=True, slots=True)
class Deed:
    """One shift, and how it went."""

    worker: int
    service_type: str
    assignment: int
    start: datetime
    title: str
    fact: Fact


def deeds(workers: Iterable[int], since: datetime, now: datetime) -> Iterator[Deed]:
    """Of these workers, shifts that began since then or would have, the newest first. Two queries."""
    order = "position__shift__order"
    rows = strikes_and_services(OrderPolicy.current()).filter(worker__in=list(workers), start_at__gt=since)
    columns = ("worker", f"{order}__service_type", "pk", "start_at", f"{order}__title", "status")
    told = rows.order_by("-start_at", "-pk").values_list(*columns, "timesheet__late_minutes")
    for worker, kind, pk, start, title, status, late in told:
        yield Deed(worker, kind, pk, start, title, _fact(status, late or 0))


def _fact(status: str, late: int) -> Fact:
    if status == AssignmentStatus.NO_SHOW:
        return "no_show"
    if status == AssignmentStatus.CANCELLED:
        return "cancel"
    return "late" if late else "on_time"
