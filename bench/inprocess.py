"""The engine inside one process of the product, with the pool that the product keeps: what one order costs.

    python -m bench.inprocess INSTANCE      prints one line of JSON

Needs the filled tables of :mod:`bench.online`. Shifts are the instance's own, drawn by a seed.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import django

from bench import staffgen

Json = dict[str, Any]
SHIFTS, SQL_SHIFTS, ORDERS, SHORTLIST, WARMING = 500, 200, 60, 20, 20
SEED = 7


def measure(instance: Any) -> Json:
    """Milliseconds of each look, and whether the plain SQL way finds the same people."""
    from bench import agency, rows
    from orders import snapshot
    from orders.matching.demand import Demand
    from orders.matching.engine import propose
    from orders.matching.pairs import find_pairs
    from orders.matching.scan import scan
    from orders.matching.shortlist import shortlist_of
    from orders.matching.whatif import what_if
    from orders.pool import weights_in_force

    pool, weights = snapshot.current(rows.NOW).pool, weights_in_force()
    by_order = [agency.needs_of(order, instance["clients"][order["client"]]) for order in instance["orders"]]
    draw = random.Random(SEED)
    orders = draw.sample(by_order, min(ORDERS, len(by_order)))
    needs = [need for listed in by_order for need in listed]
    needs = draw.sample(needs, min(SHIFTS, len(needs)))
    demands = [Demand.of([need], pool.catalogue) for need in needs]
    whole = [Demand.of(listed, pool.catalogue) for listed in orders]
    looks: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]] = {
        "shortlist": (lambda need: shortlist_of(pool, need, weights, SHORTLIST), needs),
        "scan": (lambda demand: scan(pool, demand, 0, weights), demands),
        "pairs": (lambda demand: find_pairs(pool, demand, weights), whole),
        "propose": (lambda listed: propose(listed, pool, weights), orders),
        "what_if": (lambda need: what_if(pool, need, weights), needs[:SQL_SHIFTS]),
    }
    found: Json = {name: timed(look, asked) for name, (look, asked) in looks.items()}
    return found | {"people": len(pool), "sql": beside(pool, weights, needs[:SQL_SHIFTS])}


def beside(pool: Any, weights: Any, needs: Sequence[Any]) -> Json:
    """The plain SQL way on the same shifts: its milliseconds, and for how many it finds the very same people."""
    from bench import rows
    from orders import reach_sql
    from orders.matching.demand import Demand
    from orders.matching.pairs import find_pairs

    found: dict[int, set[int]] = {}

    def look(at: int) -> None:
        found[at] = {who.id for who in reach_sql.eligible(needs[at], rows.NOW, weights)}

    figures = timed(look, range(len(needs)), 0)
    pairs = find_pairs(pool, Demand.of(needs, pool.catalogue), weights)
    same = 0
    for at, (first, last) in enumerate(itertools.pairwise(pairs.begin.tolist())):
        same += found[at] == set(pool.ids[pairs.who[first:last]].tolist())
    return figures | {"same": same}


def timed(look: Callable[[Any], Any], asked: Sequence[Any], warming: int = WARMING) -> Json:
    """Median and 95th percentile in milliseconds, after some looks that do not count."""
    from bench.posting import told_of

    for one in asked[:warming]:
        look(one)
    spent = []
    for one in asked:
        begun = time.perf_counter()
        look(one)
        spent.append((time.perf_counter() - begun) * 1000)
    return told_of(spent)


def main(argv: list[str]) -> int:
    """Print the figures."""
    django.setup()
    print(json.dumps(measure(staffgen.load(argv[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
