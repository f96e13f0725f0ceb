"""The pool as columns: people sorted so that an order skips whoever is out of reach, requirements as bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import grouping
from .geo import TOLERANCE_KM, half_chord_squared, unit_vectors
from .grouping import Ids, Rows
from .layout import ACTIVE, HAS_EXTRA, MOST_LEVEL, REMOTE, SLOTS, Layout, layout_of
from .minutes import HOUSE, Scale
from .tables import CHILDREN, EXTRA, PEOPLE, Catalogue, Column, Tables
from .types import Candidate
from .unpacking import candidates_at

# people of one city within one of these limits of travel (km) lie together
CLASSES: Final = np.array([2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 120, 200, 500], np.float64)
# how child rows are packed: name -> (field, its columns, type); "row" is the row of the person
PACKED: Final[Mapping[str, tuple[tuple[str, tuple[str, ...], type[np.generic]], ...]]] = {
    "skills": (("skills", ("code", "level"), np.int16), ("skills_until", ("until",), np.int32)),
    "languages": (("languages", ("code", "level"), np.int16), ("languages_until", ("until",), np.int32)),
    "certificates": (("certificates", ("code", "until"), np.int32),),
    "courses": (("courses", ("code", "until"), np.int32),),
    "windows": (("windows", ("start", "end"), np.int32),),
    "exceptions": (("exceptions", ("start", "end", "kind"), np.int32), ("exceptions_row", ("row",), np.int32)),
    "bookings": (
        ("bookings", ("start", "end"), np.int32),
        ("booked_order", ("order",), np.int64),
        ("booked_place", ("lat", "lng"), np.float64),
        ("bookings_row", ("row",), np.int32),
    ),
}
Words = NDArray[np.uint64]


class People(NamedTuple):
    """What compiled code reads of a pool; arrays may be longer than the pool's ``rows``."""

    rows: int
    alive: Any
    bits: Any
    slots: Any
    city: Any
    lat: Any
    lng: Any
    xyz: Any
    reach: Any
    max_km: Any
    stars: Any
    reliability: Any
    recent: Any
    rate: Any
    rest: Any
    cap: Any
    clearance_until: Any
    skills_at: Any
    skills: Any
    skills_until: Any
    languages_at: Any
    languages: Any
    languages_until: Any
    certificates_at: Any
    certificates: Any
    courses_at: Any
    courses: Any
    windows_at: Any
    windows: Any
    exceptions_at: Any
    exceptions: Any
    exceptions_row: Any
    bookings_at: Any
    bookings: Any
    bookings_row: Any
    booked_place: Any


class Blocks(NamedTuple):
    """People of one city and class: rows ``[first[b], first[b + 1])`` within a sphere. ``reach`` is the longest chord
    from ``centre`` to a site that anybody of the block can reach, -1 where no place is known."""

    first: Any
    city: Any
    centre: Any
    reach: Any


class Store:
    """The arrays, with room to grow: what is written once for a row is never changed."""

    def __init__(self, layout: Layout, room: int) -> None:
        self.used = 0
        self.people: dict[str, Column] = {name: np.zeros(room, kind) for name, kind in PEOPLE.items()}
        self.people |= {"xyz": np.zeros((room, 3)), "reach": np.zeros(room)}
        words = (room + 63) // 64
        self.bits = np.zeros((layout.rows, words), np.uint64)
        self.slots = np.zeros((2 * SLOTS, words), np.uint64)
        self.begin = {name: np.zeros(room + 1, np.int32) for name in CHILDREN}
        self.packed = {f: np.zeros((0, len(c)), kind) for fields in PACKED.values() for f, c, kind in fields}

    @property
    def room(self) -> int:
        """How many rows fit."""
        return len(self.people["id"])

    def copy(self, layout: Layout, rows: int, room: int) -> Store:
        """The first ``rows`` rows in arrays of their own."""
        new = Store(layout, room)
        new.used = rows
        for name, column in self.people.items():
            new.people[name][:rows] = column[:rows]
        words = (rows + 63) // 64
        for old, target in ((self.bits, new.bits), (self.slots, new.slots)):
            target[:, :words] = old[:, :words]
            if rows % 64:
                target[:, words - 1] &= np.uint64((1 << rows % 64) - 1)
        for name, begin in self.begin.items():
            new.begin[name][: rows + 1] = begin[: rows + 1]
            for field, _, _ in PACKED[name]:
                new.packed[field] = self.packed[field][: begin[rows]].copy()
        return new

    def append(self, layout: Layout, tables: Tables, order: Rows) -> None:
        """Adds the people of ``tables`` in this order. There must be room."""
        first, last = self.used, self.used + len(tables)
        for name in PEOPLE:
            self.people[name][first:last] = tables.people[name][order]
        self._place(first, last)
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        ids = Ids(tables.people["id"], place)
        for name in CHILDREN:
            self._add_children(name, getattr(tables, name), ids, first, last)
        self._mark(layout, first, last)
        self.used = last

    def _place(self, first: int, last: int) -> None:
        now = slice(first, last)
        self.people["xyz"][now] = unit_vectors(self.people["lat"][now], self.people["lng"][now])
        self.people["reach"][now] = half_chord_squared(self.people["max_km"][now] + TOLERANCE_KM)

    def _add_children(self, name: str, rows: Mapping[str, Column], ids: Ids, first: int, last: int) -> None:
        whose = ids.rows_of(rows["who"])
        if len(whose) and whose.min() < 0:
            raise ValueError(f"{name}: a row of somebody who is not among the people")
        begin, order = grouping.gather(whose, last - first)
        before = self.begin[name][first]
        self.begin[name][first : last + 1] = begin + before
        rows = {**rows, "row": whose + np.int32(first)}
        for field, columns, _ in PACKED[name]:
            target = self._lengthened(field, before, before + len(order))
            for at, column in enumerate(columns):
                target[before : before + len(order), at] = rows[column][order]

    def _lengthened(self, field: str, used: int, wanted: int) -> Column:
        """The packed rows with room for ``wanted``; a pool that reads the shorter array still can."""
        old = self.packed[field]
        if wanted > len(old):
            room = wanted + (wanted // 8 if used else 0)
            self.packed[field] = np.zeros((room, old.shape[1]), old.dtype)
            self.packed[field][:used] = old[:used]
        return self.packed[field]

    def _mark(self, layout: Layout, first: int, last: int) -> None:
        bits, now = self.bits, slice(first, last)
        for tag, name in ((ACTIVE, "active"), (REMOTE, "remote")):
            grouping.mark(bits, tag, first + np.flatnonzero(self.people[name][now]))
        grouping.mark_clearance(bits, first, self.people["clearance"][now], self.people["clearance_until"][now])
        for name, base in (("skills", layout.skills), ("languages", layout.languages)):
            levels, until = self.packed[name], self.packed[f"{name}_until"]
            grouping.mark_levels(bits, base, first, self.begin[name][: last + 1], levels, until)
        for name, base in (("certificates", layout.certificates), ("courses", layout.courses)):
            grouping.mark_lasting(bits, base, first, self.begin[name][: last + 1], self.packed[name])
        grouping.mark_slots(self.slots, first, self.begin["windows"][: last + 1], self.packed["windows"])
        self._mark_extra(first, last)

    def _mark_extra(self, first: int, last: int) -> None:
        begin = self.begin["exceptions"][first : last + 1]
        kinds = self.packed["exceptions"][begin[0] : begin[-1], 2]
        whose = np.repeat(np.arange(first, last), np.diff(begin))
        grouping.mark(self.bits, HAS_EXTRA, whose[kinds == EXTRA])


@dataclass(frozen=True, eq=False)
class Pool:
    """People at one moment; a change gives another pool, this one stays as it is.

    Rows ``[0, base)`` are sorted by city, limit of travel and id and lie in ``blocks``; rows ``[base, rows)`` are the
    tail of later ones, which every search scans. A row whose bit in ``alive`` is 0 has been replaced or is gone.
    """

    catalogue: Catalogue
    layout: Layout
    store: Store
    rows: int
    base: int
    alive: Words
    blocks: Blocks
    base_ids: Ids
    base_by_id: Rows

    @classmethod
    def build(cls, tables: Tables, catalogue: Catalogue, room: int = 4096) -> Pool:
        """The pool of these people, with room for ``room`` rows more before arrays are copied.

        Raises ValueError for an id that comes twice, a child row of nobody, a level, code or clearance that cannot be.
        """
        check(tables, catalogue)
        layout, rows = layout_of(catalogue), len(tables)
        order, key = _sorted(tables)
        store = Store(layout, (rows + room + 63) // 64 * 64)
        store.append(layout, tables, order)
        ids = Ids(store.people["id"][:rows], np.arange(rows, dtype=np.int32))
        by_id = np.argsort(store.people["id"][:rows]).astype(np.int32)
        return cls(catalogue, layout, store, rows, rows, _all(rows, store.room), _blocks(store, key[order]), ids, by_id)

    def __len__(self) -> int:
        """How many people there are."""
        return int(np.bitwise_count(self.alive).sum())

    @property
    def tail(self) -> int:
        """How many rows lie outside the sorted ones."""
        return self.rows - self.base

    def changed(self, people: Tables, gone: Iterable[int] = ()) -> Pool:
        """The pool with these people as they are now (new or changed), and without those ``gone``; unknown ids of
        ``gone`` are passed over. Raises ValueError as `build` does."""
        check(people, self.catalogue)
        retired = self.rows_of(np.concatenate((people.people["id"], np.fromiter(gone, np.int64))))
        store, rows = self._with_room(len(people)), self.rows + len(people)
        store.append(self.layout, people, np.arange(len(people), dtype=np.int32))
        alive = np.zeros(store.room // 64, np.uint64)
        alive[: len(self.alive)] = self.alive
        _set(alive, np.arange(self.rows, rows))
        _clear(alive, retired[retired >= 0])
        return replace(self, store=store, rows=rows, alive=alive)

    def sorted(self) -> Pool:
        """The same people without a tail or retired rows."""
        if self.rows == self.base == len(self):
            return self
        return Pool.build(self.tables(), self.catalogue)

    def rows_of(self, ids: Any) -> Rows:
        """Row of each id; -1 where the pool does not have it."""
        wanted = np.asarray(ids, np.int64)
        rows = self.base_ids.rows_of(wanted)
        rows = np.where((rows >= 0) & _has(self.alive, np.maximum(rows, 0)), rows, -1)
        if self.tail:
            late = self._tail_ids.rows_of(wanted)
            rows = np.where(late >= 0, late, rows)
        return rows.astype(np.int32)

    def row_of(self, worker: int) -> int:
        """Row of one id; -1 if the pool does not have it."""
        return int(self.rows_of([worker])[0])

    def candidate(self, row: int, scale: Scale = HOUSE) -> Candidate:
        """The person of a row as the object that rules and scores read; everything but the name."""
        return next(self.candidates([row], scale))

    def candidates(self, rows: Sequence[int], scale: Scale = HOUSE, *, hours: bool = True) -> Iterator[Candidate]:
        """The same of several rows, without the hours in which they could come if not ``hours``."""
        of = self.store
        return candidates_at(of.people, of.begin, of.packed, rows, self.catalogue, scale, hours=hours)

    @property
    def ids(self) -> NDArray[np.int64]:
        """int64[rows]: the id of each row, retired ones too."""
        return np.asarray(self.store.people["id"][: self.rows])

    @property
    def living(self) -> Rows:
        """The rows in use, ascending."""
        return np.flatnonzero(_has(self.alive, np.arange(self.rows))).astype(np.int32)

    @cached_property
    def by_id(self) -> Rows:
        """The rows in use by ascending id."""
        rows = self.base_by_id[_has(self.alive, self.base_by_id)]
        late = self._late[np.argsort(self.ids[self._late])]
        return np.insert(rows, np.searchsorted(self.ids[rows], self.ids[late]), late)

    @cached_property
    def people(self) -> People:
        """For compiled code."""
        store = self.store
        known = {"rows": self.rows, "alive": self.alive, "bits": store.bits, "slots": store.slots}
        at = {f"{name}_at": begin for name, begin in store.begin.items()}
        everything: dict[str, Any] = store.people | known | at | store.packed
        return People(*(everything[name] for name in People._fields))

    def prepare(self) -> None:
        """Make now what the first question would wait for."""
        _ = self.people, self.by_id, self._tail_ids

    def tables(self) -> Tables:
        """The living people as rows again."""
        rows, store = self.living, self.store
        people = {name: store.people[name][rows] for name in PEOPLE}
        return Tables.make(people, **{name: _unpacked(store, name, rows) for name in CHILDREN})

    @cached_property
    def _tail_ids(self) -> Ids:
        return Ids(self.ids[self._late], self._late)

    @cached_property
    def _late(self) -> Rows:
        """The rows in use outside the sorted ones."""
        tail = np.arange(self.base, self.rows, dtype=np.int32)
        return tail[_has(self.alive, tail)]

    def _with_room(self, more: int) -> Store:
        # rows that another pool appended behind ours are not ours to overwrite
        if self.store.used == self.rows and self.rows + more <= self.store.room:
            return self.store
        room = (self.rows + more + max(4096, self.rows // 16) + 63) // 64 * 64
        return self.store.copy(self.layout, self.rows, room)


def check(tables: Tables, catalogue: Catalogue) -> None:
    """Raises ValueError for codes outside the catalogue, levels outside 0..`MOST_LEVEL`, negative clearances."""
    for name in ("skills", "languages", "certificates", "courses"):
        rows = getattr(tables, name)
        _within(f"{name}: code", rows["code"], 0, len(getattr(catalogue, name)) - 1)
        if "level" in rows:
            _within(f"{name}: level", rows["level"], 0, MOST_LEVEL)
    _within("people: city", tables.people["city"], 0, len(catalogue.cities) - 1)
    _within("people: clearance", tables.people["clearance"], 0, 1 << 15)


def _within(what: str, column: Column, low: int, high: int) -> None:
    if len(column) and not (low <= column.min() and column.max() <= high):
        raise ValueError(f"{what} must lie in {low}..{high}")


def _sorted(tables: Tables) -> tuple[Rows, NDArray[np.int64]]:
    """The order of the base, and each person's block as a number that sorts."""
    people = tables.people
    unknown = np.isnan(people["lat"]) | np.isnan(people["lng"])
    kind = np.where(unknown, len(CLASSES) + 1, np.searchsorted(CLASSES, people["max_km"]))
    key = people["city"].astype(np.int64) * (len(CLASSES) + 2) + kind
    small = key.astype(np.uint16) if len(key) == 0 or key.max() < 1 << 16 else key
    if (np.diff(people["id"]) > 0).all():
        return np.argsort(small, kind="stable").astype(np.int32), key
    return np.lexsort((people["id"], small)).astype(np.int32), key


def _blocks(store: Store, key: NDArray[np.int64]) -> Blocks:
    rows = len(key)
    first = np.flatnonzero(np.diff(key, prepend=-1)) if rows else np.empty(0, np.int64)
    xyz, limit = store.people["xyz"][:rows], 2 * np.sqrt(store.people["reach"][:rows])
    counts = np.diff(first, append=rows)
    centre = np.add.reduceat(xyz, first) / counts[:, None] if rows else np.empty((0, 3))
    away = np.sqrt(((xyz - np.repeat(centre, counts, axis=0)) ** 2).sum(axis=1))
    # the sum of two maxima, with room for rounding
    far = np.maximum.reduceat(away, first) + np.maximum.reduceat(limit, first) + 1e-9 if rows else np.empty(0)
    edges = np.append(first, rows).astype(np.int32)
    return Blocks(edges, store.people["city"][first].copy(), centre, np.where(np.isnan(far), -1.0, far))


def _unpacked(store: Store, name: str, rows: Rows) -> dict[str, Column]:
    begin = store.begin[name]
    counts = begin[rows + 1] - begin[rows]
    shift = np.repeat(begin[rows] - np.append(0, np.cumsum(counts)[:-1]), counts) if len(rows) else counts
    at = np.arange(len(shift)) + shift
    found: dict[str, Column] = {"who": np.repeat(store.people["id"][rows], counts)}
    for field, columns, _ in PACKED[name]:
        found |= {column: store.packed[field][at, place] for place, column in enumerate(columns)}
    return found


def _all(rows: int, room: int) -> Words:
    alive = np.zeros(room // 64, np.uint64)
    alive[: rows // 64] = ~np.uint64(0)
    if rows % 64:
        alive[rows // 64] = np.uint64((1 << rows % 64) - 1)
    return alive


def _bit(rows: Column) -> Words:
    return np.left_shift(np.uint64(1), (rows & 63).astype(np.uint64))


def _has(words: Words, rows: Column) -> NDArray[np.bool_]:
    return np.asarray((words[rows >> 6] & _bit(rows)) != 0)


def _set(words: Words, rows: Column) -> None:
    np.bitwise_or.at(words, rows >> 6, _bit(rows))


def _clear(words: Words, rows: Column) -> None:
    np.bitwise_and.at(words, rows >> 6, ~_bit(rows))
