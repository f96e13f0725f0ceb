"""Somebody who is no longer sent: what they were only asked or meant for goes to others by itself and at once; what is
booked stays until a dispatcher releases it, all in one step, so that no client loses anybody without a word.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from orders.models import Assignment, BenchPlace, Client, Offer, Position
from orders.services import attendance, bench, locks, offers
from orders.states import AssignmentStatus, BenchStatus, OfferStatus, PositionStatus
from staffing.core.actors import SYSTEM, Actor
from staffing.core.errors import Conflict, Invalid
from workers.models import Worker
from workers.services.standing import REMOVED

REASON = "not_sent"


def held(worker_id: int, now: datetime) -> QuerySet[Assignment]:
    """Bookings somebody has not come to and that are not over, the soonest first."""
    rows = Assignment.objects.filter(worker=worker_id, status=AssignmentStatus.BOOKED, end_at__gt=now)
    return rows.select_related("position__shift__order__client").order_by("start_at", "pk")


def standing_by(worker_id: int, now: datetime) -> QuerySet[BenchPlace]:
    """Hours for which they stand by."""
    rows = BenchPlace.objects.filter(worker=worker_id, status=BenchStatus.STANDING_BY, end_at__gt=now)
    return rows.order_by("start_at", "pk")


@transaction.atomic
def leave(worker_id: int, now: datetime) -> int:
    """Pass over somebody who was removed; how many bookings and hours on the bench wait for a dispatcher's word.
    Nothing for somebody who is sent again by now."""
    worker = Worker.objects.get(pk=worker_id)
    if worker.status not in REMOVED:
        return 0
    pass_over(worker, now=now, reason=REASON)
    return held(worker_id, now).count() + standing_by(worker_id, now).count()


@transaction.atomic
def release_all(worker_id: int, *, by: Actor, now: datetime, reason: str) -> int:
    """Release all that a removed person holds, each with its replacement; how many. Repeating it finds none.

    Raises `Invalid` without a reason, `Conflict` for somebody who is still sent. Orders are locked in id order.
    """
    if not reason.strip():
        raise Invalid("no_reason", _("请填写释放理由。"))
    if Worker.objects.get(pk=worker_id).status not in REMOVED:
        raise Conflict("still_sent", _("此人仍在派单，请逐个处理班次。"))
    works = list(held(worker_id, now).order_by("position__shift__order", "pk").values_list("pk", flat=True))
    for pk in works:
        attendance.release(pk, by=by, now=now, reason=reason)
    places = list(standing_by(worker_id, now).values_list("pk", flat=True))
    for pk in places:
        bench.release(pk, by=by, now=now)
    return len(works) + len(places)


def pass_over(worker: Worker, *, now: datetime, reason: str, client: Client | None = None) -> None:
    """Places for which the worker is proposed or asked go to the next, of one client or of all; orders are locked in
    id order. Bookings stay."""
    places = Position.objects.all() if client is None else Position.objects.filter(shift__order__client=client)
    places.filter(backup_worker=worker).update(backup_worker=None)
    meant = Q(proposed_worker=worker, status=PositionStatus.PROPOSED)
    asked = Exists(Offer.objects.filter(position=OuterRef("pk"), worker=worker, status=OfferStatus.PENDING))
    for pk in places.filter(meant | asked).order_by("shift__order_id", "id").values_list("pk", flat=True):
        place = locks.position(pk)
        for offer in place.offers.filter(worker=worker, status=OfferStatus.PENDING):
            offers.take_back(offer.pk, now=now, reason=reason)
        if place.proposed_worker_id == worker.pk and place.status == PositionStatus.PROPOSED:
            offers.pass_on(place, by=SYSTEM, now=now, reason=reason)
