"""All proposals of a batch in one transaction: the rows, audit events and announcements that the product writes.

The product's batch writes the same in slices, each move judged again on what is true by then.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction

from bench import rows
from orders.matching import Proposal, ShiftProposal
from orders.models import MatchRun, Order, OrderPolicy, Position
from orders.services import horizon, locks, matching
from orders.services.moves import Move, moves_of
from orders.states import PositionStatus
from staffing.core import outbox
from staffing.core.actors import SYSTEM
from staffing.core.transitions import change_many

# answers of shifts in one statement
AT_ONCE = 500
CHOSEN = ("proposed_worker", "backup_worker", "score", "match", "novice", "chosen_by_hand")


@transaction.atomic
def write(found: horizon.Horizon, result: Proposal) -> MatchRun:
    """Keep the run, give the places away, and move the orders on."""
    locks.matching()
    orders = list(Order.objects.select_for_update(no_key=True).filter(pk__in=found.orders).order_by("pk"))
    run = matching.keep_run(None, "batch", result, fallback=False, began=0.0, now=rows.NOW)
    _give(moves_of(found, result), _kept(run, result.shifts))
    empty = [place for of in found.movable.values() for place in of if str(place.status) == PositionStatus.OPEN]
    _move_on(orders, run, {found.needs[place.shift_id].order_id for place in empty})
    _seek_again(empty)
    return run


def _kept(run: MatchRun, answers: Sequence[ShiftProposal]) -> dict[int, int]:
    """The id of each shift's answer; the rows themselves are not held."""
    stored: dict[int, int] = {}
    for first in range(0, len(answers), AT_ONCE):
        part = answers[first : first + AT_ONCE]
        for answer, row in zip(part, matching.keep_shifts(run, part), strict=True):
            stored[answer.need.shift_id] = row.pk
    return stored


def _give(moves: Sequence[Move], stored: Mapping[int, int]) -> None:
    told = []
    for move in moves:
        choice = move.choice
        assert choice is not None, "nobody is proposed yet"
        place = move.place
        place.proposed_worker_id, place.backup_worker_id = choice.worker, choice.backup
        place.score, place.novice, place.match_id = choice.score, choice.novice, stored[place.shift_id]
        place.chosen_by_hand = False
        told.append({"worker": choice.worker, "score": choice.score})
    change_many([move.place for move in moves], "propose", by=SYSTEM, now=rows.NOW, data=told, also=CHOSEN)


def _move_on(orders: Sequence[Order], run: MatchRun, short: set[int]) -> None:
    for order in orders:
        if order.pk not in short:
            order.proposed_at = rows.NOW
    told = [{"run": run.pk} for _ in orders]
    change_many(orders, "propose", by=SYSTEM, now=rows.NOW, data=told, also=["proposed_at"])


def _seek_again(places: Sequence[Position]) -> None:
    due = rows.NOW + timedelta(minutes=OrderPolicy.current().seek_again_minutes)
    facts = [({"id": place.pk}, f"{place.pk}:{uuid.uuid4()}") for place in places]
    outbox.publish_many("position.seek", facts, now=rows.NOW, due_at=due)
