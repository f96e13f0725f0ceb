"""The engine's answers as data and in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from orders import matching_text as text
from orders.matching import part_from_dict
from orders.models import MatchShift
from orders.selectors.desk import explaining
from staffing.core.api.problems import REASONS
from staffing.core.errors import DomainError

Json = dict[str, Any]
Names = Mapping[str, str]


def reasons(rows: Iterable[Mapping[str, Any]], names: Names) -> list[Json]:
    """Stored reasons, each with its sentence in the active language."""
    told = [dict(row) for row in rows]
    return [row | {"text": words} for row, words in zip(told, explaining.reason_words(told, names), strict=True)]


def problem_members(error: DomainError) -> Json:
    """For a refusal that carries reasons: the reasons with words."""
    found: Sequence[Mapping[str, Any]] = error.params.get(REASONS, ())
    return {REASONS: reasons(found, explaining.names())} if found else {}


def matches_of(rows: Sequence[MatchShift], most: int) -> list[Json]:
    """The answers for shifts, at most `most` ranked and `most` rejected people of each, best and nearest first."""
    names = explaining.names()
    chosen = [(row, row.ranked[:most], _nearest(row)[:most]) for row in rows]
    ids = {entry["worker"] for _row, ranked, _rest in chosen for entry in ranked}
    ids |= {worker for _row, _ranked, rejected in chosen for worker in rejected}
    people = {pk: person.user.name for pk, person in explaining.people(ids).items()}
    return [
        _head(row)
        | {
            "ranked": [_ranked(entry, people, names) for entry in ranked],
            "rejected": [
                {"worker": {"id": pk, "name": people[pk]}, "reasons": reasons(row.rejected[str(pk)], names)}
                for pk in rejected
            ],
        }
        for row, ranked, rejected in chosen
    ]


def _nearest(row: MatchShift) -> list[int]:
    """Rejected people, those with the fewest reasons first."""
    return sorted(map(int, row.rejected), key=lambda pk: (len(row.rejected[str(pk)]), pk))


def _head(row: MatchShift) -> Json:
    gates = [
        {"code": one["gate"], "text": text.gate_text(one["gate"]), "removed": one["removed"], "only": one["only"]}
        for one in row.gate_rows()
    ]
    return {
        "run": row.run_id,
        "created_at": row.run.created_at,
        "cause": row.run.cause,
        "weights_version": row.run.weights_version,
        "pool_size": row.run.pool_size,
        "shift": row.shift_id,
        "shortage": row.shortage,
        "ranked_count": row.eligible_count(),
        "rejected_count": row.rejected_count(),
        "gates": gates,
    }


def _ranked(entry: Mapping[str, Any], people: Mapping[int, str], names: Names) -> Json:
    worker = {"id": entry["worker"], "name": people[entry["worker"]]}
    parts = [
        part | {"name": text.part_name(part["code"]), "text": text.part_text(part_from_dict(part), names)}
        for part in entry["parts"]
    ]
    return {"worker": worker, "score": entry["score"], "taken_by_shift": entry.get("taken_by"), "parts": parts}
