"""Shifts as columns: what equal shifts ask for once, and each shift's own times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .minutes import HOUSE, WEEK, Scale, day_of
from .tables import Catalogue, Column
from .types import Held, Need

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
ANY: Final = -1
Excluded = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Several values for each of ``n`` things: ``values[begin[i]:begin[i + 1]]``."""

    begin: Ints
    values: Column

    @classmethod
    def of(cls, lists: Sequence[Sequence[Any]], kind: Any, width: int = 0) -> Ragged:
        """Of a list a thing; ``width`` > 0: each value is a tuple so long, the values a table."""
        begin = np.zeros(len(lists) + 1, np.int32)
        np.cumsum(np.fromiter(map(len, lists), np.int64, len(lists)), out=begin[1:])
        flat = chain.from_iterable(lists)
        values = np.fromiter(chain.from_iterable(flat) if width else flat, kind)
        return cls(begin, values.reshape(-1, width) if width else values)

    def only(self, at: int) -> Ragged:
        """Those of one thing alone."""
        first, last = self.begin[at], self.begin[at + 1]
        return Ragged(np.array([0, last - first], np.int32), self.values[first:last])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Groups:
    """What equal shifts ask for. ``city`` is a place in the catalogue (-1: one it lacks); ``lat``, ``lng`` degrees,
    NaN without a site; ``min_stars`` hundredths and ``max_rate`` (`ANY`: none asked). ``skills`` and ``languages`` are
    (code, level), ``certificates`` and ``courses`` codes, ``blocked`` and ``team`` ids of workers."""

    remote: NDArray[np.bool_]
    city: Ints
    lat: NDArray[np.float64]
    lng: NDArray[np.float64]
    min_stars: Ints
    max_rate: Ints
    clearance: Ints
    priority: Ints
    skills: Ragged
    languages: Ragged
    certificates: Ragged
    courses: Ragged
    blocked: Ragged
    team: Ragged

    def __len__(self) -> int:
        return len(self.remote)

    def only(self, at: int) -> Groups:
        """One group alone."""
        columns: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        one: dict[str, Any] = {n: c.only(at) if isinstance(c, Ragged) else c[at : at + 1] for n, c in columns.items()}
        return Groups(**one)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Demand:
    """``n`` shifts in the order given. ``id``, ``order``, ``client`` int64[n]; ``group`` int32[n] points into
    ``groups``; ``start``, ``end`` minutes of the scale; ``last_day`` proleptic ordinal of the last local day that the
    shift touches; ``need`` places to fill, held ones not among them; ``novices`` places that wait for novices.
    ``gone`` are workers not to be asked again, ``held`` those who have a place of the shift.
    ``edges`` int32[K + 1]: week ``k`` of the hours rule is ``[edges[k], edges[k + 1])``; every shift lies within.
    """

    id: Longs
    order: Longs
    client: Longs
    group: Ints
    start: Ints
    end: Ints
    last_day: Ints
    need: Ints
    novices: Ints
    gone: Ragged
    held: Ragged
    groups: Groups
    edges: Ints

    def __len__(self) -> int:
        return len(self.id)

    def shift_of(self, shift_id: int) -> int:
        """Place of a shift in the columns. Raises ValueError if it is not among them."""
        found = np.flatnonzero(self.id == shift_id)
        if len(found) != 1:
            raise ValueError(f"no shift {shift_id}")
        return int(found[0])

    def only(self, shift: int) -> Demand:
        """The demand of the shift at this place alone."""
        one = slice(shift, shift + 1)
        columns = {name: getattr(self, name)[one] for name in ("id", "order", "client", "start", "end", "last_day")}
        group = int(self.group[shift])
        return Demand(
            **columns,
            group=np.zeros(1, np.int32),
            need=self.need[one],
            novices=self.novices[one],
            gone=self.gone.only(shift),
            held=self.held.only(shift),
            groups=self.groups.only(group),
            edges=self.edges,
        )

    @classmethod
    def of(
        cls,
        needs: Sequence[Need],
        catalogue: Catalogue,
        *,
        excluded: Excluded | None = None,
        held: Iterable[Held] = (),
        scale: Scale = HOUSE,
    ) -> Demand:
        """The columns of these needs. ``excluded`` maps a shift id to workers who declined or did not come.

        Held places are subtracted from the headcount; their times must be among the workers' bookings already.
        Raises ValueError for a shift that comes twice, a held place of an unknown shift, and moments at which the
        scale does not hold.
        """
        ids = [need.shift_id for need in needs]
        if len(set(ids)) != len(ids):
            raise ValueError("a shift comes twice")
        group, first = _grouped(needs)
        start, end = _ints(scale.floor(n.start) for n in needs), _ints(scale.ceil(n.end) for n in needs)
        places = _held_by_shift(held, set(ids))
        return cls(
            id=np.array(ids, np.int64),
            order=np.array([n.order_id for n in needs], np.int64),
            client=np.array([n.client_id for n in needs], np.int64),
            group=group,
            start=start,
            end=end,
            last_day=day_of(end - 1),
            need=_ints(max(0, n.headcount - len(places.get(n.shift_id, ()))) for n in needs),
            novices=_ints(n.novice_places for n in needs),
            gone=_per_shift(ids, excluded or {}),
            held=_per_shift(ids, places),
            groups=_groups([needs[at] for at in first], catalogue),
            edges=_weeks(start, end),
        )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int32)


def _asked(need: Need) -> tuple[Any, ...]:
    """Equal for needs that ask for the same."""
    levels = (tuple(sorted(need.skills.items())), tuple(sorted(need.languages.items())))
    lasting = (need.certificates, need.courses)
    place = (need.remote, need.site, need.city)
    return (
        *levels,
        *lasting,
        *place,
        need.min_stars,
        need.clearance,
        need.max_rate,
        need.priority,
        need.blocked,
        need.team,
    )


def _grouped(needs: Sequence[Need]) -> tuple[Ints, list[int]]:
    """Each need's group, and each group's first need."""
    numbers: dict[tuple[Any, ...], int] = {}
    group = _ints(numbers.setdefault(_asked(need), len(numbers)) for need in needs)
    return group, np.unique(group, return_index=True)[1].tolist()


def _groups(needs: Sequence[Need], catalogue: Catalogue) -> Groups:
    sites = [None if need.remote else need.site for need in needs]
    return Groups(
        remote=np.array([need.remote for need in needs], np.bool_),
        city=_ints(catalogue.place("cities", need.city) for need in needs),
        lat=np.array([site.lat if site else np.nan for site in sites], np.float64),
        lng=np.array([site.lng if site else np.nan for site in sites], np.float64),
        min_stars=_ints(ANY if n.min_stars is None else _hundredths(n.min_stars) for n in needs),
        max_rate=_ints(ANY if n.max_rate is None else n.max_rate for n in needs),
        clearance=_ints(need.clearance for need in needs),
        priority=_ints(need.priority for need in needs),
        skills=_levels("skills", [need.skills for need in needs], catalogue),
        languages=_levels("languages", [need.languages for need in needs], catalogue),
        certificates=_codes("certificates", [need.certificates for need in needs], catalogue),
        courses=_codes("courses", [need.courses for need in needs], catalogue),
        blocked=Ragged.of([sorted(need.blocked) for need in needs], np.int64),
        team=Ragged.of([sorted(need.team) for need in needs], np.int64),
    )


def _levels(kind: str, wanted: Sequence[Mapping[str, int]], catalogue: Catalogue) -> Ragged:
    rows = [sorted((catalogue.place(kind, code), level) for code, level in levels.items()) for levels in wanted]
    return Ragged.of(rows, np.int32, 2)


def _codes(kind: str, wanted: Sequence[frozenset[str]], catalogue: Catalogue) -> Ragged:
    return Ragged.of([sorted(catalogue.place(kind, code) for code in codes) for codes in wanted], np.int32)


def _hundredths(stars: Decimal) -> int:
    """Rounded up: people's stars are whole hundredths."""
    return int((stars * 100).to_integral_value(ROUND_CEILING))


def _held_by_shift(held: Iterable[Held], known: set[int]) -> dict[int, set[int]]:
    places: dict[int, set[int]] = {}
    for place in held:
        if place.shift_id not in known:
            raise ValueError(f"held place of unknown shift {place.shift_id}")
        places.setdefault(place.shift_id, set()).add(place.worker_id)
    return places


def _per_shift(ids: Sequence[int], of: Mapping[int, Iterable[int]]) -> Ragged:
    return Ragged.of([sorted(of.get(shift, ())) for shift in ids], np.int64)


def _weeks(start: Ints, end: Ints) -> Ints:
    """The edges of all ISO weeks that the shifts touch."""
    if not len(start):
        return np.zeros(1, np.int32)
    return np.arange(start.min() // WEEK, (end.max() - 1) // WEEK + 2, dtype=np.int32) * np.int32(WEEK)
