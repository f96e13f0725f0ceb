"""What an order can ask for, as choices."""

from typing import Any

from django.db.models import CharField, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.models import ClientGate
from workers.models import CertificateType, Course, Language, Skill

Kind = ClientGate.Kind
NAMED = ((Kind.SKILL, Skill), (Kind.LANGUAGE, Language), (Kind.CERTIFICATE, CertificateType), (Kind.COURSE, Course))


def choices() -> list[tuple[Any, Any]]:
    """Grouped by kind, by name; one query."""
    named: dict[str, list[tuple[str, str]]] = {kind: [] for kind, _model in NAMED}
    first, *others = (_rows(kind, model) for kind, model in NAMED)
    english = (get_language() or "").startswith("en")
    for kind, pk, name_zh, name_en in first.union(*others, all=True):
        named[kind].append((f"{kind}:{pk}", name_en if english else name_zh))
    groups = [(Kind(kind).label, sorted(found, key=lambda pair: pair[1])) for kind, found in named.items() if found]
    rest = [(f"{kind}:0", kind.label) for kind in (Kind.STARS, Kind.CLEARANCE)]
    return [("", "—"), *groups, (_("其他"), rest)]


def _rows(kind: str, model: Any) -> Any:
    rows = model._default_manager.order_by().annotate(kind=Value(str(kind), CharField()))
    return rows.values_list("kind", "pk", "name_zh", "name_en")
