"""What can be asked for, as one query gives it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, JSONField, Value
from django.utils.translation import get_language

from orders.matching_text import grade_key
from workers.models import CertificateType, Course, Language, Skill
from workers.models.catalogue import PLAIN_LEVELS, grade_name

KINDS: Mapping[str, Any] = {"skill": Skill, "language": Language, "certificate": CertificateType, "course": Course}
# the kind of a skill and the grades of a scale; what has neither says so
MORE: Mapping[str, tuple[Any, Any]] = {"skill": (F("kind"), F("grades")), "language": (Value(""), F("grades"))}
NOTHING = (Value(""), Value([], JSONField()))


@dataclass(frozen=True, slots=True)
class Item:
    """A skill, language, certificate or course; `grades` and `sort` (the kind) where it has them."""

    pk: int
    code: str
    name_zh: str
    name_en: str
    is_active: bool
    sort: str
    grades: Sequence[Mapping[str, Any]]

    @property
    def name(self) -> str:
        """The name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    @property
    def most_level(self) -> int:
        """The highest level."""
        return len(self.grades) or PLAIN_LEVELS

    def grade(self, level: int) -> str:
        """What the level is called in the active language."""
        return grade_name(self.grades, level)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything by kind (`KINDS`), in the order of the ids."""

    items: Mapping[str, Sequence[Item]]

    def names(self, kind: str) -> dict[int, str]:
        """Id → name."""
        return {item.pk: item.name for item in self.items[kind]}

    def offered(self, kind: str) -> list[Item]:
        """What can be asked for anew."""
        return [item for item in self.items[kind] if item.is_active]

    def graded(self, kind: str, levels: Mapping[int, int]) -> list[tuple[str, str]]:
        """Name and grade of each, from levels by id."""
        by_id = {item.pk: item for item in self.items[kind]}
        return [(by_id[pk].name, by_id[pk].grade(level)) for pk, level in levels.items()]

    def grades(self) -> dict[str, str]:
        """Names of levels, by `grade_key`."""
        return {
            grade_key(kind, item.code, level): item.grade(level)
            for kind in ("skill", "language")
            for item in self.items[kind]
            for level in range(1, len(item.grades) + 1)
        }

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
        .annotate(of=Value(kind, output_field=CharField()))
        .values_list("of", "pk", "code", "name_zh", "name_en", "is_active", *MORE.get(kind, NOTHING))
        for kind, model in KINDS.items()
    )
    found: dict[str, list[Item]] = {kind: [] for kind in KINDS}
    for kind, *columns in sorted(first.union(*others, all=True), key=lambda row: row[:2]):
        found[kind].append(Item(*columns))
    return Catalogue(found)
