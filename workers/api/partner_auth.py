"""Who a signed request is from, what the key may do, and how often it may ask."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from staffing.core import limits
from staffing.core.vault import Unreadable
from workers import signing
from workers.models import PartnerKey, PartnerNonce, SourcePolicy
from workers.services import partner_secrets

log = logging.getLogger(__name__)
MINUTE = 60
WRONG = _("签名不正确，或密钥已停用。")
LATE = _("请求时间与我们相差超过 5 分钟，请校准时钟后重新签名。")
AGAIN = _("此随机串已用过，请换一个后重新签名。")


@dataclass(frozen=True, slots=True)
class PartnerCaller:
    """A partner's machine: no person, but somebody."""

    key: PartnerKey
    is_authenticated: bool = True
    is_active: bool = True
    pk: int | None = None

    @property
    def caller(self) -> str:
        """The name under which its answers are remembered."""
        return f"partner-key:{self.key.pk}"


class PartnerAuthentication(BaseAuthentication):
    """`Authorization: Lingke-HMAC-SHA256 …`, see `workers.signing`. By the real clock: partners know no other."""

    def authenticate(self, request: Request) -> tuple[Any, PartnerKey] | None:
        """None where the header is another's. Raises `AuthenticationFailed` for everything that is not right."""
        header = request.headers.get("Authorization", "")
        if not header.startswith(signing.SCHEME):
            return None
        now = timezone.now()
        claim = _claim(header)
        key = _key(claim.key)
        target = request.path + (f"?{query}" if (query := request.META.get("QUERY_STRING", "")) else "")
        body: bytes = request._request.body
        if not signing.fits(claim, _secret(key), str(request.method), target, body):
            raise AuthenticationFailed(WRONG, "bad_signature")
        if not signing.in_time(claim, now.timestamp()):
            raise AuthenticationFailed(LATE, "signature_late")
        if not PartnerNonce.objects.get_or_create(key=key, nonce=claim.nonce, defaults={"at": now})[1]:
            raise AuthenticationFailed(AGAIN, "signature_replayed")
        _used(key, now)
        return PartnerCaller(key), key

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return signing.SCHEME


def _claim(header: str) -> signing.Claim:
    try:
        return signing.parse(header)
    except signing.BadClaim:
        raise AuthenticationFailed(WRONG, "bad_signature") from None


def _key(key_id: str) -> PartnerKey:
    """A key that is good. Whether it is unknown or was revoked is not told."""
    rows = PartnerKey.objects.select_related("partner", "secret")
    key = rows.filter(key_id=key_id, revoked_at=None, partner__is_active=True).first()
    if key is None:
        raise AuthenticationFailed(WRONG, "bad_signature")
    return key


def _secret(key: PartnerKey) -> str:
    """What the key signs with. Without the vault's key nothing can be checked, which is our fault: it is logged."""
    try:
        return partner_secrets.plain(key.secret)
    except Unreadable as error:
        log.error("partner key %s cannot be read: %s", key.key_id, error)
        raise AuthenticationFailed(WRONG, "bad_signature") from None


def _used(key: PartnerKey, now: datetime) -> None:
    """To the minute: a write for each request would be one too many."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(seconds=MINUTE))
    PartnerKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


class ScopeAllowed(BasePermission):
    """The key has the scope that the view names for the method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """401 without a key, 403 without the scope."""
        scopes: dict[str, str] = view.scopes  # type: ignore[attr-defined]
        method = "GET" if request.method in ("HEAD", "OPTIONS") else str(request.method)
        return isinstance(request.user, PartnerCaller) and scopes.get(method, "") in request.user.key.scopes


class PerKey(BaseThrottle):
    """So many requests a minute and key, by the key or by the policy."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Counted only once the signature is right: nobody uses up what is another's."""
        if not isinstance(request.user, PartnerCaller):
            return True
        key = request.user.key
        most = key.per_minute or SourcePolicy.current().requests_a_minute
        return limits.within(f"partner-key:{key.pk}", most, timezone.now(), MINUTE)

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - timezone.now().timestamp() % MINUTE


class PartnerScheme(OpenApiAuthenticationExtension):
    """How the description of the API names it."""

    target_class = "workers.api.partner_auth.PartnerAuthentication"
    name = "partnerSignature"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A header of its own making: OpenAPI knows no signatures."""
        form = f"{signing.SCHEME} key=…,timestamp=…,nonce=…,signature=…"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": f"`{form}`"}
