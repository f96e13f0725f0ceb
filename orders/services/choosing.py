"""A dispatcher's word on a proposal: confirm it as it was seen, exchange, or give the engine its own choice back.

`seen` is the id of the newest audit event of the order when the page was made. What somebody else, or the system, has
done to the order's people since then stops the deed with `Overtaken`, before anything is changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.matching import Reason
from orders.matching.explain import reason_to_dict
from orders.models import Order, Position
from orders.pool import gone_from
from orders.services import bookings, locks, offers, ordering, proposing
from orders.states import OrderStatus, PositionStatus
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, DomainError
from staffing.core.models import AuditEvent
from workers.models import Worker

# What changes who stands where, or whether the order may still be confirmed at all.
CHOICES: Final = ("propose", "exchange", "invite", "clear", "fill", "vacate", "lapse")
FATES: Final = ("confirm", "repropose", "propose", "cancel", "complete", "lapse")
RESTORABLE: Final = (PositionStatus.OPEN, PositionStatus.PROPOSED, PositionStatus.OFFERED)


class Overtaken(Conflict):
    """Somebody else was quicker; `event` says who did what, and when (None if the audit does not tell)."""

    def __init__(self, event: AuditEvent | None) -> None:
        super().__init__("overtaken", _("别人刚刚处理过这张订单，请看一下现在的情况。"))
        self.event = event


@dataclass(frozen=True, slots=True)
class Kept:
    """A place that could not be given back to the engine's choice, and why."""

    place: Position
    why: DomainError


def deeds(order_ids: Iterable[int]) -> QuerySet[AuditEvent]:
    """What has been done to the people and the course of these orders, newest first."""
    told = Q(subject_type="position", action__in=CHOICES) | Q(subject_type="order", action__in=FATES)
    return AuditEvent.objects.filter(told, order_id__in=order_ids).select_related("actor").order_by("-id")


@transaction.atomic
def confirm(order_id: int, *, by: Actor, now: datetime, seen: int | None = None) -> Order:
    """Send an offer to everybody proposed. One's own repeat changes nothing.

    Raises `Overtaken` if somebody else has confirmed, called off or changed it since it was `seen`.
    """
    order = locks.order(order_id)
    if order.status != OrderStatus.PROPOSED:
        last = deeds([order_id]).filter(subject_type="order").exclude(action="propose").first()
        if last is not None and not _own(last, by):
            raise Overtaken(last)
    else:
        _still_as_seen(order_id, seen, by)
    return ordering.confirm(order_id, by=by, now=now)


@transaction.atomic
def exchange(
    position_id: int,
    worker_id: int,
    *,
    by: Actor,
    now: datetime,
    reason: str,
    override: bool = False,
    seen: int | None = None,
) -> Position:
    """As `proposing.exchange`; raises `Overtaken` if somebody else has changed this place since it was `seen`."""
    locks.matching()
    place = locks.position(position_id)
    if place.proposed_worker_id != worker_id:
        _still_as_seen(place.shift.order_id, seen, by, place=position_id)
    return proposing.exchange(position_id, worker_id, by=by, now=now, reason=reason, override=override)


def _still_as_seen(order_id: int, seen: int | None, by: Actor, *, place: int | None = None) -> None:
    if seen is None:
        return
    since = deeds([order_id]).filter(pk__gt=seen)
    if place is not None:
        since = since.filter(Q(subject_type="order") | Q(subject_id=place))
    event = since.filter(Q(actor=None) | ~Q(actor=by.user)).first()
    if event is not None:
        raise Overtaken(event)


def _own(event: AuditEvent, by: Actor) -> bool:
    return by.user is not None and event.actor_id == by.user.pk


@transaction.atomic
def restore(position_id: int, *, by: Actor, now: datetime, seen: int | None = None) -> Position:
    """Give a place back to whom the engine chose for it last; on a confirmed order they are asked at once.

    Nothing happens if they have it. Raises `Conflict` if the engine chose nobody, or nobody may be chosen any more,
    `bookings.NotFree` with all reasons if that person may not come now, `Overtaken` as `exchange`.
    """
    locks.matching()
    place = locks.position(position_id)
    _still_as_seen(place.shift.order_id, seen, by, place=position_id)
    proposing.still_to_fill(place, now)
    chosen = engines_choices([position_id]).get(position_id)
    if chosen is None:
        raise Conflict("no_choice", _("系统没有为这个名额推荐过人选。"))
    if place.proposed_worker_id == chosen and not place.chosen_by_hand:
        return place
    score = _score_now(place, chosen, now)
    _put_back(place, chosen, score, by=by, now=now)
    return place


def _score_now(place: Position, worker_id: int, now: datetime) -> int | None:
    against, score = proposing.judge(place, worker_id, now)
    if worker_id in gone_from([place.shift_id]).get(place.shift_id, frozenset()):
        against.append(Reason("declined_before"))
    if against:
        name = Worker.objects.values_list("user__name", flat=True).get(pk=worker_id)
        raise bookings.NotFree(
            "not_eligible",
            _("系统推荐的%(name)s现在不能派。"),
            name=name,
            reasons=[reason_to_dict(reason) for reason in against],
        )
    return score


def _put_back(place: Position, worker_id: int, score: int | None, *, by: Actor, now: datetime) -> None:
    if place.proposed_worker_id != worker_id:
        proposing.free_for_exchange(place, by=by, now=now)
    if place.status == PositionStatus.OFFERED:
        # They have been asked already, by hand: only the mark is wrong.
        place.chosen_by_hand = False
        place.save(update_fields=["chosen_by_hand"])
        audit.record(place, "exchange", by=by, now=now, reason="restored", data={"worker": worker_id, "score": score})
    else:
        action = "propose" if place.status == PositionStatus.OPEN else "exchange"
        backup = place.backup_worker_id or _backup(place, worker_id)
        proposing.put(
            place, worker_id, score, place.match, by=by, now=now, backup=backup, action=action, reason="restored"
        )
    proposing.note_response(place.shift.order, now)
    if place.shift.order.status in proposing.CONFIRMED and place.status == PositionStatus.PROPOSED:
        offers.send(place, by=by, now=now)


def _backup(place: Position, worker_id: int) -> int | None:
    """The best of the stored ranking whom nothing of the shift holds; who takes over checks them again."""
    if place.match is None:
        return None
    beside = Position.objects.filter(shift=place.shift_id).exclude(pk=place.pk)
    held = {worker_id, *gone_from([place.shift_id]).get(place.shift_id, frozenset())}
    for pair in beside.values_list("proposed_worker_id", "backup_worker_id"):
        held |= {pk for pk in pair if pk}
    free = (row["worker"] for row in place.match.ranked if not row.get("taken_by") and row["worker"] not in held)
    return next(free, None)


def engines_choices(position_ids: Iterable[int]) -> Mapping[int, int]:
    """By position: the worker whom the engine chose for it last, from the audit (one query)."""
    told = AuditEvent.objects.filter(
        subject_type="position",
        subject_id__in=list(position_ids),
        action__in=("propose", "exchange"),
        actor=None,
        data__worker__isnull=False,
    )
    return dict(told.order_by("id").values_list("subject_id", "data__worker"))


@transaction.atomic
def restore_order(
    order_id: int, *, by: Actor, now: datetime, seen: int | None = None
) -> tuple[Sequence[Position], Sequence[Kept]]:
    """`restore` for every place of the order chosen by hand: those given back, and those that could not be.

    Goes round until nothing moves any more: one place may have to be given back before another one can.
    """
    locks.matching()
    order = locks.order(order_id)
    _still_as_seen(order_id, seen, by)
    waiting = list(by_hand(order))
    done: list[Position] = []
    kept: dict[int, Kept] = {}
    moved = True
    while waiting and moved:
        moved = False
        for place in list(waiting):
            try:
                with transaction.atomic():
                    done.append(restore(place.pk, by=by, now=now))
            except DomainError as why:
                kept[place.pk] = Kept(place, why)
                continue
            waiting.remove(place)
            kept.pop(place.pk, None)
            moved = True
    return done, list(kept.values())


def by_hand(order: Order) -> QuerySet[Position]:
    """The places of the order on which a dispatcher has put somebody and nobody has accepted yet."""
    return Position.objects.filter(shift__order=order, chosen_by_hand=True, status__in=RESTORABLE).order_by(
        "shift__start_at", "shift_id", "number"
    )


def confirm_many(
    order_ids: Sequence[int], *, by: Actor, now: datetime, seen: Mapping[int, int] | None = None
) -> list[tuple[int, DomainError | None]]:
    """`confirm` for each of the orders, by id, each in a transaction of its own: (order, None or why not)."""
    return [(pk, _confirm_one(pk, by, now, (seen or {}).get(pk))) for pk in sorted(set(order_ids))]


def _confirm_one(order_id: int, by: Actor, now: datetime, seen: int | None) -> DomainError | None:
    try:
        confirm(order_id, by=by, now=now, seen=seen)
    except DomainError as why:
        return why
    return None
