"""What an order can ask for, as choices."""

from typing import Any

from django.db.models import CharField, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.models import ClientGate
from orders.services.lessons import HIGHEST, SCALES
from workers.models import CertificateType, Clearance, Course, Language, Skill

Kind = ClientGate.Kind
NAMED = ((Kind.SKILL, Skill), (Kind.LANGUAGE, Language), (Kind.CERTIFICATE, CertificateType), (Kind.COURSE, Course))
# Stars are asked for in halves, kept in tenths.
HALF, ONE_STAR = 5, 10


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
    rows = model._default_manager.filter(is_active=True).order_by().annotate(of=Value(str(kind), CharField()))
    return rows.values_list("of", "pk", "name_zh", "name_en")


def levels(gate: str) -> list[tuple[int, str]]:
    """What can be asked of a choice (`skill:7`), by name; nothing where one has it or not. One query at most."""
    kind, _colon, ref = gate.partition(":")
    if kind == Kind.STARS:
        tenths = range(ONE_STAR, HIGHEST[Kind.STARS] + 1, HALF)
        return [(each, _("%(stars)s 星") % {"stars": f"{each / ONE_STAR:g}"}) for each in tenths]
    if kind == Kind.CLEARANCE:
        return [(each.value, str(each.label)) for each in Clearance if each != Clearance.NONE]
    row = SCALES[kind].objects.filter(pk=ref).first() if kind in SCALES and ref.isdecimal() else None
    return row.choices() if row else []
