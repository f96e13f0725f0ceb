"""What a benchmark instance must be, as tables of small checks; the format is told in ``bench/staffgen.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import numpy as np

from . import checks
from .checks import Column

Check = Callable[[Column], None]

WEEK: Final = 10080
MOST: Final = 1_000_000_000
LEVELS: Final = (1, 5)
TOP: Final = ("meta", "cities", "workers", "clients", "orders")
COUNTS: Final = ("n_workers", "n_shifts", "n_skills", "n_certs", "n_langs")

minute: Check = partial(checks.check_whole, low=checks.MINUTES[0], high=checks.MINUTES[1])
latitude: Check = partial(checks.check_number, low=-90, high=90)
longitude: Check = partial(checks.check_number, low=-180, high=180)
count: Check = partial(checks.check_whole, low=0, high=MOST)
text: Check = partial(checks.check_type, types=checks.TEXT, wanted="text")

CITY: Final[Mapping[str, Check]] = {
    "id": checks.check_position,
    "name": text,
    "lat": latitude,
    "lng": longitude,
    "lang": count,
    "radius_km": partial(checks.check_number, low=0, high=MOST),
}
WORKER: Final[Mapping[str, Check]] = {
    "lat": latitude,
    "lng": longitude,
    "max_km": partial(checks.check_number, low=0, high=50_000),
    "remote_ok": checks.check_flag,
    "stars10": partial(checks.check_whole, low=10, high=50),
    "reliability": partial(checks.check_whole, low=0, high=100),
    "rate": count,
    "min_rest": partial(checks.check_whole, low=0, high=checks.MINUTES[1]),
    "max_week_min": partial(checks.check_whole, low=0, high=checks.MINUTES[1]),
    "recent_min": count,
    "background": checks.check_flag,
}
WORKER_LISTS: Final = ("skills", "certs", "langs", "weekly", "exceptions", "commitments")
CLIENT: Final[Mapping[str, Check]] = {"id": checks.check_position, "lat": latitude, "lng": longitude}
ORDER: Final[Mapping[str, Check]] = {
    "id": checks.check_position,
    "remote": checks.check_flag,
    "min_stars10": partial(checks.check_whole, low=0, high=50),
    "background": checks.check_flag,
    "max_rate": partial(checks.check_whole, low=1, high=MOST),
    "priority": partial(checks.check_whole, low=0, high=2),
    "headcount": count,
}
ORDER_LISTS: Final = ("skills", "certs", "langs", "shifts")


def check(instance: Any) -> None:
    """The parsed file is an instance that the engine can read. Raises BadFile with the first place that is wrong."""
    whole_file = checks.single(instance, "")
    checks.check_objects(whole_file, TOP, ())
    meta = check_meta(instance["meta"])
    check_cities(instance["cities"])
    check_workers(instance["workers"], meta, len(instance["cities"]))
    check_clients(instance["clients"], meta, len(instance["cities"]))
    check_orders(instance["orders"], meta, len(instance["clients"]))


def check_meta(meta: Any) -> dict[str, Any]:
    """The counts that the ids are checked against; other keys of meta are free."""
    place = checks.single(meta, "meta")
    checks.check_objects(place, COUNTS)
    for key in COUNTS:
        count(checks.member(place, key))
    if "horizon_min" in meta:
        checks.check_whole(checks.member(place, "horizon_min"), WEEK, WEEK)
    found: dict[str, Any] = meta
    return found


def check_cities(cities: Any) -> None:
    """Cities with ids, places and languages."""
    _objects(cities, "cities", CITY)


def check_workers(workers: Any, meta: Mapping[str, Any], cities: int) -> None:
    """Columns of one length, their values, and the lists of every worker."""
    top = checks.single(workers, "workers")
    checks.check_objects(top, (*WORKER, *WORKER_LISTS, "city"), ())
    for key in ("city", *WORKER, *WORKER_LISTS):
        values = checks.member(top, key)
        checks.check_lists(values)
        checks.check_length(values, meta["n_workers"], "meta.n_workers")
    checks.check_index(_worker_column(workers, "city"), cities, "city")
    for key, rule in WORKER.items():
        rule(_worker_column(workers, key))
    check_levels(_worker_column(workers, "skills"), meta["n_skills"])
    check_codes(_worker_column(workers, "certs"), meta["n_certs"], "certificate")
    check_codes(_worker_column(workers, "langs"), meta["n_langs"], "language")
    check_weekly(_worker_column(workers, "weekly"))
    check_exceptions(_worker_column(workers, "exceptions"))
    check_spans(_worker_column(workers, "commitments"))


def check_clients(clients: Any, meta: Mapping[str, Any], cities: int) -> None:
    """Clients with their place and the workers that they want and do not want."""
    found = _objects(clients, "clients", CLIENT, ("city", "blacklist", "favourites"))
    checks.check_index(checks.member(found, "city"), cities, "city")
    for key in ("blacklist", "favourites"):
        check_codes(checks.member(found, key), meta["n_workers"], "worker")


def check_orders(orders: Any, meta: Mapping[str, Any], clients: int) -> None:
    """Orders with what they ask for, and their shifts."""
    found = _objects(orders, "orders", ORDER, ("client", "lat", "lng", *ORDER_LISTS))
    checks.check_index(checks.member(found, "client"), clients, "client")
    check_sites(found)
    checks.check_lists(checks.member(found, "skills"))
    checks.check_filled(checks.member(found, "skills"), "skill")
    check_levels(checks.member(found, "skills"), meta["n_skills"])
    check_codes(checks.member(found, "certs"), meta["n_certs"], "certificate")
    check_codes(checks.member(found, "langs"), meta["n_langs"], "language")
    checks.check_lists(checks.member(found, "shifts"))
    check_shifts(checks.elements(checks.member(found, "shifts")), meta["n_shifts"])


def check_sites(orders: Column) -> None:
    """A place where the work is done on site; null is allowed for remote work only."""
    for key, rule in (("lat", latitude), ("lng", longitude)):
        values = checks.member(orders, key)
        placed = [at for at, each in enumerate(orders.values) if not (each["remote"] and each[key] is None)]
        rule(_part(values, placed))


def check_shifts(shifts: Column, size: int) -> None:
    """Ids 0..n_shifts-1, each once, and times within the week."""
    checks.check_objects(shifts, ("id", "start", "end"), ())
    ids, start, end = (checks.member(shifts, key) for key in ("id", "start", "end"))
    checks.check_index(ids, size, "shift")
    checks.check_unique(ids, "shift")
    if len(ids.values) != size:
        raise checks.single(None, "meta.n_shifts").fail(0, f"is {size}, the orders have {len(ids.values)} shifts")
    for times in (start, end):
        checks.check_whole(times, 0, WEEK)
    checks.check_order(start, end)


def check_levels(lists: Column, skills: int) -> None:
    """[skill, level] with each skill at most once in a list."""
    rows = _rows(lists, 2, "[skill, level]")
    skill, level = checks.slot(rows, 0), checks.slot(rows, 1)
    checks.check_index(skill, skills, "skill")
    checks.check_whole(level, *LEVELS)
    _check_once(lists, rows, skill, skills)


def _check_once(lists: Column, rows: Column, skill: Column, skills: int) -> None:
    """No list names a skill twice."""
    owners = np.repeat(np.arange(len(lists.values)), np.fromiter(map(len, lists.values), np.int64, len(lists.values)))
    keys = owners * skills + np.fromiter(skill.values, np.int64, len(owners))
    # mostly in order as they come
    if (keys[1:] <= keys[:-1]).any() and len(np.unique(keys)) < len(keys):
        pairs = list(zip(owners.tolist(), skill.values, strict=True))
        at = next(i for i, pair in enumerate(pairs) if pair in pairs[max(0, i - skills) : i])
        raise rows.fail(at, f"skill {skill.values[at]} was given before")


def check_codes(lists: Column, size: int, thing: str) -> None:
    """Lists of positions."""
    checks.check_lists(lists)
    checks.check_index(checks.elements(lists), size, thing)


def check_weekly(lists: Column) -> None:
    """[start, end] in minutes of the week; the end may pass the week's end, by less than the week."""
    rows = _rows(lists, 2, "[start, end]")
    start, end = checks.slot(rows, 0), checks.slot(rows, 1)
    checks.check_whole(start, 0, WEEK - 1)
    checks.check_whole(end, 1, 2 * WEEK)
    checks.check_order(start, end)


def check_exceptions(lists: Column) -> None:
    """[kind, start, end] with kind 0 (off) or 1 (extra)."""
    rows = _rows(lists, 3, "[kind, start, end]")
    checks.check_whole(checks.slot(rows, 0), 0, 1)
    _check_span(checks.slot(rows, 1), checks.slot(rows, 2))


def check_spans(lists: Column) -> None:
    """[start, end] in minutes of the horizon, which they may lie outside of."""
    rows = _rows(lists, 2, "[start, end]")
    _check_span(checks.slot(rows, 0), checks.slot(rows, 1))


def _check_span(start: Column, end: Column) -> None:
    minute(start)
    minute(end)
    checks.check_order(start, end)


def _rows(lists: Column, width: int, form: str) -> Column:
    checks.check_lists(lists)
    rows = checks.elements(lists)
    checks.check_rows(rows, width, form)
    return rows


def _objects(value: Any, name: str, rules: Mapping[str, Check], others: tuple[str, ...] = ()) -> Column:
    """A list of objects with all these keys, the ruled ones checked."""
    checks.check_lists(checks.single(value, name))
    found = checks.column(value, name)
    checks.check_objects(found, (*rules, *others), ())
    for key, rule in rules.items():
        rule(checks.member(found, key))
    return found


def _worker_column(workers: Mapping[str, Any], key: str) -> Column:
    return checks.column(workers[key], f"workers.{key}")


def _part(values: Column, at: list[int]) -> Column:
    return Column([values.values[i] for i in at], lambda i: values.where(at[i]))
