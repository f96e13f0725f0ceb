"""The engine's answers as data and in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from orders import change_text
from orders import matching_text as text
from orders.matching import Lead, part_from_dict
from orders.models import MatchShift, Position
from orders.selectors.desk import explaining
from orders.whatif import Told
from staffing.core.api.problems import REASONS
from staffing.core.errors import DomainError

if TYPE_CHECKING:
    from orders.matching.whatif import Gain

Json = dict[str, Any]
Names = Mapping[str, str]


def reasons(rows: Iterable[Mapping[str, Any]], names: Names) -> list[Json]:
    """Stored reasons, each with its sentence in the active language."""
    told = [dict(row) for row in rows]
    return [row | {"text": words} for row, words in zip(told, explaining.reason_words(told, names), strict=True)]


def problem_members(error: DomainError) -> Json:
    """For a refusal that carries reasons: the reasons with words. For a cost nobody agreed to: how much it is (CNY)."""
    if "fee" in error.params:
        return {"fee": str(error.params["fee"])}
    found: Sequence[Mapping[str, Any]] = error.params.get(REASONS, ())
    return {REASONS: reasons(found, explaining.names())} if found else {}


def matches_of(rows: Sequence[MatchShift], most: int) -> list[Json]:
    """The answers for shifts, at most `most` ranked and `most` rejected people of each, best and nearest first."""
    names = explaining.names()
    chosen = [(row, row.ranked[:most], _nearest(row)[:most]) for row in rows]
    ids = {entry["worker"] for _row, ranked, _rest in chosen for entry in ranked}
    ids |= {worker for _row, _ranked, rejected in chosen for worker in rejected}
    people = {pk: person.user.name for pk, person in explaining.people(ids).items()}
    placed = _placed(rows)
    return [
        _head(row)
        | {
            "ranked": [_ranked(entry, people, names) | lead for entry, lead in _leads(row, ranked, placed)],
            "rejected": [
                {"worker": {"id": pk, "name": people[pk]}, "reasons": reasons(row.rejected[str(pk)], names)}
                for pk in rejected
            ],
        }
        for row, ranked, rejected in chosen
    ]


def _placed(rows: Sequence[MatchShift]) -> Mapping[int, set[int]]:
    """By shift: who has a place of it."""
    found: dict[int, set[int]] = defaultdict(set)
    places = Position.objects.filter(shift__in=[row.shift_id for row in rows], proposed_worker__isnull=False)
    for shift, worker in places.values_list("shift_id", "proposed_worker_id"):
        found[shift].add(worker or 0)
    return found


def _leads(row: MatchShift, entries: Sequence[Json], placed: Mapping[int, set[int]]) -> Iterator[tuple[Json, Json]]:
    """Each entry with before whom somebody stands, as data and in words."""
    ranking = explaining.ranking_of(row)
    for entry in entries:
        lead = ranking.lead(entry["worker"], placed.get(row.shift_id, ()))
        yield entry, {"lead": _lead(lead) if lead else None}


def _lead(lead: Lead) -> Json:
    differences = [{"code": code, "name": text.part_name(code), "points": more} for code, more in lead.differences]
    return {
        "next": lead.next_id,
        "points": lead.points,
        "differences": differences,
        "team_first": lead.team_first,
        "continuity": lead.continuity,
        "text": text.lead_text(lead),
    }


def what_if_of(answers: Sequence[Told]) -> list[Json]:
    """What changing each shift would bring."""
    names = explaining.names()
    return [
        {
            "shift": told.shift.pk,
            "pool_size": told.pool_size,
            "placed": told.placed,
            "eligible": told.found.reach.eligible,
            "rejected": told.found.reach.rejected,
            "gates": [asdict(gate) | _gate(gate.gate) for gate in told.found.reach.gates],
            "changes": [_gain(gain, names) for gain in told.found.gains],
        }
        for told in answers
    ]


def _gate(gate: str) -> Json:
    return {"code": gate, "text": text.gate_text(gate)}


def _gain(gain: "Gain", names: Names) -> Json:
    code, params = gain.change.code, dict(gain.change.params)
    told = change_text.change_text(code, params, names)
    return {"code": code, "params": params, "text": told, "more": gain.more, "fewer": gain.fewer}


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
        "method": row.run.method,
        "gap": row.run.gap,
        "stopped": row.run.stopped,
        "fallback": row.run.fallback,
        "shift": row.shift_id,
        "shortage": row.shortage,
        "novice_places": row.novice_places,
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
