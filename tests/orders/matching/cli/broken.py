"""Ways to break a good instance, each with the place that must be named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from bench import staffgen

Instance = dict[str, Any]
Break = Callable[[Instance], object]

NAN, INFINITY = float("nan"), float("inf")


def good() -> Instance:
    """A small benchmark instance: 30 workers, 8 positions, one city."""
    return copy.deepcopy(GOOD)


def good_raw() -> Instance:
    """Three shifts, three workers, five pairs; ids, times and scores of every kind."""
    return copy.deepcopy(GOOD_RAW)


GOOD: Instance = staffgen.generate("S", "normal", 3, workers=30, slots=8, cities=1)
GOOD["workers"]["skills"][1] = [[0, 2], [3, 1]]
GOOD["workers"]["weekly"][1] = [[480, 1080], [9000, 10500]]
GOOD["workers"]["exceptions"][1] = [[0, 1440, 2880]]
GOOD["workers"]["commitments"][1] = [[3000, 3300]]
GOOD["orders"][0] |= {"remote": 0, "lat": 46.5, "lng": 6.0}

GOOD_RAW: Instance = {
    "meta": {"raw": True},
    "shifts": [
        {"id": 12, "start": -7, "end": 480, "headcount": 2},
        {"id": -3, "start": 480, "end": 961, "headcount": None},
        {"id": 10**20, "start": 100, "end": 200},
    ],
    "workers": [{"min_rest": 0, "max_week_min": 1000}, {"min_rest": None, "max_week_min": None}, {}],
    "pairs": [[12, 0, 50], [12, 1, 40], [-3, 0, 30], [-3, 2, -4], [10**20, 1, 0]],
}


def put(*path: str | int, value: Any) -> Break:
    """Put a value where the path leads."""

    def change(instance: Any) -> None:
        for step in path[:-1]:
            instance = instance[step]
        instance[path[-1]] = value

    return change


def drop(*path: str | int) -> Break:
    """Remove what the path leads to."""

    def change(instance: Any) -> None:
        for step in path[:-1]:
            instance = instance[step]
        del instance[path[-1]]

    return change


def add(*path: str | int, value: Any) -> Break:
    """Append to the list that the path leads to."""

    def change(instance: Any) -> None:
        for step in path:
            instance = instance[step]
        instance.append(value)

    return change


W, ORDERS = "workers", "orders"

STAFFGEN: dict[str, tuple[Break, str]] = {
    "no workers": (drop(W), "workers: missing"),
    "unknown top key": (put("extra", value=1), "extra: unknown key"),
    "no worker count": (drop("meta", "n_workers"), "meta.n_workers: missing"),
    "negative count": (put("meta", "n_shifts", value=-1), "meta.n_shifts: must be from 0"),
    "another horizon": (put("meta", "horizon_min", value=20160), "meta.horizon_min: must be from 10080"),
    "horizon as text": (put("meta", "horizon_min", value="a week"), "meta.horizon_min: must be an integer"),
    "cities no list": (put("cities", value={}), "cities: must be a list, not an object"),
    "city's id": (put("cities", 0, "id", value=4), "cities[0].id: must be its position 0, not 4"),
    "city without place": (drop("cities", 0, "lat"), "cities[0].lat: missing"),
    "workers a list": (put(W, value=[]), "workers: must be an object, not a list"),
    "a column missing": (drop(W, "rate"), "workers.rate: missing"),
    "unknown column": (put(W, "colour", value=[]), "workers.colour: unknown key"),
    "column too short": (drop(W, "stars10", 29), "workers.stars10: has 29 entries, meta.n_workers is 30"),
    "column too long": (add(W, "certs", value=[]), "workers.certs: has 31 entries"),
    "column no list": (put(W, "rate", value=7), "workers.rate: must be a list, not 7"),
    "no such city": (put(W, "city", 3, value=1), "workers.city[3]: no such city: 1"),
    "latitude": (put(W, "lat", 3, value=90.5), "workers.lat[3]: must be from -90 to 90, not 90.5"),
    "nan": (put(W, "lng", 4, value=NAN), "workers.lng[4]: must be from -180 to 180, not nan"),
    "infinity": (put(W, "max_km", 4, value=INFINITY), "workers.max_km[4]: must be from 0 to 50000, not inf"),
    "text for a number": (put(W, "lat", 0, value="46.5"), "workers.lat[0]: must be a number, not '46.5'"),
    "null for a number": (put(W, "reliability", 0, value=None), "workers.reliability[0]: must be an integer, not null"),
    "a fraction": (put(W, "rate", 2, value=1500.5), "workers.rate[2]: must be an integer, not 1500.5"),
    "true for a number": (put(W, "min_rest", 2, value=True), "workers.min_rest[2]: must be an integer, not true"),
    "stars": (put(W, "stars10", 9, value=51), "workers.stars10[9]: must be from 10 to 50, not 51"),
    "reliability": (put(W, "reliability", 9, value=101), "workers.reliability[9]: must be from 0 to 100"),
    "flag": (put(W, "remote_ok", 9, value=2), "workers.remote_ok[9]: must be from 0 to 1, not 2"),
    "negative rest": (put(W, "min_rest", 1, value=-1), "workers.min_rest[1]: must be from 0"),
    "negative cap": (put(W, "max_week_min", 1, value=-60), "workers.max_week_min[1]: must be from 0"),
    "huge number": (put(W, "recent_min", 1, value=10**300), "workers.recent_min[1]: must be from 0"),
    "beyond 64 bits": (put(W, "rate", 1, value=2**63), "workers.rate[1]: must be from 0"),
    "skills no list": (put(W, "skills", 1, value=5), "workers.skills[1]: must be a list, not 5"),
    "skill no pair": (
        put(W, "skills", 1, 0, value=[1]),
        "workers.skills[1][0]: must be [skill, level], not 1 elements",
    ),
    "skill no list": (put(W, "skills", 1, 0, value=1), "workers.skills[1][0]: must be a list [skill, level]"),
    "no such skill": (put(W, "skills", 1, 1, value=[16, 1]), "workers.skills[1][1][0]: no such skill: 16"),
    "level too high": (put(W, "skills", 1, 1, value=[3, 6]), "workers.skills[1][1][1]: must be from 1 to 5, not 6"),
    "level zero": (put(W, "skills", 1, 1, value=[3, 0]), "workers.skills[1][1][1]: must be from 1 to 5, not 0"),
    "skill twice": (put(W, "skills", 1, 1, value=[0, 4]), "workers.skills[1][1]: skill 0 was given before"),
    "no such certificate": (add(W, "certs", 0, value=12), "no such certificate: 12 (there are 0..11)"),
    "no such language": (put(W, "langs", 0, value=[-1]), "workers.langs[0][0]: no such language: -1"),
    "window ends first": (
        put(W, "weekly", 1, 0, value=[480, 480]),
        "workers.weekly[1][0][1]: must be after start (480 ≤ 480)",
    ),
    "window begins late": (put(W, "weekly", 1, 0, value=[10080, 10090]), "workers.weekly[1][0][0]: must be from 0"),
    "window too long": (put(W, "weekly", 1, 0, value=[0, 20161]), "workers.weekly[1][0][1]: must be from 1 to 20160"),
    "window of text": (
        put(W, "weekly", 1, 0, value=["a", "b"]),
        "workers.weekly[1][0][0]: must be an integer, not 'a'",
    ),
    "exception's kind": (put(W, "exceptions", 1, 0, 0, value=2), "workers.exceptions[1][0][0]: must be from 0 to 1"),
    "exception of two": (put(W, "exceptions", 1, 0, value=[0, 1]), "workers.exceptions[1][0]: must be [kind, start"),
    "exception backwards": (put(W, "exceptions", 1, 0, 2, value=0), "workers.exceptions[1][0][2]: must be after start"),
    "commitment backwards": (put(W, "commitments", 1, 0, 1, value=3000), "workers.commitments[1][0][1]: must be after"),
    "client's id": (put("clients", 2, "id", value=0), "clients[2].id: must be its position 2, not 0"),
    "client's city": (put("clients", 2, "city", value=9), "clients[2].city: no such city: 9 (there are 0..0)"),
    "client no object": (put("clients", 1, value=[]), "clients[1]: must be an object, not a list"),
    "unknown blacklisted": (put("clients", 0, "blacklist", value=[30]), "clients[0].blacklist[0]: no such worker: 30"),
    "favourites no list": (
        put("clients", 0, "favourites", value=None),
        "clients[0].favourites: must be a list, not null",
    ),
    "order's key missing": (drop(ORDERS, 1, "priority"), "orders[1].priority: missing"),
    "order's key unknown": (put(ORDERS, 1, "prio", value=1), "orders[1].prio: unknown key"),
    "order's id": (put(ORDERS, 0, "id", value=True), "orders[0].id: must be an integer, not true"),
    "no such client": (put(ORDERS, 1, "client", value=3), "orders[1].client: no such client: 3"),
    "on site nowhere": (put(ORDERS, 0, "lat", value=None), "orders[0].lat: must be a number, not null"),
    "order without skills": (put(ORDERS, 0, "skills", value=[]), "orders[0].skills: must name at least one skill"),
    "rate of nothing": (put(ORDERS, 0, "max_rate", value=0), "orders[0].max_rate: must be from 1"),
    "priority": (put(ORDERS, 0, "priority", value=3), "orders[0].priority: must be from 0 to 2, not 3"),
    "negative headcount": (put(ORDERS, 0, "headcount", value=-1), "orders[0].headcount: must be from 0"),
    "shift ends first": (
        put(ORDERS, 0, "shifts", 0, "end", value=0),
        "orders[0].shifts[0].end: must be after start (0 ≤ ",
    ),
    "shift past the week": (
        put(ORDERS, 0, "shifts", 0, "end", value=10081),
        "orders[0].shifts[0].end: must be from 0 to 10080",
    ),
    "shift before the week": (
        put(ORDERS, 0, "shifts", 0, "start", value=-15),
        "orders[0].shifts[0].start: must be from 0",
    ),
    "no such shift id": (put(ORDERS, 0, "shifts", 0, "id", value=99), "orders[0].shifts[0].id: no such shift: 99"),
    "shift id twice": (
        put(ORDERS, 1, "shifts", 0, "id", value=0),
        "orders[1].shifts[0].id: shift 0 was given before, at ",
    ),
    "shift without end": (drop(ORDERS, 0, "shifts", 0, "end"), "orders[0].shifts[0].end: missing"),
    "too few shifts": (put("meta", "n_shifts", value=50), "meta.n_shifts: is 50, the orders have"),
    "raw as text": (put("meta", "raw", value="yes"), "meta.raw: must be true or false"),
    "no meta": (drop("meta"), "meta: missing"),
}

RAW: dict[str, tuple[Break, str]] = {
    "no pairs": (drop("pairs"), "pairs: missing"),
    "unknown top key": (put("cities", value=[]), "cities: unknown key"),
    "shifts no list": (put("shifts", value="many"), "shifts: must be a list, not 'many'"),
    "shift no object": (put("shifts", 1, value=None), "shifts[1]: must be an object, not null"),
    "shift without start": (drop("shifts", 1, "start"), "shifts[1].start: missing"),
    "shift's unknown key": (put("shifts", 1, "heads", value=2), "shifts[1].heads: unknown key"),
    "id twice": (put("shifts", 1, "id", value=12), "shifts[1].id: shift 12 was given before, at shifts[0].id"),
    "id of text": (put("shifts", 1, "id", value="x"), "shifts[1].id: must be an integer, not 'x'"),
    "ends at its start": (put("shifts", 1, "end", value=480), "shifts[1].end: must be after start (480 ≤ 480)"),
    "fraction of a minute": (put("shifts", 1, "end", value=480.5), "shifts[1].end: must be an integer, not 480.5"),
    "huge time": (put("shifts", 1, "end", value=10**30), "shifts[1].end: must be from"),
    "too far apart": (put("shifts", 1, "end", value=10**12), "shifts[1].end: lies more than 536870912 minutes after"),
    "negative headcount": (put("shifts", 1, "headcount", value=-1), "shifts[1].headcount: must be at least 0, not -1"),
    "headcount of text": (put("shifts", 1, "headcount", value="1"), "shifts[1].headcount: must be an integer or null"),
    "negative rest": (put("workers", 2, "min_rest", value=-1), "workers[2].min_rest: must be at least 0, not -1"),
    "negative cap": (put("workers", 2, "max_week_min", value=-1), "workers[2].max_week_min: must be at least 0"),
    "cap is nan": (put("workers", 2, "max_week_min", value=NAN), "workers[2].max_week_min: must be an integer or null"),
    "misspelt limit": (put("workers", 2, "minrest", value=60), "workers[2].minrest: unknown key"),
    "pair of two": (put("pairs", 2, value=[12, 0]), "pairs[2]: must be [shift, worker, score], not 2 elements"),
    "pair no list": (put("pairs", 2, value={}), "pairs[2]: must be a list [shift, worker, score], not an object"),
    "unknown shift": (put("pairs", 2, 0, value=13), "pairs[2][0]: no such shift: 13"),
    "list for a shift": (put("pairs", 2, 0, value=[]), "pairs[2][0]: must be an integer, not a list"),
    "unknown worker": (put("pairs", 2, 1, value=3), "pairs[2][1]: no such worker: 3 (there are 0..2)"),
    "negative worker": (put("pairs", 2, 1, value=-1), "pairs[2][1]: no such worker: -1"),
    "score of a fraction": (put("pairs", 2, 2, value=0.5), "pairs[2][2]: must be an integer, not 0.5"),
    "score is nan": (put("pairs", 2, 2, value=NAN), "pairs[2][2]: must be an integer, not nan"),
    "huge score": (put("pairs", 2, 2, value=10**400), "pairs[2][2]: must be from -2147483647"),
    "pair twice": (put("pairs", 1, 1, value=0), "pairs[1]: pair (12, 0) was given before, at pairs[0]"),
}
