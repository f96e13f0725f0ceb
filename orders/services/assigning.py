"""A place given to somebody by hand from a board, whatever its state; nothing is done if it is not as it was seen."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.matching import Reason
from orders.matching.explain import reason_to_dict
from orders.models import Assignment, Position
from orders.pool import gone_from
from orders.services import attendance, bookings, locks, offers, ordering, proposing
from orders.states import ACTIVE_ASSIGNMENT, PositionStatus
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid


class MovedOn(Conflict):
    """Somebody was quicker: the place is not as it was shown. `worker_id` is who has it now."""

    def __init__(self, place: Position, name: str, worker_id: int | None) -> None:
        state = str(PositionStatus(place.status).label)
        words = _("刚刚有变动：这个名额现在是“%(state)s”（%(name)s）。看板已更新，请按现在的情况再决定。")
        super().__init__("moved_on", words, state=state, name=name or _t("暂无人选"))
        self.worker_id = worker_id


def seen_of(status: str, worker_id: int | None) -> str:
    """What a board shows of a place, to be sent back with what is asked: "filled:7"."""
    return f"{status}:{worker_id or ''}"


@transaction.atomic
def assign(
    position_id: int,
    worker_id: int,
    *,
    by: Actor,
    now: datetime,
    seen: str,
    reason: str = "",
    override: bool = False,
) -> Position:
    """Put a worker on a place that is as it was `seen`. Whoever has said yes is released and told first.

    Repeating it changes nothing. Raises `MovedOn` if the place has changed, `Invalid` where a reason is missing (for
    releasing somebody, or for an override), and what `proposing.exchange` raises; then nothing has been done.
    """
    locks.matching()
    place = locks.position(position_id)
    held = _booking(place)
    if worker_id == (held.worker_id if held else place.proposed_worker_id):
        return place
    _as_seen(place, held, seen)
    if (override or held) and not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    declined = worker_id in gone_from([place.shift_id]).get(place.shift_id, frozenset())
    if declined and not override:
        raise bookings.NotFree("not_eligible", _("此人不符合要求，不能直接派单。"), reasons=[_declined()])
    if held:
        attendance.release(held.pk, by=by, now=now, reason=reason)
    why = reason.strip() or _t("在周排班中指派")
    place = proposing.exchange(position_id, worker_id, by=by, now=now, reason=why, override=override)
    if declined:
        audit.record(place, "override", by=by, now=now, reason=why, data={"reasons": [_declined()]})
    return place


@transaction.atomic
def take_off(position_id: int, *, by: Actor, now: datetime, seen: str, reason: str) -> Position:
    """Empty a place that is as it was `seen`: a choice is cleared, an offer withdrawn, a booked worker released.

    Somebody is sought again as for any open place. Repeating it changes nothing. Raises `MovedOn`, `Invalid` without a
    reason, `Conflict` once the worker has come or the shift is over.
    """
    place = locks.position(position_id)
    held = _booking(place)
    if place.status == PositionStatus.OPEN:
        return place
    _as_seen(place, held, seen)
    if not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    if held:
        attendance.release(held.pk, by=by, now=now, reason=reason)
        return place
    offers.withdraw_all(place, by=by, now=now, reason=reason)
    ordering.clear(place, by=by, now=now, reason=reason)
    proposing.seek_again(place, now)
    return place


@transaction.atomic
def move(
    position_id: int,
    to_id: int,
    worker_id: int,
    *,
    by: Actor,
    now: datetime,
    seen: str,
    seen_to: str,
    reason: str = "",
    override: bool = False,
) -> Position:
    """Take a worker off one place and put them on another, in one go: if they may not have that one they keep theirs.

    Whoever has the other place is released and told, as `assign` does. Repeating it changes nothing. Raises `MovedOn`
    if either place is not as it was seen, and what `take_off` and `assign` raise.
    """
    locks.matching()
    _lock_orders(position_id, to_id)
    place, target = locks.position(position_id), locks.position(to_id)
    if place.shift_id == target.shift_id:
        raise Invalid("same_shift", _("同一班次的名额不分先后，不用调换。"))
    if target.proposed_worker_id == worker_id and place.proposed_worker_id != worker_id:
        return target
    _as_seen(place, _booking(place), seen)
    _as_seen(target, _booking(target), seen_to)
    if place.proposed_worker_id != worker_id:
        raise MovedOn(place, "", place.proposed_worker_id)
    if _booking(place) and not reason.strip():
        raise Invalid("no_reason", _("请填写理由。"))
    why = reason.strip() or _t("在周排班中调动")
    take_off(position_id, by=by, now=now, seen=seen, reason=why)
    return assign(to_id, worker_id, by=by, now=now, seen=seen_to, reason=reason, override=override)


def _lock_orders(*position_ids: int) -> None:
    """In id order, so that two who move people between the same orders cannot cross."""
    found = Position.objects.filter(pk__in=position_ids).values_list("shift__order_id", flat=True)
    for order_id in sorted(set(found)):
        locks.order(order_id)


def _declined() -> dict[str, object]:
    return dict(reason_to_dict(Reason("declined_before")))


def _booking(place: Position) -> Assignment | None:
    found = Assignment.objects.filter(position=place, status__in=ACTIVE_ASSIGNMENT)
    return found.select_related("worker__user").first()


def _as_seen(place: Position, held: Assignment | None, seen: str) -> None:
    who = held.worker if held else place.proposed_worker
    if seen_of(place.status, who.pk if who else None) != seen:
        raise MovedOn(place, who.user.name if who else "", who.pk if who else None)
