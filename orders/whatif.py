"""Who a shift reaches now, and what changing it would bring: from the pool as columns, for order rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from orders import snapshot
from orders.matching import Need
from orders.models import Assignment, Order, Position, Shift
from orders.pool import gone_from, needs_of, weights_in_force
from orders.pool_reader import COURTED
from orders.states import ACTIVE_ASSIGNMENT
from staffing.core.bulk import together
from staffing.core.errors import DomainError

if TYPE_CHECKING:
    from orders.matching.after_course import Ids
    from orders.matching.whatif import WhatIf


class Unavailable(DomainError):
    """The pool's columns cannot be had; plain SQL finds who suits, but cannot tell what a change would bring."""

    status = 503

    def __init__(self) -> None:
        super().__init__("pool_unavailable", _("人员索引暂时不可用，现在无法估算放宽条件的效果，请稍后再试。"))


@dataclass(frozen=True, slots=True)
class Told:
    """What changing one shift would bring; `placed` people already have a place of it and are not counted. `opened`:
    by course the people who lack it and nothing else."""

    shift: Shift
    need: Need
    found: WhatIf
    placed: int
    pool_size: int
    opened: Mapping[str, Ids]


def of_shifts(order: Order, shifts: Sequence[Shift], now: datetime) -> list[Told]:
    """For each shift that is not over. Raises `Unavailable`."""
    coming = [shift for shift in shifts if shift.end_at > now]
    if not coming:
        return []
    known = snapshot.available(now)
    if known is None:
        raise Unavailable
    # Compiled code is loaded when it is first asked, not when Django starts.
    from orders.matching.after_course import opened_by
    from orders.matching.whatif import what_if

    weights, gone = weights_in_force(), gone_from(shift.pk for shift in coming)
    placed = placed_on([shift.pk for shift in coming])
    told = []
    for shift, need in zip(coming, needs_of(order, coming, not_before=now, weights=weights), strict=True):
        here = frozenset(placed.get(shift.pk, ()))
        aside = {"excluded": gone.get(shift.pk, frozenset()) - here, "on_shift": here}
        found = what_if(known.pool, need, weights, not_before=now, **aside)
        set_aside = {"excluded": {shift.pk: aside["excluded"]}, "placed": {shift.pk: here}}
        opened = opened_by(known.pool, [need], weights, **set_aside)
        by_course = {course: ids for (_shift, course), ids in opened.items()}
        told.append(Told(shift, need, found, len(here), len(known.pool), by_course))
    return told


def placed_on(shift_ids: Sequence[int]) -> Mapping[int, set[int]]:
    """By shift: workers proposed, offered or booked on its places (one query)."""
    courted = Position.objects.filter(shift__in=shift_ids, status__in=COURTED, proposed_worker__isnull=False)
    booked = Assignment.objects.filter(position__shift__in=shift_ids, status__in=ACTIVE_ASSIGNMENT)
    found: dict[int, set[int]] = defaultdict(set)
    rows = together((courted, ("shift_id", "proposed_worker_id")), (booked, ("position__shift_id", "worker_id")))
    for shift, worker in chain(*rows):
        found[shift].add(worker or 0)
    return found


def of_shift(shift: Shift, now: datetime) -> Told | None:
    """For one shift; None if it is over. Raises `Unavailable`."""
    return next(iter(of_shifts(shift.order, [shift], now)), None)
