"""Lives through the past and writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from feedback.models import Evidence
from feedback.services import evidence
from staffing.demo.past import line, long
from staffing.demo.past.ledger import Ledger
from staffing.demo.past.world import World, load
from staffing.demo.seed import demand
from staffing.demo.seed.catalogue import Catalogue
from staffing.demo.seed.clients import Company
from workers.models import Worker
from workers.pay.minutes import SHANGHAI

ORDERS_A_DAY = 20


@dataclass(frozen=True, slots=True)
class Extent:
    """How much past: days, and orders a day as a multiple of the usual."""

    days: int = 60
    scale: float = 1.0


def live_through(
    extent: Extent,
    random: Random,
    catalogue: Catalogue,
    companies: Sequence[Company],
    *,
    served_by: datetime,
    now: datetime,
) -> World:
    """Every order whose service ended before `served_by`, with its aftermath up to `now`."""
    ledger = Ledger(random, horizon=now)
    world = load(random, ledger, catalogue, companies, served_by - timedelta(days=extent.days))
    for ask, at in _orders(extent, random, companies, served_by):
        world.timeline.plan(at, lambda when, ask=ask: line.post(world, ask, when))
    world.timeline.run(now)
    ledger.save()
    _save_people(world)
    _gather_evidence(world)
    return world


def _orders(
    extent: Extent, random: Random, companies: Sequence[Company], served_by: datetime
) -> list[tuple[demand.Ask, datetime]]:
    last = served_by.astimezone(SHANGHAI).date()
    found = []
    for back in range(extent.days, 0, -1):
        usual = ORDERS_A_DAY * extent.scale
        count = max(0, round(random.gauss(usual, usual**0.5 / 2)))
        for at in demand.moments(last - timedelta(days=back), count, random):
            ask = demand.draw(companies, at, random)
            # The last days' orders are for those days still: the rest of their week is yet to come.
            if max(shift.end for shift in ask.shifts) > served_by:
                ask = demand.draw(companies, at, random, lead_days=(1,))
            if max(shift.end for shift in ask.shifts) + timedelta(hours=5) < served_by:
                found.append((ask, at))
    if extent.days >= long.ROOM:
        found.append(long.order(companies, served_by, random, extent.days))
    return found


def _save_people(world: World) -> None:
    for person in world.people.values():
        worker = person.worker
        worker.stars, worker.services_done, worker.reliability = person.stars, person.served, person.reliability
    Worker.objects.bulk_update(
        [person.worker for person in world.people.values()], ["stars", "services_done", "reliability"], batch_size=500
    )


def _gather_evidence(world: World) -> None:
    """The facts known when each case opened, by the same sources as the service's."""
    rows = []
    for case, earlier, reviews in world.opened:
        assert case.order is not None
        facts = [fact for source in evidence.SOURCES for fact in source(case.order) if fact[1] <= case.opened_at]
        if earlier:
            facts.append(("history", case.opened_at, {"cases": earlier, "reviews": reviews}))
        rows += [
            Evidence(case=case, kind=kind, at=at, data=data) for kind, at, data in sorted(facts, key=lambda f: f[1])
        ]
    Evidence.objects.bulk_create(rows)
