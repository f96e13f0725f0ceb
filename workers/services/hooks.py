"""Partners are told of each stage that their applications reach: written with the change, posted until it arrives."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staffing.core import audit, notices, outbox, webhooks
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid
from staffing.core.models import AuditEvent
from staffing.core.webhooks import WebhookRefused
from workers.models import Application, HookSecret, Partner, PartnerDelivery, PartnerHook, PartnerReference
from workers.models import SourcePolicy as Policy
from workers.services import partner_secrets

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
STAGE, TEST = "application.stage", "test"
NO_ADDRESS: Final = "no address"


@transaction.atomic
def save(partner: Partner, *, url: str, is_active: bool, by: Actor, now: datetime) -> str:
    """Keep the address; the secret if it is the first one, else "". Raises `Invalid` for no address of ours to call."""
    webhooks.checked(url)
    hook, fresh = PartnerHook.objects.select_for_update().get_or_create(partner=partner, defaults={"url": url})
    hook.url, hook.is_active = url, is_active
    hook.save()
    audit.record(partner, "hook", by=by, now=now, data={"url": url, "is_active": is_active})
    return _new_secret(hook, now) if fresh else ""


@transaction.atomic
def rotate(partner: Partner, seen: int, *, by: Actor, now: datetime) -> str:
    """A new secret, told once. The one before is good for the hours of the policy; any older ones end now.

    `seen` is the id of the one that is to be replaced. Raises `Conflict` if it was replaced already.
    """
    hook = PartnerHook.objects.select_for_update().get(partner=partner)
    if not hook.secrets.filter(pk=seen, ends_at=None).exists():
        raise Conflict("rotated", _("签名密钥已更换，只显示一次。没有保存下来就再换一次。"))
    hook.secrets.filter(ends_at__gt=now).update(ends_at=now)
    hook.secrets.filter(ends_at=None).update(ends_at=now + timedelta(hours=Policy.current().overlap_hours))
    audit.record(partner, "hook_secret", by=by, now=now)
    return _new_secret(hook, now)


def _new_secret(hook: PartnerHook, now: datetime) -> str:
    secret, plain = partner_secrets.make()
    HookSecret.objects.create(hook=hook, secret=secret, made_at=now)
    return plain


def tell_stage(application_id: int, event_id: int, now: datetime) -> None:
    """Write the news of one stage, if its partner has an address; a repeat writes nothing."""
    rows = Application.objects.filter(pk=application_id, partner__hook__is_active=True).select_related("partner")
    application = rows.first()
    if application is None or application.partner is None:
        return
    event = AuditEvent.objects.get(pk=event_id)
    number = PartnerReference.objects.filter(application=application).values_list("external_id", flat=True).first()
    data = {"id": application.pk, "external_id": number or "", "status": event.to_state, "before": event.from_state}
    _write(application.partner, STAGE, data, key=f"event:{event.pk}", at=event.at, now=now, application=application)


def tell_test(partner: Partner, *, key: str, now: datetime) -> None:
    """Something to try the address with; the same key again writes nothing."""
    data = {"id": 0, "external_id": "", "status": "applied", "before": ""}
    _write(partner, TEST, data, key=f"test:{partner.pk}:{key}", at=now, now=now)


@transaction.atomic
def _write(
    partner: Partner,
    kind: str,
    data: dict[str, Any],
    *,
    key: str,
    at: datetime,
    now: datetime,
    application: Application | None = None,
) -> None:
    fields = {"partner": partner, "kind": kind, "body": {"type": kind, "at": at.isoformat(), "data": data}}
    times = {"created_at": now, "since": now, "next_at": now}
    found, fresh = PartnerDelivery.objects.get_or_create(
        key=key, defaults={**fields, **times, "application": application}
    )
    if fresh:
        _queue(found, now, now)


def _queue(delivery: PartnerDelivery, now: datetime, due_at: datetime) -> None:
    payload = {"id": delivery.pk, "since": delivery.since.isoformat(), "attempt": delivery.attempts}
    key = f"{delivery.pk}:{payload['since']}:{delivery.attempts}"
    outbox.publish("partner.deliver", payload, key=key, now=now, due_at=due_at)


def attempt(delivery_id: int, since: datetime, attempts: int, now: datetime) -> None:
    """One try of a run that began at `since`; what is not this run's next try is dropped."""
    run = PartnerDelivery.objects.select_for_update(of=("self",)).select_related("partner__hook")
    found = run.filter(pk=delivery_id, since=since, attempts=attempts, delivered_at=None, given_up_at=None).first()
    if found is None:
        return
    error = _posted(found, now)
    found.attempts += 1
    found.last_error = error[:200]
    if not error:
        found.delivered_at, found.next_at = now, None
    else:
        _later(found, now)
    found.save()


def _posted(delivery: PartnerDelivery, now: datetime) -> str:
    """What went wrong; "" if it arrived."""
    hook = getattr(delivery.partner, "hook", None)
    if hook is None or not hook.is_active:
        return NO_ADDRESS
    body = json.dumps({"id": str(delivery.uid), **delivery.body}, ensure_ascii=False).encode()
    try:
        webhooks.post(hook.url, *_signed(_plain(hook, now), body))
    except (WebhookRefused, Invalid) as error:
        return str(error) or type(error).__name__
    return ""


def _signed(secrets: list[str], body: bytes) -> tuple[Any, ...]:
    return secrets[0], body, *secrets[1:]


def _plain(hook: PartnerHook, now: datetime) -> list[str]:
    """The secrets that are good now, the newest first."""
    good = hook.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=now)).select_related("secret")
    return [partner_secrets.plain(row.secret) for row in good]


def backoff(attempts: int) -> timedelta:
    """Wait after so many tries: 30 s doubling to six hours."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 20))


def _later(delivery: PartnerDelivery, now: datetime) -> None:
    """Try again, at the latest when the days of the policy are over; after that give up and tell the desk."""
    ends = delivery.since + timedelta(days=Policy.current().hook_days)
    if now >= ends or delivery.last_error == NO_ADDRESS:
        delivery.given_up_at, delivery.next_at = now, None
        if delivery.last_error != NO_ADDRESS:
            _tell_desk(delivery, now)
        return
    delivery.next_at = min(now + backoff(delivery.attempts), ends)
    _queue(delivery, now, delivery.next_at)


def _tell_desk(delivery: PartnerDelivery, now: datetime) -> None:
    """Once a day and partner, however many fail."""
    partner = delivery.partner
    data = {"partner": partner.name, "error": delivery.last_error}
    key = f"{partner.pk}:{timezone.localdate(now)}"
    notices.tell_agency(
        "partner.unreachable",
        partner,
        now=now,
        key=key,
        data=data,
        url=reverse("workers:source-news", args=[partner.pk]),
    )


@transaction.atomic
def replay(deliveries: QuerySet[PartnerDelivery], *, by: Actor, now: datetime) -> int:
    """Send news that arrived or was given up once more, as it was; what is on its way is left alone. How many."""
    ended = deliveries.filter(Q(delivered_at__isnull=False) | Q(given_up_at__isnull=False))
    rows = list(ended.select_for_update(of=("self",)).select_related("partner").order_by("created_at", "pk"))
    for row in rows:
        row.since, row.next_at, row.attempts = now, now, 0
        row.delivered_at = row.given_up_at = None
        row.save()
        _queue(row, now, now)
    for partner in _distinct(row.partner for row in rows):
        audit.record(partner, "replay", by=by, now=now, data={"n": sum(row.partner == partner for row in rows)})
    return len(rows)


def _distinct(partners: Iterable[Partner]) -> list[Partner]:
    return list({partner.pk: partner for partner in partners}.values())
