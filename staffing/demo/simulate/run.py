"""One run from an empty database to its report."""

from collections.abc import Callable
from datetime import datetime

from staffing.demo.simulate import report, world
from staffing.demo.simulate.driver import Driver
from staffing.demo.simulate.plan import Plan
from staffing.demo.simulate.report import Report


def simulate(plan: Plan, say: Callable[[str], None] = lambda _text: None) -> tuple[Report, datetime]:
    """Live the plan's days in an empty database; the report, and the moment at which it ended."""
    agency = world.build(plan)
    say(f"{plan.workers} people, {len(agency.companies)} companies")
    ended = Driver(plan, agency, say).run()
    return report.of(plan), ended
