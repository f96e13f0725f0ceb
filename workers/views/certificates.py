"""A certificate as its pages show it."""

from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from workers.models import IssuedCertificate


def shown(row: IssuedCertificate, now: datetime) -> dict[str, Any]:
    """The certificate, whether it still counts, and where anybody may check it, also as a QR code."""
    address = settings.PUBLIC_URL + reverse("workers:certificate-verify", args=[row.code])
    counts = row.valid_until is None or row.valid_until >= timezone.localdate(now)
    return {"certificate": row, "counts": counts, "address": address, "qr": _qr(address)}


def _qr(text: str) -> SafeString:
    """An SVG without styles: dark on white in every theme."""
    picture = segno.make(text, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
    return mark_safe(picture)  # noqa: S308  # made here, from an address of ours
