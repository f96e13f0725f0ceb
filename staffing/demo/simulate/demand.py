"""What is ordered on a day: by weekday, hour and city, as the demo's clients do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from staffing.demo.seed import demand
from staffing.demo.seed.clients import Company
from staffing.demo.seed.demand import Ask
from staffing.demo.simulate.behaviour import dice
from staffing.demo.simulate.plan import AHEAD, Plan
from workers.pay.minutes import SHANGHAI

# How much a trade wants on each day, Monday first.
WEEK: Mapping[str, Sequence[float]] = {
    "ecommerce": (0.8, 0.8, 0.8, 0.9, 1.2, 1.3, 1.2),
    "finance": (1.1, 1.1, 1.1, 1.1, 1.1, 0.3, 0.2),
    "telecom": (1.1, 1.0, 1.0, 1.0, 1.0, 0.9, 0.8),
    "hotel": (0.7, 0.7, 0.8, 0.9, 1.2, 1.4, 1.3),
}
# Offices order little at the weekend.
POSTED: Sequence[float] = (1.2, 1.1, 1.1, 1.1, 1.1, 0.7, 0.7)
LEADS = (0, 1, 1, 2, 2, 3, 4, 5)
TRIES = 20


def asked(plan: Plan, companies: Sequence[Company]) -> Iterator[tuple[datetime, Ask]]:
    """Every order of the run in the order of posting, whose shifts all begin within the plan's days."""
    day = (plan.begin - AHEAD).date()
    while day < plan.end.date():
        yield from _on(day, plan, companies)
        day += timedelta(days=1)


def _on(day: date, plan: Plan, companies: Sequence[Company]) -> Iterator[tuple[datetime, Ask]]:
    random = dice(plan.seed, "day", day.isoformat())
    count = int(plan.orders_a_day * POSTED[day.weekday()] + random.random())
    for number, at in enumerate(demand.moments(day, count, random)):
        ask = _one(f"{day}:{number}", at, plan, companies)
        if ask is not None and all(plan.begin <= shift.start < plan.end for shift in ask.shifts):
            yield at, ask


def _one(key: str, at: datetime, plan: Plan, companies: Sequence[Company]) -> Ask | None:
    """Drawn again until the day suits the trade and the hour lies far enough ahead."""
    random = dice(plan.seed, "ask", key)
    for _ in range(TRIES):
        company = random.choice(companies)
        ask = demand.draw([company], at, random, lead_days=LEADS)
        first = ask.shifts[0].start
        wanted = WEEK[company.client.industry][first.astimezone(SHANGHAI).weekday()] / 1.4
        if first > at + timedelta(minutes=45) and random.random() < wanted:
            return ask
    return None
