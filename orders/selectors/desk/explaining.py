"""The engine's stored answers, in words for the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from orders import matching_text as text
from orders.matching import (
    Ranked,
    Reason,
    group_points,
    lead_over_next,
    part_from_dict,
    reason_from_dict,
)
from orders.models import MatchShift
from staffing.core.models import City
from workers.models import CertificateType, Course, Language, Skill, Worker

Json = Mapping[str, Any]
TOLD_PARTS = 3
SAME_FOR_ALL = {"remote"}


@dataclass(frozen=True, slots=True)
class Choice:
    """An eligible worker: points, the parts of the score bar, and why in words."""

    worker_id: int
    score: int
    bars: Sequence[Mapping[str, Any]]
    words: str
    lead: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """How many workers a gate removes, and how many of them nothing else would stop."""

    name: str
    removed: int
    only: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A worker who cannot come, with every reason in words."""

    worker_id: int
    reasons: Sequence[str]


def light_matches() -> QuerySet[MatchShift]:
    """Stored answers without the long list of rejected people."""
    return MatchShift.objects.defer("rejected", "masks")


def names() -> Mapping[str, str]:
    """Names of the catalogues' rows and of all cities by code, in the active language (five queries)."""
    models = (Skill, CertificateType, Course, Language, City)
    return {row.code: row.name for model in models for row in model.objects.all()}


def people(ids: Iterable[int]) -> dict[int, Worker]:
    """Workers by id, with their names."""
    return {w.pk: w for w in Worker.objects.filter(pk__in=set(ids)).select_related("user", "city")}


def ranked_of(match: MatchShift) -> list[Ranked]:
    """The stored ranking as the engine's own values."""
    return [
        Ranked(row["worker"], row["score"], tuple(part_from_dict(p) for p in row["parts"]), row.get("taken_by"))
        for row in match.ranked
    ]


def bars(entry: Ranked) -> list[dict[str, Any]]:
    """The four groups of the score bar."""
    return [
        {"label": text.group_text(group), "points": points, "max": most}
        for group, (points, most) in group_points(entry.parts).items()
    ]


def words(entry: Ranked, named: Mapping[str, str]) -> str:
    """The parts that gave most points, in words; not what is the same for everybody."""
    telling = [part for part in entry.parts if part.points and part.code not in SAME_FOR_ALL]
    told = sorted(telling, key=lambda part: -part.points)[:TOLD_PARTS]
    return _("；").join(text.part_text(part, named) for part in told)


def choice(ranked: Sequence[Ranked], worker_id: int | None, named: Mapping[str, str]) -> Choice | None:
    """One worker of a ranking; None if they are not in it (chosen by hand, or matched anew meanwhile)."""
    entry = next((row for row in ranked if row.worker_id == worker_id), None)
    if entry is None:
        return None
    lead = lead_over_next(ranked, entry.worker_id)
    told = text.lead_text(lead) if lead else ""
    return Choice(entry.worker_id, entry.score, bars(entry), words(entry, named), told, entry.taken_by is not None)


def choices(ranked: Sequence[Ranked], named: Mapping[str, str]) -> list[Choice]:
    """Everybody of a ranking, best first."""
    return [
        Choice(row.worker_id, row.score, bars(row), words(row, named), "", row.taken_by is not None) for row in ranked
    ]


def reason_words(reasons: Iterable[Json], named: Mapping[str, str]) -> list[str]:
    """Stored reasons in words."""
    return [text.reason_text(_with_cities(reason_from_dict(row), named), named) for row in reasons]


def _with_cities(reason: Reason, named: Mapping[str, str]) -> Reason:
    if reason.code != "other_city":
        return reason
    return Reason(reason.code, {key: named.get(str(value), value) for key, value in reason.params.items()})


def gates(match: MatchShift) -> list[Gate]:
    """Which gate removes how many, in the engine's order."""
    return [Gate(text.gate_text(row["gate"]), row["removed"], row["only"]) for row in match.gate_rows()]


def refusals(match: MatchShift, named: Mapping[str, str], only: Iterable[int] | None = None) -> list[Refusal]:
    """Everybody rejected (or those of `only`), those with the fewest reasons first."""
    ids = sorted(match.rejected, key=lambda pk: (len(match.rejected[pk]), int(pk)))
    wanted = None if only is None else {str(pk) for pk in only}
    return [Refusal(int(pk), reason_words(match.rejected[pk], named)) for pk in ids if wanted is None or pk in wanted]
