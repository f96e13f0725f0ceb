"""What an order can ask for, as choices."""

from typing import Any

from django.utils.translation import gettext as _

from orders.models import ClientGate
from workers.models import CertificateType, Course, Language, Skill

Kind = ClientGate.Kind
NAMED = ((Kind.SKILL, Skill), (Kind.LANGUAGE, Language), (Kind.CERTIFICATE, CertificateType), (Kind.COURSE, Course))


def choices() -> list[tuple[Any, Any]]:
    """Grouped by kind; four queries."""
    groups = [
        (kind.label, [(f"{kind}:{row.pk}", row.name) for row in model._default_manager.all()]) for kind, model in NAMED
    ]
    rest = [(f"{kind}:0", kind.label) for kind in (Kind.STARS, Kind.CLEARANCE)]
    return [("", "—"), *groups, (_("其他"), rest)]
