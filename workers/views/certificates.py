"""A certificate as its pages show it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from staffing.core import qr
from workers.models import IssuedCertificate


def shown(row: IssuedCertificate, now: datetime) -> dict[str, Any]:
    """The certificate, whether it still counts, and where anybody may check it, also as a QR code."""
    address = settings.PUBLIC_URL + reverse("workers:certificate-verify", args=[row.code])
    counts = row.valid_until is None or row.valid_until >= timezone.localdate(now)
    return {"certificate": row, "counts": counts, "address": address, "qr": qr.svg(address, scale=4, border=2)}
