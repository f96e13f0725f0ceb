"""Ready-made requirements as plain values: read at once, and merged into what a client asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from orders.models import GateProfile, ProfileLanguage, ProfileSkill

if TYPE_CHECKING:
    from orders.services.ordering import OrderSpec

Levels = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Gates:
    """What a profile asks for; `skills` and `languages` map ids to least levels."""

    profile: GateProfile
    skills: Levels
    languages: Levels
    certificates: Sequence[int]
    courses: Sequence[int]
    min_stars: Decimal | None
    clearance: int


def ready_made(profiles: QuerySet[GateProfile] | None = None) -> list[Gates]:
    """The profiles in use (or these) with all they ask for; one query."""
    chosen = GateProfile.objects.filter(is_active=True) if profiles is None else profiles
    found = chosen.annotate(
        skill_levels=_levels(ProfileSkill, "skill_id"),
        language_levels=_levels(ProfileLanguage, "language_id"),
        certificate_ids=_ids("certificates", "certificatetype_id"),
        course_ids=_ids("courses", "course_id"),
    )
    return [_gates(row) for row in found]


def _levels(model: Any, column: str) -> ArraySubquery:
    rows = model.objects.filter(profile=OuterRef("pk")).order_by("pk")
    return ArraySubquery(rows.values(level=JSONObject(pk=F(column), least=F("min_level"))))


def _ids(name: str, column: str) -> ArraySubquery:
    through = getattr(GateProfile, name).through
    return ArraySubquery(through.objects.filter(gateprofile=OuterRef("pk")).order_by("pk").values(column))


def _gates(row: Any) -> Gates:
    return Gates(
        profile=row,
        skills={each["pk"]: each["least"] for each in row.skill_levels},
        languages={each["pk"]: each["least"] for each in row.language_levels},
        certificates=tuple(row.certificate_ids),
        courses=tuple(row.course_ids),
        min_stars=row.min_stars,
        clearance=row.clearance,
    )


def merged(spec: OrderSpec, gates: Gates) -> OrderSpec:
    """The order with all that both ask for: of two levels the higher one."""
    return replace(
        spec,
        skills=highest(spec.skills or {}, gates.skills),
        languages=highest(spec.languages or {}, gates.languages),
        certificates=_both(spec.certificates, gates.certificates),
        courses=_both(spec.courses, gates.courses),
        min_stars=max(filter(None, (spec.min_stars, gates.min_stars)), default=None),
        clearance=max(spec.clearance, gates.clearance),
    )


def highest(one: Levels, other: Levels) -> dict[int, int]:
    """Every id of both with the higher of its levels."""
    return {pk: max(one.get(pk, 0), other.get(pk, 0)) for pk in {**one, **other}}


def _both(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return list(dict.fromkeys([*one, *other]))
