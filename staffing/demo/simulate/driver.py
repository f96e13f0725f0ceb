"""Walks through the days from event to event: what people do, then all that has come due, to the minute.

Nothing sleeps and nothing is skipped: the next moment is the earliest of what somebody has in mind and of the rows
of the outbox. Rows are swept by the product's own sweep, as its workers do.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Min

from orders.services import batch
from staffing.core import outbox
from staffing.core.errors import DomainError
from staffing.core.models import OutboxMessage
from staffing.demo.simulate import acts, demand, report
from staffing.demo.simulate.behaviour import MINUTE, dice
from staffing.demo.simulate.desk import Desk
from staffing.demo.simulate.phone import Phones
from staffing.demo.simulate.plan import AFTER, AHEAD, Plan
from staffing.demo.simulate.world import World
from workers.pay.minutes import SHANGHAI

Say = Callable[[str], None]
Act = Callable[[datetime], object]
# A batch every hour that the desk is open.
OPEN = range(8, 22)
LOOK = timedelta(minutes=10)
# Minutes that a proposal waits for a dispatcher.
READ_MINUTES = (3, 12)
WAITING = {"done_at__isnull": True, "set_aside_at__isnull": True}


class Driver:
    """One run. `refused` counts what services refused to people, by code."""

    def __init__(self, plan: Plan, world: World, say: Say) -> None:
        self.plan, self.world, self._say = plan, world, say
        self.phones, self.desk = Phones(plan), Desk(world)
        self.refused: Counter[str] = Counter()
        self._agenda: list[tuple[datetime, int, Act]] = []
        self._number = 0
        self._heads: dict[str, datetime] = {}

    def run(self) -> datetime:
        """Live through all of it; the moment at which it ended."""
        self._plan_ahead()
        last, day = self.plan.end + AFTER, None
        while (now := self._next()) is not None and now <= last:
            if (date := now.astimezone(SHANGHAI).date()) != day:
                day = date
                self._say(f"{day}: {len(self.phones.courses)} bookings so far, {_so_far(self.plan, now)}")
            self._act(now)
            self._settle(now)
        self._say(f"refused to people, by code: {dict(self.refused.most_common())}")
        return last

    def at(self, when: datetime, act: Act) -> None:
        """Put something on the agenda."""
        self._number += 1
        heapq.heappush(self._agenda, (when, self._number, act))

    def _plan_ahead(self) -> None:
        for when, ask in demand.asked(self.plan, self.world.companies):
            self.at(when, partial(acts.post, ask, self.world))
        moment = self.plan.begin - AHEAD
        while moment < self.plan.end:
            local = moment.astimezone(SHANGHAI)
            if local.hour in OPEN and local.minute == 0:
                self.at(moment, _batch)
            self.at(moment, self._look)
            moment += LOOK

    def _look(self, now: datetime) -> None:
        self.desk.look(now, self.phones.courses)

    def _next(self) -> datetime | None:
        moments = [*self._heads.values(), *(at for at, _, _ in self._agenda[:1])]
        return _whole(min(moments)) if moments else None

    def _act(self, now: datetime) -> None:
        while self._agenda and self._agenda[0][0] <= now:
            act = heapq.heappop(self._agenda)[2]
            try:
                act(now)
            except DomainError as error:
                self.refused[error.code] += 1

    def _settle(self, now: datetime) -> None:
        """Do what is due until nothing is, and take note of what it brought."""
        self._heads = _heads()
        while due := sorted(queue for queue, first in self._heads.items() if first <= now):
            for queue in due:
                outbox.sweep(queue, now)
            self._heads = _heads()
        for mind in self.phones.look(now):
            self.at(mind.at, mind.act)
        for order_id, key in self.phones.proposed():
            wait = dice(self.plan.seed, "read", key).uniform(*READ_MINUTES)
            self.at(now + wait * MINUTE, partial(acts.confirm_order, order_id, self.plan, self.world))


def _so_far(plan: Plan, now: datetime) -> str:
    """Of the days that are over, without the last one: its nights may still run."""
    days = (now - plan.begin).days - 1
    if not 0 < days <= plan.days:
        return "no day is over yet"
    found = report.of(replace(plan, days=days))
    return f"{days} days: {found.promised} promised, {found.covered:.2%} of their hours covered"


def _heads() -> dict[str, datetime]:
    """When the first row of each queue is due."""
    rows = OutboxMessage.objects.filter(**WAITING).values("queue").annotate(first=Min("due_at"))
    return {row["queue"]: row["first"] for row in rows.order_by()}


def _batch(now: datetime) -> None:
    batch.wake(now)


def _whole(at: datetime) -> datetime:
    """The next whole minute: nobody acts twice within one."""
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + MINUTE
