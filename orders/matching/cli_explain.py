"""Why these people for one shift, as data and as lines to read: what a raw instance can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .formats.raw import Raw
from .problem import Problem, Solution

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation as JSON-able data and as text."""

    data: Json
    text: str


class Plan:
    """Who does what in a solution, asked by person."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.shifts_of: dict[int, list[int]] = {}
        for t, w in zip(solution.shift.tolist(), solution.who.tolist(), strict=True):
            self.shifts_of.setdefault(w, []).append(t)

    def on(self, t: int) -> set[int]:
        """The people chosen for shift ``t``."""
        return {w for w, shifts in self.shifts_of.items() if t in shifts}

    def in_the_way(self, t: int, w: int) -> list[int]:
        """Shifts of person ``w`` that must go before they could take ``t``; all of them where it is the hours."""
        problem, mine = self.problem, self.shifts_of.get(w, [])
        start, end, rest = int(problem.start[t]), int(problem.end[t]), int(problem.rest[w])
        close = [s for s in mine if start < int(problem.end[s]) + rest and int(problem.start[s]) < end + rest]
        if close:
            return close
        minutes = sum(int(problem.end[s] - problem.start[s]) for s in [*mine, t])
        return mine if minutes > int(problem.left[w, 0]) else []


def ranked(problem: Problem, t: int) -> Iterator[tuple[int, int]]:
    """(person, score) of everybody eligible for shift ``t``, best first, then by position."""
    pairs = range(int(problem.begin[t]), int(problem.begin[t + 1]))
    yield from sorted(((int(problem.who[p]), int(problem.score[p])) for p in pairs), key=lambda p: (-p[1], p[0]))


def explain_raw(found: Raw, t: int, solution: Solution) -> Explained:
    """Who is chosen for the shift at position ``t``, who comes next and by how many points they are behind."""
    problem, plan = found.problem, Plan(found.problem, solution)
    on = plan.on(t)
    chosen: list[Json] = [{"worker": w, "score": score} for w, score in ranked(problem, t) if w in on]
    others: list[Json] = []
    for w, score in ranked(problem, t):
        if w not in on:
            others.append({"worker": w, "score": score, "busy_on": [found.ids[s] for s in plan.in_the_way(t, w)]})
        if others and not others[-1]["busy_on"]:
            break
    for other in others:
        other["behind"] = chosen[-1]["score"] - other["score"] if chosen else None
    data: Json = {
        "shift": found.ids[t],
        "places": int(problem.need[t]),
        "eligible": int(problem.begin[t + 1] - problem.begin[t]),
        "chosen": chosen,
        "next_best": others[0] if others else None,
        "next_free": next((other for other in others if not other["busy_on"]), None),
    }
    return Explained(data, "\n".join(_lines(data)))


def _lines(data: Json) -> Iterator[str]:
    yield f"shift {data['shift']}: {len(data['chosen'])} of {data['places']} places, {data['eligible']} eligible"
    for one in data["chosen"]:
        yield f"  chosen     worker {one['worker']} with {one['score']} points"
    for key, name in (("next_best", "next best"), ("next_free", "next free")):
        other = data[key]
        if other:
            yield f"  {name}  worker {other['worker']} with {other['score']} points{behind_words(other)}"


def behind_words(other: Json) -> str:
    """How far behind, and what keeps the person busy, in words."""
    words = "" if other["behind"] is None else f", {other['behind']} behind the last chosen"
    busy = ", ".join(str(shift) for shift in other["busy_on"])
    return f"{words}, busy on {busy}" if busy else words
