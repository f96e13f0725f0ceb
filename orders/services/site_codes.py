"""The code of a place: who shows it, who typed it, and how often somebody may be wrong."""

import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders import codes
from orders.models import Assignment, CodeAttempt, ServicePolicy, Site, SiteCode
from orders.services import locks
from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict, Invalid

SALT = "orders.kiosk"


class LinkInvalid(Conflict):
    """The link of a screen is forged or was revoked. Answered as 404: it says nothing about what exists."""

    status = 404


@transaction.atomic
def of_site(site: Site, now: datetime) -> SiteCode:
    """What the site's codes are made from; made on first use, 256 random bits."""
    found = SiteCode.objects.filter(site=site).first()
    if found is not None:
        return found
    fresh = SiteCode(site=site, secret=secrets.token_hex(32), made_at=now)
    SiteCode.objects.bulk_create([fresh], ignore_conflicts=True)
    return SiteCode.objects.get(site=site)


def shown(site: Site, now: datetime) -> str:
    """The digits that hold now."""
    return codes.code_at(of_site(site, now).secret, now)


def matches(site: Site, typed: str, at: datetime) -> bool:
    """Whether the digits were the site's at that time."""
    found = SiteCode.objects.filter(site=site).first()
    return found is not None and codes.holds(found.secret, typed, at)


def admit(assignment_id: int, typed: str, waits_in: str, now: datetime) -> bool:
    """Let the right digits pass, and count wrong ones; what is counted stays counted though the punch is refused.

    False if the booking is not in the state in which it waits for the punch: a repeat. Raises `Invalid` for digits
    that do not hold (any more), `Conflict` after too many wrong ones.
    """
    policy = ServicePolicy.current()
    with transaction.atomic():
        work = locks.assignment(assignment_id)
        if work.status != waits_in:
            return False
        if (left := _tries_left(work, policy, now)) <= 0:
            raise _too_many(policy)
        site = work.position.shift.order.site
        if site is not None and matches(site, typed, now):
            return True
        CodeAttempt.objects.create(assignment=work, at=now)
    if left == 1:
        raise _too_many(policy)
    raise Invalid("bad_code", _("打卡码不对或已过期，请看屏幕上现在的数字再试。"))


def _tries_left(work: Assignment, policy: ServicePolicy, now: datetime) -> int:
    since = now - timedelta(minutes=policy.code_tries_minutes)
    return policy.code_tries - work.code_attempts.filter(at__gt=since).count()


def _too_many(policy: ServicePolicy) -> Conflict:
    return Conflict(
        "too_many_codes",
        _("打卡码输错次数过多，请 %(minutes)s 分钟后再试，或用其他方式打卡。"),
        minutes=policy.code_tries_minutes,
    )


@transaction.atomic
def open_kiosk(site: Site, *, by: Actor, now: datetime) -> str:
    """A new link for a screen that needs no login; every link given before is worthless from now on."""
    return _set_kiosk(site, secrets.token_urlsafe(32), "open_kiosk", by, now)


@transaction.atomic
def close_kiosk(site: Site, *, by: Actor, now: datetime) -> None:
    """No screen shows the code without a login any more. Repeatable."""
    _set_kiosk(site, "", "close_kiosk", by, now)


def _set_kiosk(site: Site, nonce: str, action: str, by: Actor, now: datetime) -> str:
    found = of_site(site, now)
    if found.kiosk == nonce:
        return ""
    SiteCode.objects.filter(pk=found.pk).update(kiosk=nonce)
    audit.record(site, action, by=by, now=now)
    found.kiosk = nonce
    return token_of(found)


def token_of(code: SiteCode) -> str:
    """The signed token of the screen's link: 256 random bits under an HMAC, never stored; "" if there is none."""
    return signing.dumps({"s": code.site_id, "n": code.kiosk}, salt=SALT) if code.kiosk else ""


def site_behind(token: str) -> Site:
    """The site whose code a screen may show. Raises `LinkInvalid` for a token that is forged or revoked."""
    try:
        content = signing.loads(token, salt=SALT)
        return Site.objects.select_related("client").get(pk=content["s"], code__kiosk=content["n"] or None)
    except (signing.BadSignature, Site.DoesNotExist, KeyError, TypeError) as error:
        raise LinkInvalid("link_invalid", _("链接无效或已停用，请向调度索取新的链接。")) from error


@transaction.atomic
def ask_for(site: Site, proof: str, *, by: Actor, now: datetime) -> None:
    """Set what an arrival at the site has to be proved by. The same again changes nothing."""
    if site.proof == proof:
        return
    before, site.proof = site.proof, proof
    site.save(update_fields=["proof"])
    audit.record(site, "ask_proof", by=by, now=now, from_state=before, to_state=proof)


def forget_attempts(now: datetime) -> int:
    """Forget wrong digits that count no more; returns how many."""
    old = now - timedelta(minutes=ServicePolicy.current().code_tries_minutes)
    return CodeAttempt.objects.filter(at__lt=old).delete()[0]
