"""Anybody with a certificate's address may check it: initial of the name, course, validity, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from staffing.core import clock
from staffing.core.access import public
from workers.models import IssuedCertificate


@never_cache
@public()
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the certificate is ours and still counts."""
    row = get_object_or_404(IssuedCertificate.objects.select_related("course", "worker__user"), code=code)
    counts = row.valid_until is None or row.valid_until >= timezone.localdate(clock.now())
    answer = render(
        request,
        "workers/certificate_verify.html",
        {"certificate": row, "counts": counts, "name": f"{row.worker.user.name[:1]}**"},
    )
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
