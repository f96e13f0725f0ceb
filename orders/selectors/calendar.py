"""What a worker's calendar shows: shifts taken, questions that wait, and for a while what was called off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.calendar import Alarms, Event, Standing
from orders.models import Offer, Order, OrderPolicy
from orders.states import ACTIVE_ASSIGNMENT, OfferStatus
from workers.models import Worker

ORDER = "position__shift__order"


def alarms(policy: OrderPolicy) -> Alarms:
    """When calendars remind, and how often they should read."""
    ahead = (
        timedelta(hours=policy.calendar_first_alarm_hours),
        timedelta(minutes=policy.calendar_last_alarm_minutes),
    )
    return Alarms(ahead, timedelta(minutes=policy.calendar_refresh_minutes))


def of_worker(worker: Worker, policy: OrderPolicy, now: datetime) -> list[Offer]:
    """The worker's offers that their calendar shows, with all that an event reads. One query."""
    past = now - timedelta(days=policy.calendar_past_days)
    called_off = now - timedelta(days=policy.calendar_cancelled_days)
    waiting = Q(status=OfferStatus.PENDING, expires_at__gt=now)
    taken = Q(assignment__status__in=ACTIVE_ASSIGNMENT, assignment__end_at__gt=past)
    ended = Q(assignment__ended_at__gt=called_off) & ~Q(assignment__status__in=ACTIVE_ASSIGNMENT)
    return list(_with_order().filter(waiting | taken | ended, worker=worker).order_by("pk"))


def of_shift(worker: Worker, assignment_id: int) -> Offer:
    """The offer behind one of the worker's own bookings. Raises `Offer.DoesNotExist` for anybody else's."""
    return _with_order().get(worker=worker, assignment__pk=assignment_id)


def _with_order() -> QuerySet[Offer]:
    people = (f"{ORDER}__client", f"{ORDER}__site", f"{ORDER}__city", f"{ORDER}__created_by")
    return Offer.objects.select_related(*people, "assignment", "calendar_entry")


def events(offers: Sequence[Offer]) -> dict[int, Event]:
    """Each offer's event, in the active language."""
    return {offer.pk: event(offer) for offer in offers}


def event(offer: Offer) -> Event:
    """One offer, or the shift that it became: the same event from the question to the end."""
    work, shift = getattr(offer, "assignment", None), offer.position.shift
    order = shift.order
    site = None if order.remote else order.site
    return Event(
        uid=f"shift-{offer.pk}@{urlsplit(settings.PUBLIC_URL).hostname}",
        start=work.start_at if work else shift.start_at,
        end=work.end_at if work else shift.end_at,
        standing=_standing(offer),
        summary=_summary(offer, order),
        description=_description(order),
        location=f"{site.name} · {site.address}" if site else _("远程"),
        place=(round(site.latitude, 6), round(site.longitude, 6)) if site else None,
        url=settings.PUBLIC_URL + _path(offer),
        created_at=offer.sent_at,
    )


def _standing(offer: Offer) -> Standing:
    work = getattr(offer, "assignment", None)
    if work is None:
        return Standing.TENTATIVE
    return Standing.CONFIRMED if work.status in ACTIVE_ASSIGNMENT else Standing.CANCELLED


def _summary(offer: Offer, order: Order) -> str:
    words = {"title": order.title, "client": order.client.name}
    marks = {
        Standing.CONFIRMED: "%(client)s · %(title)s",
        Standing.TENTATIVE: _("待答复：%(client)s · %(title)s"),
        Standing.CANCELLED: _("已取消：%(client)s · %(title)s"),
    }
    return marks[_standing(offer)] % words


def _description(order: Order) -> str:
    parts = [
        (_("联系人"), f"{order.created_by.name} {order.created_by.phone}"),
        (_("服务类型"), order.get_service_type_display()),
        (_("着装与上岗须知"), order.client.briefing),
        (_("订单备注"), order.notes),
    ]
    return "\n".join(_("%(label)s：%(text)s") % {"label": label, "text": text} for label, text in parts if text)


def _path(offer: Offer) -> str:
    work = getattr(offer, "assignment", None)
    return reverse("orders:my-shift", args=[work.pk]) if work else reverse("orders:my-offer", args=[offer.pk])
