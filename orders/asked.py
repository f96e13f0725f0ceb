"""Whom an order that is not written yet would reach now, and which of its requirements keeps how many away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db.models import BooleanField, Value

from orders import snapshot
from orders.matching import LatLng, Need
from orders.models import Client, DoNotSend, TeamMember
from orders.pool import ceil_minute, floor_minute, weights_in_force
from orders.whatif import Unavailable

if TYPE_CHECKING:
    from orders.matching.whatif import Gain, Reach
    from orders.services.ordering import ShiftSpec

# gates that another hour would open
TIME_GATES: Final = frozenset({"availability", "booking", "travel", "weekly_hours"})
Counted = Callable[[Need], "Reach"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a half-filled form asks for, in codes of the catalogue; `site` is None for remote work."""

    client: Client
    city: str
    remote: bool
    site: LatLng | None
    shifts: Sequence[ShiftSpec]
    skills: Mapping[str, int]
    languages: Mapping[str, int]
    certificates: frozenset[str]
    courses: frozenset[str]
    min_stars: Decimal | None
    clearance: int


@dataclass(frozen=True, slots=True)
class Keeps:
    """One requirement: `kind` and `code` (stars and clearance: "") with its `level`. Of the people who could come
    without any requirement it removes `removed`; `only` of them would come but for this one."""

    kind: str
    code: str
    level: str
    removed: int
    only: int


@dataclass(frozen=True, slots=True)
class Tight:
    """The shift that is hardest to fill. `free`: who could come if nothing were required but place and time;
    `busy`: who has all that is required, but not the time."""

    shift: ShiftSpec
    eligible: int
    free: int
    busy: int
    keeps: Sequence[Keeps]
    gains: Sequence[Gain]


@dataclass(frozen=True, slots=True)
class Found:
    """How many people may take each shift ahead, and more about the tightest."""

    shifts: Sequence[tuple[ShiftSpec, int]]
    tight: Tight


def found(asked: Asked, now: datetime) -> Found | None:
    """Everybody in reach, without those the client does not want; None without a shift ahead. Raises `Unavailable`."""
    needs = needs_of(asked, now)
    if not needs:
        return None
    known = snapshot.available(now)
    if known is None:
        raise Unavailable
    # Compiled code is loaded when it is first asked, not when Django starts.
    from orders.matching.whatif import reach_of, what_if

    weights, pool = weights_in_force(), known.pool

    def counted(need: Need) -> Reach:
        return reach_of(pool, need, weights)

    ahead = [shift for shift in asked.shifts if shift.start > now]
    reached = [counted(need).eligible for need in needs]
    tight = min(range(len(needs)), key=lambda at: reached[at] / ahead[at].headcount)
    gains = what_if(pool, needs[tight], weights, not_before=now).gains
    return Found(list(zip(ahead, reached, strict=True)), _tight(ahead[tight], needs[tight], counted, gains))


def needs_of(asked: Asked, now: datetime) -> list[Need]:
    """One need a shift that lies ahead; one query."""
    rows = DoNotSend.objects.filter(client=asked.client).order_by()
    own = TeamMember.objects.filter(client=asked.client).order_by()
    named = [of.annotate(team=Value(team, BooleanField())) for team, of in ((False, rows), (True, own))]
    listed = list(named[0].values_list("team", "worker_id").union(named[1].values_list("team", "worker_id"), all=True))
    return [
        Need(
            shift_id=number,
            order_id=0,
            client_id=asked.client.pk,
            start=floor_minute(shift.start),
            end=ceil_minute(shift.end),
            headcount=shift.headcount,
            city=asked.city,
            remote=asked.remote,
            site=asked.site,
            skills=asked.skills,
            certificates=asked.certificates,
            courses=asked.courses,
            languages=asked.languages,
            min_stars=asked.min_stars,
            clearance=asked.clearance,
            priority=asked.client.value,
            blocked=frozenset(worker for team, worker in listed if not team),
            team=frozenset(worker for team, worker in listed if team),
        )
        for number, shift in enumerate(asked.shifts)
        if shift.start > now
    ]


def _tight(shift: ShiftSpec, need: Need, counted: Counted, gains: Sequence[Gain]) -> Tight:
    bare = replace(
        need, skills={}, languages={}, certificates=frozenset(), courses=frozenset(), min_stars=None, clearance=0
    )
    whole, free = counted(need), counted(bare).eligible
    keeps = [
        Keeps(kind, code, level, free - counted(alone).eligible, counted(without).eligible - whole.eligible)
        for kind, code, level, alone, without in _single(need, bare)
    ]
    busy = sum(gate.only for gate in whole.gates if gate.gate in TIME_GATES)
    return Tight(shift, whole.eligible, free, busy, sorted(keeps, key=lambda one: -one.removed), gains)


def _single(need: Need, bare: Need) -> Iterator[tuple[str, str, str, Need, Need]]:
    """Every requirement: kind, code, level, a need with it alone, and the need without it."""
    for code, level in sorted(need.skills.items()):
        rest = {one: at for one, at in need.skills.items() if one != code}
        yield "skill", code, str(level), replace(bare, skills={code: level}), replace(need, skills=rest)
    for code, level in sorted(need.languages.items()):
        rest = {one: at for one, at in need.languages.items() if one != code}
        yield "language", code, str(level), replace(bare, languages={code: level}), replace(need, languages=rest)
    for code in sorted(need.certificates):
        alone, rest_of = replace(bare, certificates=frozenset({code})), need.certificates - {code}
        yield "certificate", code, "", alone, replace(need, certificates=rest_of)
    for code in sorted(need.courses):
        alone, rest_of = replace(bare, courses=frozenset({code})), need.courses - {code}
        yield "course", code, "", alone, replace(need, courses=rest_of)
    if need.min_stars is not None:
        alone, without = replace(bare, min_stars=need.min_stars), replace(need, min_stars=None)
        yield "stars", "", str(need.min_stars), alone, without
    if need.clearance:
        alone, without = replace(bare, clearance=need.clearance), replace(need, clearance=0)
        yield "clearance", "", str(need.clearance), alone, without
