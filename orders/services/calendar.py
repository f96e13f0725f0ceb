"""The writers of a worker's calendar address and of the versions of its events."""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection, transaction

from orders.calendar import Event, Version
from orders.models import CalendarEntry, CalendarFeed, Offer
from staffing.core import audit
from staffing.core.actors import Actor
from workers.models import Worker

TOKEN_BYTES: Final = 24

_RAISE = """
INSERT INTO orders_calendarentry (offer_id, fingerprint, sequence, changed_at)
SELECT offer, fingerprint, 0, %s FROM unnest(%s::bigint[], %s::text[]) AS told (offer, fingerprint) ORDER BY offer
ON CONFLICT (offer_id) DO UPDATE
SET fingerprint = EXCLUDED.fingerprint, sequence = orders_calendarentry.sequence + 1, changed_at = EXCLUDED.changed_at
WHERE orders_calendarentry.fingerprint <> EXCLUDED.fingerprint
"""


def token_of(feed: CalendarFeed) -> str:
    """The secret part of the address: 192 bits that only the seed and the house's key together give."""
    mac = hmac.new(settings.SECRET_KEY.encode(), b"calendar:" + feed.seed.bytes, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:TOKEN_BYTES]).decode()


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def found(token: str) -> CalendarFeed | None:
    """The feed at this address; None for one that was revoked or never was."""
    return CalendarFeed.objects.select_related("worker__user").filter(digest=digest_of(token)).first()


@transaction.atomic
def renew(worker: Worker, *, seen: str, by: Actor, now: datetime) -> CalendarFeed:
    """Give the calendar an address, another one if it has one: the old one is worthless from now on.

    `seen` is the digest that the asker was shown ("" for none): the same asked twice changes nothing more.
    """
    _lock(worker)
    feed = CalendarFeed.objects.filter(worker=worker).first()
    if (feed.digest if feed else "") != seen and feed is not None:
        return feed
    feed = feed or CalendarFeed(worker=worker)
    feed.seed, feed.created_at, feed.shown, feed.shown_at = uuid.uuid4(), now, "", now
    feed.digest = digest_of(token_of(feed))
    feed.save()
    audit.record(worker, "calendar_renew", by=by, now=now)
    return feed


@transaction.atomic
def revoke(worker: Worker, *, by: Actor, now: datetime) -> None:
    """Make the address worthless. Repeating it changes nothing."""
    _lock(worker)
    gone, _rows = CalendarFeed.objects.filter(worker=worker).delete()
    if gone:
        audit.record(worker, "calendar_revoke", by=by, now=now)


def _lock(worker: Worker) -> None:
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)


def versions(offers: Sequence[Offer], events: Mapping[int, Event], now: datetime) -> dict[int, Version]:
    """The version of every event; one whose content differs from what was last told gets the next number."""
    known = {offer.pk: getattr(offer, "calendar_entry", None) for offer in offers}
    prints = {pk: event.fingerprint() for pk, event in events.items()}
    news = [pk for pk, entry in known.items() if entry is None or entry.fingerprint != prints[pk]]
    if news:
        with connection.cursor() as cursor:
            cursor.execute(_RAISE, [now, news, [prints[pk] for pk in news]])
        known |= {entry.offer_id: entry for entry in CalendarEntry.objects.filter(offer__in=news)}
    return {pk: Version(entry.sequence, entry.changed_at) for pk, entry in known.items() if entry is not None}


def note_content(feed: CalendarFeed, body: bytes, now: datetime) -> None:
    """Remember since when the feed has this content, for readers who ask "changed since?"."""
    digest = hashlib.sha256(body).hexdigest()
    if feed.shown != digest:
        feed.shown, feed.shown_at = digest, now
        CalendarFeed.objects.filter(pk=feed.pk).update(shown=digest, shown_at=now)
