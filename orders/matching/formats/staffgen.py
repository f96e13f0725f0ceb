"""The trade benchmark's instance (see `bench/staffgen.py` for its format and law) as people, demand and weights.

Ids are list positions. The instance must be sound: checking is apart. Its times are minutes of one week; all of a
person's commitments count in that one week, wherever they lie.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np

from ..demand import ANY, Demand, Groups, Ragged
from ..minutes import FOREVER, day_of
from ..tables import NO_ORDER, Catalogue, Column, Tables
from ..types import Weights

Instance = Mapping[str, Any]

WEIGHTS: Final = Weights(
    version="staffgen-1",
    base=500,
    priority=200,
    closeness=150,
    remote=75,
    stars=100,
    reliability=80,
    team=120,
    skill=40,
    skill_met=0,
    economy=60,
    fairness=50,
    fairness_minutes=9600,
    continuity=0,
    travel_minutes_per_km=0,
    travel_fixed_minutes=0,
    value_first_percent=0,
)
# one week that holds every commitment
EDGES: Final = np.array([-(1 << 30), 1 << 30], np.int32)


def catalogue_of(instance: Instance) -> Catalogue:
    """Codes are the numbers as text. Courses there are none."""
    meta = instance["meta"]
    return Catalogue(
        skills=_numbers(meta["n_skills"]),
        languages=_numbers(meta["n_langs"]),
        certificates=_numbers(meta["n_certs"]),
        cities=_numbers(len(instance["cities"])),
    )


def tables_of(instance: Instance) -> Tables:
    """The workers."""
    workers = instance["workers"]
    n = len(workers["city"])
    people: dict[str, Any] = {
        "id": np.arange(n),
        "city": workers["city"],
        "lat": workers["lat"],
        "lng": workers["lng"],
        "max_km": workers["max_km"],
        "remote": workers["remote_ok"],
        "active": np.ones(n, bool),
        "stars": np.asarray(workers["stars10"], np.int16) * 10,
        "reliability": workers["reliability"],
        "services": np.zeros(n),
        "clearance": workers["background"],
        "clearance_until": np.full(n, FOREVER),
        "rest": workers["min_rest"],
        "cap": workers["max_week_min"],
        "recent": workers["recent_min"],
        "rate": workers["rate"],
    }
    return Tables.make(people, **_children(workers))


def demand_of(instance: Instance) -> Demand:
    """The shifts by id, so that shift ``t`` is the one with id ``t``; each order is a group."""
    orders: Sequence[Instance] = instance["orders"]
    counts = [len(order["shifts"]) for order in orders]
    shifts = list(chain.from_iterable(order["shifts"] for order in orders))
    ids = np.array([shift["id"] for shift in shifts], np.int64)
    by_id = np.argsort(ids, kind="stable")
    group = np.repeat(np.arange(len(orders), dtype=np.int32), counts)[by_id]
    end = np.array([shift["end"] for shift in shifts], np.int32)[by_id]
    nobody = Ragged(np.zeros(len(ids) + 1, np.int32), np.empty(0, np.int64))
    return Demand(
        id=ids[by_id],
        order=_of_orders(orders, "id", np.int64)[group],
        client=_of_orders(orders, "client", np.int64)[group],
        group=group,
        start=np.array([shift["start"] for shift in shifts], np.int32)[by_id],
        end=end,
        last_day=day_of(end - 1),
        need=_of_orders(orders, "headcount", np.int32)[group],
        novices=np.zeros(len(ids), np.int32),
        gone=nobody,
        held=nobody,
        groups=_groups(instance),
        edges=EDGES,
    )


def _children(workers: Instance) -> dict[str, dict[str, Column]]:
    who, skills = _flat(workers["skills"], 2)
    held, certificates = _flat(workers["certs"], 0)
    speaks, languages = _flat(workers["langs"], 0)
    opens, windows = _flat(workers["weekly"], 2)
    dated, exceptions = _flat(workers["exceptions"], 3)
    busy, commitments = _flat(workers["commitments"], 2)
    nowhere = np.full(len(busy), np.nan)
    times = {"start": commitments[:, 0], "end": commitments[:, 1]}
    return {
        "skills": {"who": who, "code": skills[:, 0], "level": skills[:, 1], "until": np.full(len(who), FOREVER)},
        "languages": {
            "who": speaks, "code": languages, "level": np.ones(len(speaks)), "until": np.full(len(speaks), FOREVER)
        },
        "certificates": {"who": held, "code": certificates, "until": np.full(len(held), FOREVER)},
        "windows": {"who": opens, "start": windows[:, 0], "end": windows[:, 1]},
        "exceptions": {
            "who": dated, "kind": exceptions[:, 0], "start": exceptions[:, 1], "end": exceptions[:, 2]
        },
        "bookings": {"who": busy, **times, "order": np.full(len(busy), NO_ORDER), "lat": nowhere, "lng": nowhere},
    }  # fmt: skip


def _groups(instance: Instance) -> Groups:
    orders: Sequence[Instance] = instance["orders"]
    clients: Sequence[Instance] = instance["clients"]
    blocked = {client["id"]: client["blacklist"] for client in clients}
    team = {client["id"]: client["favourites"] for client in clients}
    none = Ragged(np.zeros(len(orders) + 1, np.int32), np.empty(0, np.int32))
    stars = _of_orders(orders, "min_stars10", np.int32) * 10
    return Groups(
        remote=_of_orders(orders, "remote", np.bool_),
        city=np.full(len(orders), -1, np.int32),
        lat=_of_orders(orders, "lat", np.float64),
        lng=_of_orders(orders, "lng", np.float64),
        min_stars=np.where(stars > 0, stars, ANY).astype(np.int32),
        max_rate=_of_orders(orders, "max_rate", np.int32),
        clearance=_of_orders(orders, "background", np.int32),
        priority=_of_orders(orders, "priority", np.int32),
        skills=Ragged.of([order["skills"] for order in orders], np.int32, 2),
        languages=Ragged.of([[(code, 1) for code in order["langs"]] for order in orders], np.int32, 2),
        certificates=Ragged.of([order["certs"] for order in orders], np.int32),
        courses=none,
        blocked=Ragged.of([blocked[order["client"]] for order in orders], np.int64),
        team=Ragged.of([team[order["client"]] for order in orders], np.int64),
    )


def _numbers(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(count)))


def _of_orders(orders: Sequence[Instance], key: str, kind: Any) -> Column:
    return np.array([order[key] for order in orders], kind)


def _flat(lists: Sequence[Sequence[Any]], width: int) -> tuple[Column, Column]:
    """(list position, value) of every value in a list of lists; a ``width`` > 0 makes rows of tuples."""
    counts = np.fromiter(map(len, lists), np.int64, len(lists))
    flat = chain.from_iterable(lists)
    values = np.fromiter(chain.from_iterable(flat) if width else flat, np.int32)
    return np.repeat(np.arange(len(lists)), counts), values.reshape(-1, width) if width else values
