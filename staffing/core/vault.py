"""Short secrets encrypted at rest: AES-256-GCM, bound to the row they belong to, and found again by a keyed digest.

`VAULT_KEYS` are texts; the first encrypts, all decrypt. From each come three keys by HKDF-SHA256 (RFC 5869), so that
none is used for two purposes: one encrypts (NIST SP 800-38D; 96 random bits as the nonce), one makes digests
(HMAC-SHA256), one is the name by which a row says which key it needs.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.views.decorators.debug import sensitive_variables

NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
NAME_BYTES: Final = 4


class Unreadable(Exception):
    """The key is not among ours, or what is stored was changed or belongs to another row."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """What is derived from one text of `VAULT_KEYS`."""

    name: str
    cipher: AESGCM
    index: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a row keeps: which key, the encrypted content, the digest by which the same value is found."""

    key: str
    content: bytes
    digest: bytes


@cache
@sensitive_variables()
def _keys(texts: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(
        Key(_derived(text, "name", NAME_BYTES).hex(), AESGCM(_derived(text, "seal")), _derived(text, "index"))
        for text in texts
    )


@sensitive_variables()
def _derived(text: str, purpose: str, length: int = KEY_BYTES) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=f"vault {purpose}".encode()).derive(text.encode())


def keys() -> tuple[Key, ...]:
    """Those of the settings, the one that encrypts first."""
    return _keys(tuple(settings.VAULT_KEYS))


@sensitive_variables()
def seal(value: str, *, row: str, kind: str) -> Sealed:
    """Encrypt a value for one row. `row` names it and is needed to decrypt; digests are compared within a kind."""
    key, nonce = keys()[0], secrets.token_bytes(NONCE_BYTES)
    return Sealed(key.name, nonce + key.cipher.encrypt(nonce, value.encode(), row.encode()), _digest(key, value, kind))


@sensitive_variables()
def unseal(sealed: Sealed, *, row: str) -> str:
    """The value. Raises `Unreadable`."""
    key = next((key for key in keys() if key.name == sealed.key), None)
    if key is None:
        raise Unreadable(f"no key {sealed.key} in VAULT_KEYS")
    nonce, content = sealed.content[:NONCE_BYTES], sealed.content[NONCE_BYTES:]
    try:
        return key.cipher.decrypt(nonce, content, row.encode()).decode()
    except InvalidTag:
        raise Unreadable(f"not what was stored for {row}") from None


@sensitive_variables()
def digests(value: str, kind: str) -> list[bytes]:
    """The value's digest under each key: rows that a rotation has not reached yet are found as well."""
    return [_digest(key, value, kind) for key in keys()]


@sensitive_variables()
def _digest(key: Key, value: str, kind: str) -> bytes:
    return hmac.digest(key.index, f"{kind}:{value}".encode(), hashlib.sha256)
