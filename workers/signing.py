"""How a partner's request is signed. Pure: the clock and what was seen before are the caller's.

The signed text is six lines: the word `LINGKE1`, the method in capitals, the path with its query as it is sent, the
time (seconds since 1970), a text that is never used twice, and the SHA-256 of the body in hex. The signature is its
HMAC-SHA256 under the key's secret, in hex (FIPS 198-1).
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

SCHEME: Final = "Lingke-HMAC-SHA256"
VERSION: Final = "LINGKE1"
# Far beyond any clock that is wrong by chance; what is older was kept by somebody.
WINDOW_SECONDS: Final = 300
_PARTS: Final = re.compile(r"\s*([a-z]+)=([^,\s]+)\s*")
_NONCE: Final = re.compile(r"[A-Za-z0-9_.~-]{8,64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Claim:
    """What the header says: whose key, when, the text used once, and the signature."""

    key: str
    at: int
    nonce: str
    signature: str


class BadClaim(ValueError):
    """The header is not written as it must be."""


def parse(header: str) -> Claim:
    """`Lingke-HMAC-SHA256 key=…,timestamp=…,nonce=…,signature=…`. Raises `BadClaim`."""
    scheme, _space, rest = header.partition(" ")
    parts = [_PARTS.fullmatch(part) for part in rest.split(",")]
    if scheme != SCHEME or not all(parts):
        raise BadClaim("scheme")
    named = {part[1]: part[2] for part in parts if part}
    if len(parts) != len(named) or set(named) != {"key", "timestamp", "nonce", "signature"}:
        raise BadClaim("parts")
    if not re.fullmatch(r"[0-9]{1,12}", named["timestamp"]) or not _NONCE.fullmatch(named["nonce"]):
        raise BadClaim("timestamp or nonce")
    if not _DIGEST.fullmatch(named["signature"]) or len(named["key"]) > 40:
        raise BadClaim("signature")
    return Claim(named["key"], int(named["timestamp"]), named["nonce"], named["signature"])


def signature(secret: str, method: str, target: str, at: int, nonce: str, body: bytes) -> str:
    """The signature of a request; `target` is the path with its query."""
    text = "\n".join([VERSION, method.upper(), target, str(at), nonce, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def fits(claim: Claim, secret: str, method: str, target: str, body: bytes) -> bool:
    """Whether the claim's signature is that of the request, compared in constant time."""
    made = signature(secret, method, target, claim.at, claim.nonce, body)
    return hmac.compare_digest(made, claim.signature)


def in_time(claim: Claim, now: float) -> bool:
    """Whether the claim was made within the window around `now` (seconds since 1970)."""
    return abs(now - claim.at) <= WINDOW_SECONDS
