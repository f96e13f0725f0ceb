"""Secrets shared with partners: shown once, kept sealed by the vault, had again only to check or make a signature."""

import secrets
import uuid
from typing import Final

from django.views.decorators.debug import sensitive_variables

from staffing.core import vault
from staffing.core.vault import Sealed
from workers.models import PartnerSecret

KIND: Final = "partner"
BYTES: Final = 32


@sensitive_variables()
def make() -> tuple[PartnerSecret, str]:
    """A new secret: its row, saved, and itself, which nobody is shown a second time."""
    row, plain = uuid.uuid4(), secrets.token_urlsafe(BYTES)
    sealed = vault.seal(plain, row=str(row), kind=KIND)
    return PartnerSecret.objects.create(row=row, key=sealed.key, content=sealed.content), plain


@sensitive_variables()
def plain(secret: PartnerSecret) -> str:
    """The secret itself. Raises `vault.Unreadable` if its key is gone."""
    return vault.unseal(Sealed(secret.key, bytes(secret.content), b""), row=str(secret.row))


@sensitive_variables()
def reseal(secret: PartnerSecret) -> None:
    """Seal a secret with the first of the vault's keys."""
    sealed = vault.seal(plain(secret), row=str(secret.row), kind=KIND)
    PartnerSecret.objects.filter(pk=secret.pk).update(key=sealed.key, content=sealed.content)
