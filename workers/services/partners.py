"""The writers of partners: who they are, what they cost, and the keys of their machines."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict
from workers.models import Partner, PartnerFee, PartnerKey
from workers.services import partner_secrets


@dataclass(frozen=True, slots=True, repr=False)
class Made:
    """A key and its secret, which is told once."""

    key: PartnerKey
    secret: str


@transaction.atomic
def save(partner: Partner, *, by: Actor, now: datetime) -> Partner:
    """Keep a checked partner, new or changed."""
    fresh = partner.pk is None
    partner.save()
    shown: dict[str, Any] = {"code": partner.code, "cost_per_active": partner.cost_per_active}
    audit.record(partner, "add" if fresh else "edit", by=by, now=now, data=shown | {"is_active": partner.is_active})
    return partner


@transaction.atomic
def make_key(
    partner: Partner,
    *,
    sandbox: bool,
    scopes: Sequence[str],
    form_key: UUID,
    per_minute: int | None = None,
    by: Actor,
    now: datetime,
) -> Made:
    """A key for a partner's machines. Raises `Conflict` if this form has made one: its secret was shown then."""
    Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    name = f"lk_{hashlib.sha256(form_key.bytes).hexdigest()[:20]}"
    if PartnerKey.objects.filter(key_id=name).exists():
        raise Conflict("key_made", _("密钥已创建，只显示一次。没有保存下来就再建一个。"))
    secret, plain = partner_secrets.make()
    fields = {"sandbox": sandbox, "scopes": list(scopes), "per_minute": per_minute, "created_at": now}
    key = PartnerKey.objects.create(partner=partner, key_id=name, secret=secret, **fields)
    audit.record(partner, "make_key", by=by, now=now, data={"key": key.key_id, "sandbox": sandbox})
    return Made(key, plain)


@transaction.atomic
def revoke_key(key_id: int, *, by: Actor, now: datetime) -> PartnerKey:
    """Nothing is accepted under the key from now on; a repeat changes nothing."""
    key = PartnerKey.objects.select_for_update(of=("self",)).select_related("partner").get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        audit.record(key.partner, "revoke_key", by=by, now=now, data={"key": key.key_id})
    return key


@transaction.atomic
def pay(partner: Partner, fee: PartnerFee, *, by: Actor, now: datetime) -> PartnerFee:
    """Note money that was paid to a partner."""
    fee.partner = partner
    fee.save()
    audit.record(partner, "pay", by=by, now=now, data={"amount": fee.amount, "paid_on": fee.paid_on.isoformat()})
    return fee
