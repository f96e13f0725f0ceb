"""The engine's stored answers, in words for the desk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from orders import matching_text as text
from orders.matching import (
    Lead,
    Ranked,
    Reason,
    group_points,
    lead_over_next,
    part_from_dict,
    reason_from_dict,
)
from orders.models import MatchShift
from orders.selectors.desk import catalogue
from workers.models import Worker

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


@dataclass(frozen=True, slots=True)
class Ranking:
    """A stored ranking. `whole`: everybody who suits is in it; `brief`: nobody but the chosen is."""

    entries: Sequence[Ranked]
    whole: bool = True
    brief: bool = False

    def lead(self, worker_id: int, chosen: Collection[int]) -> Lead | None:
        """Over the next who is free; None where the list does not tell."""
        if self.brief:
            return None
        return lead_over_next(self.entries, worker_id, chosen=chosen, whole=self.whole)


def ranking_of(match: MatchShift) -> Ranking:
    """The stored ranking and how much of it there is."""
    entries = ranked_of(match)
    return Ranking(entries, whole=len(entries) >= match.ranked_total, brief=is_brief(match))


def is_brief(match: MatchShift) -> bool:
    """Whether the run was so large that only those who were chosen were kept."""
    return match.run.cause == "batch" and not (match.gates or match.ranked_total)


def light_matches() -> QuerySet[MatchShift]:
    """Stored answers with their runs, without the long list of rejected people."""
    return MatchShift.objects.select_related("run").defer("rejected", "masks")


def names() -> Mapping[str, str]:
    """Names of the catalogues' rows and of all cities by code, in the active language (one query)."""
    return catalogue.read().names


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


def choice(
    ranking: Ranking,
    worker_id: int | None,
    named: Mapping[str, str],
    *,
    chosen: Collection[int] = (),
    novice: bool = False,
) -> Choice | None:
    """One worker of a ranking; None if they are not in it (chosen by hand, or matched anew meanwhile).

    `chosen` have the other places of the shift; `novice`: the place was held for a novice.
    """
    ranked = ranking.entries
    entry = next((row for row in ranked if row.worker_id == worker_id), None)
    if entry is None:
        return None
    told = text.lead_text(ranking.lead(entry.worker_id, chosen), novice=novice)
    return Choice(entry.worker_id, entry.score, bars(entry), words(entry, named), told, entry.taken_by is not None)


def choices(ranked: Sequence[Ranked], named: Mapping[str, str]) -> list[Choice]:
    """Everybody of a ranking, best first."""
    return [
        Choice(row.worker_id, row.score, bars(row), words(row, named), "", row.taken_by is not None) for row in ranked
    ]


def reason_words(reasons: Iterable[Json], named: Mapping[str, str]) -> list[str]:
    """Stored reasons in words."""
    return [text.reason_text(with_cities(reason_from_dict(row), named), named) for row in reasons]


def with_cities(reason: Reason, named: Mapping[str, str]) -> Reason:
    """The reason with the names of its cities instead of their codes."""
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
