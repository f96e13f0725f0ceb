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


def reseal_all() -> tuple[int, list[str]]:
    """Seal every secret with the first of the vault's keys: how many were, and the rows that no key reads."""
    done, lost = 0, []
    for secret in PartnerSecret.objects.exclude(key=vault.keys()[0].name).order_by("pk"):
        try:
            _reseal(secret)
            done += 1
        except vault.Unreadable:
            lost.append(f"partner secret {secret.pk}")
    return done, lost


@sensitive_variables()
def _reseal(secret: PartnerSecret) -> None:
    sealed = vault.seal(plain(secret), row=str(secret.row), kind=KIND)
    PartnerSecret.objects.filter(pk=secret.pk).update(key=sealed.key, content=sealed.content)
