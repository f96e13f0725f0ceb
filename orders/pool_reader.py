"""Reads the pool, whole or in part, into columns: binary COPY, parsed by numpy without a Python object a row.

It says the same as `orders.pool.candidates_for`, which stays the plain form. The statements are several, so in READ
COMMITTED another's commit may fall between two of them; `orders.snapshot` asks the log of changes again after
each read, and reads those people again whom such a commit touched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any, Final

import numpy as np
from django.db import connection, models
from numpy.typing import NDArray

from orders.matching.minutes import FOREVER, HOUSE, UNLIMITED
from orders.matching.tables import EXTRA, NO_ORDER, OFF, UNRATED, Catalogue, Tables
from orders.matching.types import UNVERIFIED
from orders.states import ACTIVE_ASSIGNMENT, BenchStatus, PositionStatus
from staffing.core.models import City
from workers.models import AvailabilityException, CertificateType, Course, Language, PoolPolicy, Skill, Worker
from workers.states import MATCHED

Column = NDArray[Any]
Params = Mapping[str, Any]
COURTED: Final = (PositionStatus.PROPOSED, PositionStatus.OFFERED)
KINDS: Final[Mapping[str, type[models.Model]]] = {
    "skills": Skill,
    "languages": Language,
    "certificates": CertificateType,
    "courses": Course,
    "cities": City,
}
_HEADER: Final = 19
_TRAILER: Final = 2
_MONDAY_SECONDS: Final = (date(1970, 1, 5) - date(1970, 1, 1)).days * 86_400 - HOUSE.offset * 60


class UnknownCode(Exception):
    """A row names a catalogue entry that the catalogue read before did not have: both must be read again."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The catalogue, and where each row id of a kind stands in it: sorted ids and their places."""

    catalogue: Catalogue
    ids: Mapping[str, Column]
    places: Mapping[str, Column]

    def of(self, kind: str, ids: Column) -> Column:
        """The places of these row ids. Raises `UnknownCode`."""
        known = self.ids[kind]
        at = np.searchsorted(known, ids)
        if len(ids) and (at.max() >= len(known) or not np.array_equal(known[at], ids)):
            raise UnknownCode(kind)
        return self.places[kind][at]


def read_codes() -> Codes:
    """All codes that rows may name, sorted; one query a kind."""
    rows = {kind: sorted(model._default_manager.values_list("code", "pk")) for kind, model in KINDS.items()}
    ids = {kind: np.array([pk for _, pk in listed], np.int64) for kind, listed in rows.items()}
    order = {kind: np.argsort(listed) for kind, listed in ids.items()}
    return Codes(
        catalogue=Catalogue(**{kind: tuple(code for code, _ in listed) for kind, listed in rows.items()}),
        ids={kind: listed[order[kind]] for kind, listed in ids.items()},
        places=order,
    )


def _minute(rounding: str, column: str) -> str:
    """Minutes of the house's scale; a double holds microseconds of our centuries apart."""
    return f"{rounding}((date_part('epoch', {column}) - {_MONDAY_SECONDS}) / 60)::int4"


def _asked(column: str) -> str:
    """Everybody, or one of the people asked for. The values are literals in the text: the planner drops a half."""
    return f"(%(everybody)s OR {column} = ANY(%(people)s::bigint[]))"


# Whose status lets them be sent, as SQL; the same words as in the condition of the indexes made for it.
SENT: Final = f"({', '.join(repr(str(status)) for status in MATCHED)})"


@dataclass(frozen=True, slots=True)
class Source:
    """One statement and the fields of its rows, none of them ever NULL."""

    select: str
    fields: tuple[tuple[str, str], ...]

    def dtype(self) -> np.dtype[Any]:
        """A row of COPY's binary form: the number of fields, then each with its length before it."""
        fields = [part for name, kind in self.fields for part in ((f"{name} length", ">i4"), (name, kind))]
        return np.dtype([("fields", ">i2"), *fields])


def _last_day(column: str, never: int = FOREVER) -> str:
    return f"coalesce({column} - '0001-01-01'::date + 1, {never})"


_PERSON: Final = (
    ("id", ">i8"),
    ("city", ">i8"),
    ("lat", ">f8"),
    ("lng", ">f8"),
    ("max_km", ">i2"),
    ("remote", "?"),
    ("active", "?"),
    ("stars", ">i2"),
    ("reliability", ">i2"),
    ("services", ">i4"),
    ("clearance", ">i2"),
    ("clearance_until", ">i4"),
    ("rest", ">i2"),
    ("cap", ">i4"),
    ("recent", ">i4"),
)
PEOPLE: Final = Source(
    f"""
    SELECT w.id, w.city_id, coalesce(w.latitude, 'nan'), coalesce(w.longitude, 'nan'), w.max_km, w.remote_ok,
        w.status IN {SENT} AND u.is_active, coalesce((w.stars * 100)::int2, {UNRATED}::int2),
        w.reliability, w.services_done, w.clearance, {_last_day("w.clearance_until")}, w.min_rest_minutes,
        coalesce(w.weekly_cap_minutes,
            CASE w.contract WHEN '{Worker.Contract.PART_TIME}' THEN %(cap)s ELSE {UNLIMITED} END)::int4,
        coalesce(floor(date_part('epoch', r.worked) / 60), 0)::int4
    FROM workers_worker w JOIN core_user u ON u.id = w.user_id LEFT JOIN (
        SELECT worker_id, sum(end_at - start_at) AS worked FROM orders_assignment
        WHERE status = ANY(%(active)s) AND start_at >= %(fair)s AND {_asked("worker_id")} GROUP BY worker_id
    ) r ON r.worker_id = w.id
    WHERE {_asked("w.id")}
    """,  # noqa: S608
    _PERSON,
)
_BOOKED: Final = f"""
    SELECT b.worker_id, {_minute("floor", "b.start_at")}, {_minute("ceil", "b.end_at")}, b.order_id,
        coalesce(t.latitude, 'nan'), coalesce(t.longitude, 'nan')
    FROM (
        SELECT a.worker_id, a.start_at, a.end_at, s.order_id FROM orders_assignment a
        JOIN orders_position p ON p.id = a.position_id JOIN orders_shift s ON s.id = p.shift_id
        WHERE a.status = ANY(%(active)s) AND a.start_at < %(until)s AND a.end_at > %(since)s
            AND {_asked("a.worker_id")}
        UNION ALL
        SELECT p.proposed_worker_id, s.start_at, s.end_at, s.order_id FROM orders_position p
        JOIN orders_shift s ON s.id = p.shift_id
        WHERE p.status = ANY(%(courted)s) AND s.start_at < %(until)s AND s.end_at > %(since)s
            AND p.proposed_worker_id IS NOT NULL AND {_asked("p.proposed_worker_id")}
        UNION ALL
        SELECT h.worker_id, h.start_at, h.end_at, {NO_ORDER} FROM orders_benchplace h
        WHERE h.status = '{BenchStatus.STANDING_BY}' AND h.start_at < %(until)s AND h.end_at > %(since)s
            AND {_asked("h.worker_id")}
    ) b LEFT JOIN orders_order o ON o.id = b.order_id LEFT JOIN orders_site t ON t.id = o.site_id AND NOT o.remote
"""  # noqa: S608
# The person in the upper 32 bits, what the row is about in the lower: a field less is a sixth of the time.
_KEY: Final = ("key", ">i8")


def _about(table: str, thing: str, value: str, *field: str) -> Source:
    who = _asked("worker_id")
    return Source(f"SELECT (worker_id << 32) | ({thing}), {value} FROM {table} WHERE {who}", (_KEY, field))  # type: ignore[arg-type]  # noqa: S608


# The level in the lowest three bits, the last day before them (0: for ever): a field less, as above.
_LEVEL: Final = f"""
    (CASE WHEN verified_on IS NULL AND NOT %(self)s THEN {UNVERIFIED.toordinal()}
        ELSE {_last_day("valid_until", 0)} END) << 3 | level
"""
_CERTIFIED: Final = f"""
    CASE WHEN verified_on IS NULL
            AND NOT EXISTS (SELECT FROM workers_paperspolicy WHERE id = 1 AND unverified_certificates_count)
        THEN {UNVERIFIED.toordinal()} ELSE {_last_day("expires_on")} END
"""
# Time off grows to whole minutes, extra time shrinks to them; nothing may be left of it.
_EXCEPTIONS: Final = f"""
    SELECT * FROM (
        SELECT worker_id, TRUE, {_minute("floor", "start_at")} AS s, {_minute("ceil", "end_at")} AS e
        FROM workers_availabilityexception WHERE kind = '{AvailabilityException.Kind.OFF}' AND {_asked("worker_id")}
        UNION ALL
        SELECT worker_id, FALSE, {_minute("ceil", "start_at")}, {_minute("floor", "end_at")}
        FROM workers_availabilityexception WHERE kind = '{AvailabilityException.Kind.EXTRA}' AND {_asked("worker_id")}
    ) x WHERE s < e
"""  # noqa: S608
CHILDREN: Final[Mapping[str, Source]] = {
    "skills": _about("workers_workerskill", "skill_id", _LEVEL, "level", ">i4"),
    "languages": _about("workers_workerlanguage", "language_id", _LEVEL, "level", ">i4"),
    "certificates": _about("workers_workercertificate", "type_id", _CERTIFIED, "until", ">i4"),
    "courses": _about("workers_workercourse", "course_id", _last_day("valid_until"), "until", ">i4"),
    "windows": _about(
        "workers_availabilitywindow", "weekday * 1440 + start_minute", "end_minute - start_minute", "length", ">i2"
    ),
    "exceptions": Source(_EXCEPTIONS, (("who", ">i8"), ("off", "?"), ("start", ">i4"), ("end", ">i4"))),
    "bookings": Source(
        _BOOKED, (("who", ">i8"), ("start", ">i4"), ("end", ">i4"), ("order", ">i8"), ("lat", ">f8"), ("lng", ">f8"))
    ),
}


def read(
    cursor: Any,
    codes: Codes,
    *,
    since: datetime,
    now: datetime,
    until: datetime | None = None,
    worker_ids: Sequence[int] | None = None,
) -> Tables:
    """Everybody, or the people of these ids as far as they exist, with what they have booked in `[since, until)`.

    `until` None reads all the future. The fairness window ends at `now`. Raises `UnknownCode` if a row names a
    catalogue entry that `codes` does not have.
    """
    policy = PoolPolicy.current()
    params = {
        "everybody": worker_ids is None,
        "people": list(worker_ids or ()),
        "active": list(ACTIVE_ASSIGNMENT),
        "courted": list(COURTED),
        "since": since,
        "until": until or "infinity",
        "fair": now - timedelta(days=policy.fairness_days),
        "cap": policy.part_time_week_minutes,
        "self": policy.self_declared_counts,
    }
    people = _people(_rows(cursor, PEOPLE, params), codes)
    return Tables.make(
        people, **{name: _child(name, _rows(cursor, CHILDREN[name], params), codes) for name in CHILDREN}
    )


def _rows(cursor: Any, source: Source, params: Params) -> Column:
    """The rows of a statement as a structured array. Raises ValueError if they are not of the promised form."""
    into, dtype = BytesIO(), source.dtype()
    text = cursor.mogrify(source.select, params).decode()
    with connection.wrap_database_errors:
        cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT binary)", into, 1 << 18)
    count, rest = divmod(into.tell() - _HEADER - _TRAILER, dtype.itemsize)
    rows = np.frombuffer(into.getbuffer(), dtype, count=count, offset=_HEADER)
    if rest or (count and not _as_promised(rows, source)):
        raise ValueError(f"rows of another form: {source.select}")
    return rows


def _as_promised(rows: Column, source: Source) -> bool:
    """The first and the last row begin and are cut where they should be; a NULL or another type would shift them."""
    ends = rows[[0, -1]]
    sizes = {name: np.dtype(kind).itemsize for name, kind in source.fields}
    return bool((ends["fields"] == len(sizes)).all()) and all(
        bool((ends[f"{name} length"] == size).all()) for name, size in sizes.items()
    )


def _people(rows: Column, codes: Codes) -> Mapping[str, Column]:
    columns = {name: rows[name] for name, _ in _PERSON}
    return columns | {"city": codes.of("cities", columns["city"]), "rate": np.zeros(len(rows), np.int32)}


def _child(name: str, rows: Column, codes: Codes) -> Mapping[str, Column]:
    if name == "bookings":
        return {field: rows[field] for field, _ in CHILDREN[name].fields}
    if name == "exceptions":
        kind = np.where(rows["off"], OFF, EXTRA)
        return {"who": rows["who"], "start": rows["start"], "end": rows["end"], "kind": kind}
    key = rows["key"].astype(np.int64)
    who, thing = key >> 32, key & 0xFFFFFFFF
    if name == "windows":
        return {"who": who, "start": thing, "end": thing + rows["length"]}
    told = {"who": who, "code": codes.of(name, thing)}
    if name in ("skills", "languages"):
        until = rows["level"] >> 3
        return told | {"level": rows["level"] & 7, "until": np.where(until == 0, FOREVER, until)}
    return told | {"until": rows["until"]}
