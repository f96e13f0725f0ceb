"""Explanations as data: what is stored with a run, and figures drawn from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .codes import BITS, GATES, GROUPS, PARTS, REASONS
from .types import GateCount, Ranked, Reason, ScorePart

Json = dict[str, Any]
# so many of a ranking are told, and follow each other without a gap; whoever was chosen may come after them
LISTED: Final = 40


@dataclass(frozen=True, slots=True)
class Lead:
    """By how many points a worker leads the next, and the parts that differ: (code, points more or less).

    ``points`` are below 0 where the client's fixed team goes first (``team_first``) in spite of them. ``continuity``:
    without another shift of the same order the worker would not lead.
    """

    worker_id: int
    next_id: int
    points: int
    differences: tuple[tuple[str, int], ...]
    team_first: bool = False
    continuity: bool = False


def reason_to_dict(reason: Reason) -> Json:
    """JSON-able form of a reason."""
    return {"code": reason.code, "params": dict(reason.params)}


def reason_from_dict(data: Mapping[str, Any]) -> Reason:
    """The reason again. Raises KeyError for a missing field or an unknown code."""
    REASONS[data["code"]]
    return Reason(data["code"], dict(data["params"]))


def part_to_dict(part: ScorePart) -> Json:
    """JSON-able form of a score part."""
    return {"code": part.code, "points": part.points, "max": part.max_points, "params": dict(part.params)}


def part_from_dict(data: Mapping[str, Any]) -> ScorePart:
    """The part again. Raises KeyError for a missing field or an unknown code."""
    PARTS[data["code"]]
    return ScorePart(data["code"], data["points"], data["max"], dict(data["params"]))


def gate_of(reason: Reason) -> str:
    """The gate that the reason belongs to."""
    return REASONS[reason.code][0]


def mask_of(reasons: Iterable[Reason]) -> int:
    """The reasons' codes as bits."""
    return sum({1 << BITS[reason.code] for reason in reasons})


def codes_of(mask: int) -> tuple[str, ...]:
    """The codes that a mask stands for, in the order of ``codes.REASONS``."""
    return tuple(code for code, bit in BITS.items() if mask >> bit & 1)


def gate_counts(rejected: Mapping[int, Sequence[Reason]]) -> tuple[GateCount, ...]:
    """Gates that remove anybody, in the order of ``codes.GATES``."""
    removed, only = dict.fromkeys(GATES, 0), dict.fromkeys(GATES, 0)
    for against in rejected.values():
        gates = {gate_of(reason) for reason in against}
        for gate in gates:
            removed[gate] += 1
            only[gate] += len(gates) == 1
    return tuple(GateCount(gate, removed[gate], only[gate]) for gate in GATES if removed[gate])


def group_points(parts: Sequence[ScorePart]) -> dict[str, tuple[int, int]]:
    """(points, most possible) for each group of the score bar, in the order of ``codes.GROUPS``."""
    points, most = dict.fromkeys(GROUPS, 0), dict.fromkeys(GROUPS, 0)
    for part in parts:
        group = PARTS[part.code][0]
        points[group] += part.points
        most[group] += part.max_points
    return {group: (points[group], most[group]) for group in GROUPS}


def lead(winner: Ranked, runner_up: Ranked) -> Lead:
    """Why the winner stands before the runner-up; greatest differences first, negative ones count against."""
    differences = [
        (mine.code, mine.points - other.points) for mine, other in zip(winner.parts, runner_up.parts, strict=True)
    ]
    told = sorted((d for d in differences if d[1]), key=lambda d: -abs(d[1]))
    points = winner.score - runner_up.score
    team_first = points <= 0 and _of_team(winner) and not _of_team(runner_up)
    joined = next((more for code, more in told if code == "continuity"), 0)
    return Lead(
        winner.worker_id, runner_up.worker_id, points, tuple(told), team_first, joined > 0 and 0 <= points <= joined
    )


def _of_team(entry: Ranked) -> bool:
    return any(part.code == "team" and part.params["member"] for part in entry.parts)


def lead_over_next(
    ranked: Sequence[Ranked], worker_id: int, *, chosen: Collection[int] = (), whole: bool = True
) -> Lead | None:
    """The lead of a ranked worker over the next one who is free: neither on another shift of the plan, nor among the
    ``chosen`` of this one. None if there is none, or (not ``whole``) if the list has a gap before the next one.

    Raises KeyError if the worker is not ranked.
    """
    place = next((at for at, entry in enumerate(ranked) if entry.worker_id == worker_id), None)
    if place is None:
        raise KeyError(worker_id)
    rest = ranked[place + 1 :] if whole else ranked[place + 1 : LISTED]
    following = next((e for e in rest if e.taken_by is None and e.worker_id not in chosen), None)
    return lead(ranked[place], following) if following else None
