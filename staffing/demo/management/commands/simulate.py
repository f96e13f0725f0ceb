"""`manage.py simulate`: lives a month of the agency in an empty database and says what came of its promises."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from staffing.demo import invariants
from staffing.demo.seed.build import is_empty
from staffing.demo.simulate.plan import FEATURES, Habits, Plan
from staffing.demo.simulate.run import simulate


class Command(BaseCommand):
    """Simulates."""

    help = "Live some days of the agency by its real services against a passed clock."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        usual = Habits()
        parser.add_argument("--days", type=int, default=30)
        parser.add_argument("--workers", type=int, default=400)
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same report")
        parser.add_argument("--no-shows", type=float, default=usual.no_shows, help="share of bookings, 0 to 1")
        parser.add_argument("--declines", type=float, default=usual.declines, help="share of offers, 0 to 1")
        parser.add_argument("--without", default="", help=f"switched off by policy, of: {','.join(FEATURES)}")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print."""
        if not is_empty():
            raise CommandError("The database is not empty.")
        began = time.monotonic()

        def say(text: str) -> None:
            self.stderr.write(f"  {time.monotonic() - began:6.1f} s  {text}")

        found, ended = simulate(plan_of(options), say)
        problems = invariants.violations(ended)
        self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        if problems:
            raise CommandError("\n".join(problems[:20]), returncode=1)


def plan_of(options: dict[str, Any]) -> Plan:
    """The plan that the options describe. Raises `CommandError` for a part that does not exist."""
    without = frozenset(part for part in options["without"].split(",") if part)
    if unknown := without - set(FEATURES):
        raise CommandError(f"--without {','.join(sorted(unknown))}: choose from {','.join(FEATURES)}")
    habits = Habits(no_shows=options["no_shows"], declines=options["declines"])
    return Plan(options["days"], options["workers"], options["seed"], habits, without)
