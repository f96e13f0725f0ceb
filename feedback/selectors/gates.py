"""What an order can ask for, as choices."""

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, F, JSONField, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.models import ClientGate
from workers.models import CertificateType, Course, Language, Skill
from workers.models.catalogue import Graded, grade_name

Kind = ClientGate.Kind
NAMED = ((Kind.SKILL, Skill), (Kind.LANGUAGE, Language), (Kind.CERTIFICATE, CertificateType), (Kind.COURSE, Course))


def choices() -> list[tuple[Any, Any]]:
    """Grouped by kind, by name; one query."""
    named: dict[str, list[tuple[str, str]]] = {kind: [] for kind, _model in NAMED}
    first, *others = (_rows(kind, model) for kind, model in NAMED)
    english = (get_language() or "").startswith("en")
    for kind, pk, name_zh, name_en, grades in first.union(*others, all=True):
        named[kind].append((f"{kind}:{pk}", (name_en if english else name_zh) + _scale(grades)))
    groups = [(Kind(kind).label, sorted(found, key=lambda pair: pair[1])) for kind, found in named.items() if found]
    rest = [(f"{kind}:0", kind.label) for kind in (Kind.STARS, Kind.CLEARANCE)]
    return [("", "—"), *groups, (_("其他"), rest)]


def _rows(kind: str, model: Any) -> Any:
    grades = F("grades") if issubclass(model, Graded) else Value([], JSONField())
    rows = model._default_manager.filter(is_active=True).order_by().annotate(of=Value(str(kind), CharField()))
    return rows.values_list("of", "pk", "name_zh", "name_en", grades)


def _scale(grades: Sequence[Any]) -> str:
    """What the numbers of a scale stand for: from which grade to which."""
    ends = [f"{level} {grade_name(grades, level)}" for level in (1, len(grades))] if grades else []
    return f" · {' – '.join(ends)}" if ends else ""
