"""Posts to an address that a client has given: signed, never inside our own net, never further than it says.

The signature is that of many services: `t=<seconds>,v1=<hex>` with HMAC-SHA256 of `<seconds>.<body>` under the client's
secret; whoever receives it should refuse times that are some minutes old.
"""

import hashlib
import hmac
import ipaddress
import socket
import time
from urllib.parse import SplitResult, urlsplit

import certifi
import urllib3
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from staffing.core.errors import Invalid

HEADER = "X-Lingke-Signature"
PORTS = {"http": 80, "https": 443}


class WebhookRefused(RuntimeError):
    """The address may not be called, or would not take the message."""


def signature(secret: str, body: bytes, at: int, *others: str) -> str:
    """The header's value for a body sent at `at` (seconds since 1970).

    While a secret is changed, `others` are those that are still good: one `v1` each, and any of them may be checked.
    """
    text = f"{at}.".encode() + body
    digests = [hmac.new(each.encode(), text, hashlib.sha256).hexdigest() for each in (secret, *others)]
    return ",".join([f"t={at}", *(f"v1={digest}" for digest in digests)])


def checked(url: str) -> SplitResult:
    """The address in parts. Raises `Invalid` if it is none that we call: https, with a host, without a login."""
    parts = urlsplit(url)
    schemes = ("https", "http") if settings.WEBHOOK_PRIVATE_ALLOWED else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password:
        raise Invalid("bad_webhook", _("请填写 https:// 开头的完整地址，不含用户名和密码。"))
    return parts


def resolved(host: str, port: int) -> str:
    """The number of a host. Raises `WebhookRefused` if any of its numbers is not out in the public net."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as unknown:
        raise WebhookRefused(f"{host}: no such host") from unknown
    numbers = [str(row[4][0]).partition("%")[0] for row in found]
    if not settings.WEBHOOK_PRIVATE_ALLOWED and not all(ipaddress.ip_address(one).is_global for one in numbers):
        raise WebhookRefused(f"{host}: not a public address")
    return numbers[0]


def post(url: str, secret: str, body: bytes, *others: str) -> None:
    """Send JSON, signed as `signature` does.

    The number is looked up once and called by that number, so that it cannot change in between.

    Redirects are not followed. Raises `WebhookRefused` for everything but a 2xx.
    """
    parts = checked(url)
    assert parts.hostname is not None
    port = parts.port or PORTS[parts.scheme]
    pool = _pool(parts, resolved(parts.hostname, port), port)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json; charset=utf-8",
        # Receivers refuse signatures that are old by their clock, so this is the real time, not the demo's.
        HEADER: signature(secret, body, int(time.time()), *others),
    }
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    try:
        answer = pool.request("POST", target, body=body, headers=headers, redirect=False, retries=False)
    except urllib3.exceptions.HTTPError as failed:
        raise WebhookRefused(f"{parts.hostname}: {type(failed).__name__}") from failed
    finally:
        pool.close()
    if not 200 <= answer.status < 300:
        raise WebhookRefused(f"{parts.hostname}: HTTP {answer.status}")


def _pool(parts: SplitResult, number: str, port: int) -> urllib3.HTTPConnectionPool:
    """A connection to the number; over TLS the certificate is checked against the name."""
    timeout = urllib3.Timeout(total=settings.WEBHOOK_TIMEOUT_SECONDS)
    if parts.scheme == "https":
        return urllib3.HTTPSConnectionPool(
            number,
            port,
            timeout=timeout,
            server_hostname=parts.hostname,
            assert_hostname=parts.hostname,
            ca_certs=certifi.where(),
        )
    return urllib3.HTTPConnectionPool(number, port, timeout=timeout)
