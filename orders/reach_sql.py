"""Who may take a shift, found by indexed SQL: the way when the pool's columns cannot be had.

SQL drops whom it can tell for sure by indexes (a superset remains: weekly hours, travel and availability that
several windows add up to are not asked); the object rules, which are the law, judge the rest.
"""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import Max

from orders import pool_reader
from orders.matching import SHANGHAI, Candidate, LatLng, Need, Weights
from orders.matching.minutes import HOUSE, WEEK
from orders.matching.rules import reasons_against
from orders.matching.tables import CHILDREN, Catalogue, Tables
from orders.matching.unpacking import candidates_at
from orders.pool import MARGIN
from orders.pool_reader import COURTED, SENT
from orders.states import ACTIVE_ASSIGNMENT
from workers.models import Worker
from workers.states import MATCHED

# A degree of a meridian is 111.19 km on the sphere of the rules; a little less, and metres more, lose nobody.
KM_A_DEGREE: Final = 111.0
SLACK_KM: Final = 0.01
Params = dict[str, Any]


def eligible(need: Need, now: datetime, weights: Weights) -> list[Candidate]:
    """Everybody against whom no rule speaks, by id; the same people as the columns give."""
    people = candidates(superset(need), now)
    return [who for who in people if not reasons_against(need, who, weights=weights)]


def superset(need: Need) -> list[int]:
    """Ids of everybody whom SQL cannot rule out, ascending; at most two queries."""
    text, params = statement(need)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return [row[0] for row in cursor.fetchall()]


def candidates(worker_ids: list[int], now: datetime) -> list[Candidate]:
    """These people as the rules read them (without names) with what they have booked, as far as a snapshot; by id."""
    codes = pool_reader.read_codes()
    with connection.cursor() as cursor:
        tables = pool_reader.read(cursor, codes, since=now - MARGIN, now=now, worker_ids=worker_ids)
    return sorted(_objects(tables, codes.catalogue), key=lambda who: who.id)


def statement(need: Need) -> tuple[str, Params]:
    """The query for `superset` and its parameters."""
    params: Params = {}
    conditions = [*_person(need, params), *_place(need, params), *_abilities(need, params), *_time(need, params)]
    return (
        "SELECT w.id FROM workers_worker w JOIN core_user u ON u.id = w.user_id AND u.is_active WHERE "  # noqa: S608
        + " AND ".join(conditions)
        + " ORDER BY w.id"
    ), params


def _person(need: Need, params: Params) -> Iterator[str]:
    params["day"] = (need.end - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    params |= {"clearance": need.clearance, "blocked": list(need.blocked), "stars": need.min_stars}
    yield f"w.status IN {SENT}"
    if need.clearance:
        yield "w.clearance >= %(clearance)s AND (w.clearance_until IS NULL OR w.clearance_until >= %(day)s)"
    if need.blocked:
        yield "w.id <> ALL(%(blocked)s::bigint[])"
    if need.min_stars is not None:
        yield "w.stars >= %(stars)s"


def _place(need: Need, params: Params) -> Iterator[str]:
    if need.remote:
        yield "w.remote_ok"
    elif need.site is None:
        params["city"] = need.city
        yield "w.city_id = (SELECT id FROM core_city WHERE code = %(city)s)"
    else:
        params |= _box(need.site)
        yield "w.latitude BETWEEN %(south)s AND %(north)s"
        if params["west"] >= -180 and params["east"] <= 180:
            yield "w.longitude BETWEEN %(west)s AND %(east)s"
        yield _DISTANCE


_DISTANCE: Final = f"""
    12742 * asin(sqrt(least(1, sin(radians(w.latitude - %(lat)s) / 2) ^ 2
        + cos(radians(%(lat)s)) * cos(radians(w.latitude)) * sin(radians(w.longitude - %(lng)s) / 2) ^ 2)))
    <= w.max_km + {SLACK_KM}
"""


def _box(site: LatLng) -> Params:
    """Degrees around the site within which everybody lives who goes so far; the whole circle near a pole."""
    farthest = Worker.objects.filter(status__in=MATCHED).aggregate(far=Max("max_km"))["far"] or 0
    high = (farthest + SLACK_KM) / KM_A_DEGREE
    narrow = math.cos(math.radians(min(90.0, abs(site.lat) + high)))
    wide = high / narrow if narrow * 360 > high else 360.0
    around = {"south": site.lat - high, "north": site.lat + high, "west": site.lng - wide, "east": site.lng + wide}
    return {"lat": site.lat, "lng": site.lng} | around


def _abilities(need: Need, params: Params) -> Iterator[str]:
    for table, column, catalogue, asked in (
        ("workers_workerskill", "skill_id", "workers_skill", need.skills),
        ("workers_workerlanguage", "language_id", "workers_language", need.languages),
    ):
        for code, level in asked.items():
            if level > 0:
                lasts = f"x.level >= {int(level)} AND (x.valid_until IS NULL OR x.valid_until >= %(day)s)"
                yield _has(table, column, catalogue, code, lasts, params)
    for code in need.certificates:
        lasts = f"(x.expires_on IS NULL OR x.expires_on >= %(day)s) AND {_SEEN}"
        yield _has("workers_workercertificate", "type_id", "workers_certificatetype", code, lasts, params)
    for code in need.courses:
        lasts = "(x.valid_until IS NULL OR x.valid_until >= %(day)s)"
        yield _has("workers_workercourse", "course_id", "workers_course", code, lasts, params)


_SEEN: Final = """
    (x.verified_on IS NOT NULL
        OR EXISTS (SELECT FROM workers_paperspolicy WHERE id = 1 AND unverified_certificates_count))
"""


def _has(table: str, column: str, catalogue: str, code: str, more: str, params: Params) -> str:
    name = f"{table}_{len(params)}"
    params[name] = code
    return (
        f"EXISTS (SELECT FROM {table} x WHERE x.worker_id = w.id"  # noqa: S608
        f" AND x.{column} = (SELECT id FROM {catalogue} WHERE code = %({name})s) AND {more})"
    )


def _time(need: Need, params: Params) -> Iterator[str]:
    params |= {"start": need.start, "end": need.end, "active": list(ACTIVE_ASSIGNMENT), "courted": list(COURTED)}
    yield """NOT EXISTS (SELECT FROM workers_availabilityexception x
        WHERE x.worker_id = w.id AND x.kind = 'off' AND x.start_at < %(end)s AND x.end_at > %(start)s)"""
    yield from _free_at("first", HOUSE.floor(need.start), params)
    yield from _free_at("last", HOUSE.ceil(need.end) - 1, params)
    yield f"""NOT EXISTS (SELECT FROM orders_assignment a
        WHERE a.worker_id = w.id AND a.status = ANY(%(active)s) AND {_too_near("a")})"""
    yield f"""NOT EXISTS (SELECT FROM orders_position p JOIN orders_shift s ON s.id = p.shift_id
        WHERE p.proposed_worker_id = w.id AND p.status = ANY(%(courted)s) AND {_too_near("s")})"""


def _too_near(row: str) -> str:
    """Overlaps the shift or leaves less than the worker's rest."""
    rest = "make_interval(mins => w.min_rest_minutes)"
    return f"{row}.start_at < %(end)s + {rest} AND {row}.end_at > %(start)s - {rest}"


def _free_at(name: str, minute: int, params: Params) -> Iterator[str]:
    """Some window or extra time holds the minute; the shift's first and last must be held by some."""
    begins = HOUSE.moment(minute)
    params |= {f"{name}_week": minute % WEEK, f"{name}_from": begins, f"{name}_to": begins + timedelta(minutes=1)}
    at, opens = f"%({name}_week)s", "x.weekday * 1440 + x.start_minute"
    closes = "x.weekday * 1440 + x.end_minute"
    yield f"""(EXISTS (SELECT FROM workers_availabilitywindow x WHERE x.worker_id = w.id AND (
            {opens} <= {at} AND {at} < {closes} OR {opens} <= {at} + {WEEK} AND {at} + {WEEK} < {closes}))
        OR EXISTS (SELECT FROM workers_availabilityexception x WHERE x.worker_id = w.id AND x.kind = 'extra'
            AND x.start_at < %({name}_to)s AND x.end_at > %({name}_from)s))"""  # noqa: S608


def _objects(tables: Tables, catalogue: Catalogue) -> Iterator[Candidate]:
    ids = tables.people["id"]
    begin: dict[str, Any] = {}
    packed: dict[str, Any] = {}
    for name in CHILDREN:
        rows = getattr(tables, name)
        place = np.argsort(ids)[np.searchsorted(np.sort(ids), rows["who"])]
        order = np.argsort(place, kind="stable")
        begin[name] = np.searchsorted(place[order], np.arange(len(ids) + 1))
        packed |= _packed(name, {column: values[order] for column, values in rows.items()})
    yield from candidates_at(tables.people, begin, packed, range(len(ids)), catalogue, HOUSE)


def _packed(name: str, rows: Mapping[str, Any]) -> Mapping[str, Any]:
    """Child rows side by side, as a pool keeps them."""
    if name in ("skills", "languages"):
        return {name: np.stack([rows["code"], rows["level"]], axis=1), f"{name}_until": rows["until"][:, None]}
    if name != "bookings":
        return {name: np.stack([values for column, values in rows.items() if column != "who"], axis=1)}
    return {
        "bookings": np.stack([rows["start"], rows["end"]], axis=1),
        "booked_order": rows["order"][:, None],
        "booked_place": np.stack([rows["lat"], rows["lng"]], axis=1),
    }
