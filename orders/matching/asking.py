"""A demand as compiled code reads it against one pool: ids turned into rows, weights into plain numbers."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from .columns import Pool
from .demand import Demand, Ragged
from .geo import unit_vectors
from .tables import Column
from .types import Weights

# degrees of latitude; wider than a city, narrower than the way to the next
_BAND: Final = 0.4


class Asked(NamedTuple):
    """`demand.Groups` with ``site`` as unit vectors, ``blocked`` and ``team`` as rows of the pool (-1: nobody)."""

    remote: Any
    city: Any
    lat: Any
    lng: Any
    site: Any
    min_stars: Any
    max_rate: Any
    clearance: Any
    priority: Any
    skills_at: Any
    skills: Any
    languages_at: Any
    languages: Any
    certificates_at: Any
    certificates: Any
    courses_at: Any
    courses: Any
    blocked_at: Any
    blocked: Any
    team_at: Any
    team: Any


class Shifts(NamedTuple):
    """Columns of a demand; the shifts of group ``g`` are ``listed[listed_at[g]:listed_at[g + 1]]``; ``turn`` is the
    order in which groups are best looked at; ``gone`` and ``held`` are rows (-1: nobody)."""

    turn: Any
    listed_at: Any
    listed: Any
    group: Any
    start: Any
    end: Any
    last_day: Any
    gone_at: Any
    gone: Any
    held_at: Any
    held: Any
    edges: Any


class Points(NamedTuple):
    """The weights of a score as whole numbers, ``prior`` in hundredths of a star, travel in minutes."""

    base: int
    priority: int
    closeness: int
    remote: int
    stars: int
    reliability: int
    skill: int
    skill_met: int
    team: int
    economy: int
    fairness: int
    fairness_minutes: int
    prior: int
    travel_fixed: int
    travel_per_km: int
    value_first: int


def points_of(weights: Weights) -> Points:
    """The numbers that scoring a pair and judging its travel need."""
    return Points(
        base=weights.base,
        priority=weights.priority,
        closeness=weights.closeness,
        remote=weights.remote,
        stars=weights.stars,
        reliability=weights.reliability,
        skill=weights.skill,
        skill_met=weights.skill_met,
        team=weights.team,
        economy=weights.economy,
        fairness=weights.fairness,
        fairness_minutes=weights.fairness_minutes,
        prior=weights.novice_stars_tenths * 10,
        travel_fixed=weights.travel_fixed_minutes,
        travel_per_km=weights.travel_minutes_per_km,
        value_first=weights.value_first_percent,
    )


def asked_of(demand: Demand, pool: Pool) -> Asked:
    """The groups of a demand for this pool."""
    groups = demand.groups
    known = {name: getattr(groups, name) for name in groups.__slots__}
    ragged = {name: value for name, value in known.items() if isinstance(value, Ragged)}
    known |= {f"{name}_at": value.begin for name, value in ragged.items()}
    known |= {name: value.values for name, value in ragged.items()}
    known |= {name: pool.rows_of(ragged[name].values) for name in ("blocked", "team")}
    known["site"] = unit_vectors(groups.lat, groups.lng)
    return Asked(*(known[name] for name in Asked._fields))


def shifts_of(demand: Demand, pool: Pool) -> Shifts:
    """The shifts of a demand for this pool."""
    listed, begin = _by_group(demand)
    times = (demand.start, demand.end, demand.last_day)
    gone = (demand.gone.begin, pool.rows_of(demand.gone.values))
    held = (demand.held.begin, pool.rows_of(demand.held.values))
    return Shifts(_turn(demand), begin, listed, demand.group, *times, *gone, *held, demand.edges)


def _by_group(demand: Demand) -> tuple[Column, Column]:
    listed = np.argsort(demand.group, kind="stable").astype(np.int32)
    counts = np.bincount(demand.group, minlength=len(demand.groups))
    return listed, np.append(0, np.cumsum(counts)).astype(np.int32)


def _turn(demand: Demand) -> Column:
    """Neighbours one after the other, so that the same people are still in the processor's cache."""
    lat, lng = demand.groups.lat, demand.groups.lng
    return np.lexsort((lng, np.floor(lat / _BAND))).astype(np.int32)
