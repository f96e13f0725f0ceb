"""What can be asked for, as one query gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Value
from django.utils.translation import get_language

from workers.models import CertificateType, Course, Language, Skill

KINDS: Mapping[str, Any] = {"skill": Skill, "language": Language, "certificate": CertificateType, "course": Course}


@dataclass(frozen=True, slots=True)
class Item:
    """A skill, language, certificate or course."""

    pk: int
    code: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything by kind (`KINDS`), in the order of the ids."""

    items: Mapping[str, Sequence[Item]]

    def names(self, kind: str) -> dict[int, str]:
        """Id → name."""
        return {item.pk: item.name for item in self.items[kind]}

    def codes(self, kind: str) -> dict[int, str]:
        """Id → code."""
        return {item.pk: item.code for item in self.items[kind]}

    def by_code(self, kind: str) -> dict[str, Item]:
        """Code → item."""
        return {item.code: item for item in self.items[kind]}


def read() -> Catalogue:
    """The whole catalogue; one query."""
    first, *others = (
        model.objects.order_by()
        .annotate(kind=Value(kind, output_field=CharField()))
        .values_list("kind", "pk", "code", "name_zh", "name_en")
        for kind, model in KINDS.items()
    )
    found: dict[str, list[Item]] = {kind: [] for kind in KINDS}
    for kind, *columns in sorted(first.union(*others, all=True)):
        found[kind].append(Item(*columns))
    return Catalogue(found)
