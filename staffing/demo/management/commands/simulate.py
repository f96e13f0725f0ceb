"""`manage.py simulate`: lives a month of the agency in an empty database and says what came of its promises."""

import json
import os
import time
from collections.abc import Mapping
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from staffing.core.models import User
from staffing.demo import invariants
from staffing.demo.seed.build import is_empty
from staffing.demo.simulate.compare import compare
from staffing.demo.simulate.plan import FEATURES, Habits, Plan
from staffing.demo.simulate.run import simulate
from staffing.demo.simulate.table import Figures, table


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
        parser.add_argument(
            "--free-at-once",
            type=float,
            default=usual.free_at_once,
            help="share of those asked at short notice, 0 to 1",
        )
        parser.add_argument("--without", default="", help=f"switched off by policy, of: {','.join(FEATURES)}")
        parser.add_argument("--compare", action="store_true", help="all parts and each switched off, side by side")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print."""
        plan = plan_of(options)
        if options["compare"]:
            self._print(compare(_arguments(plan), os.cpu_count() or 1), as_json=options["json"])
            return
        _prepare()
        began = time.monotonic()

        def say(text: str) -> None:
            self.stderr.write(f"  {time.monotonic() - began:6.1f} s  {text}")

        found, ended = simulate(plan, say)
        self._print({",".join(sorted(plan.without)): found.as_dict()}, as_json=options["json"])
        if problems := invariants.violations(ended):
            raise CommandError("\n".join(problems[:20]), returncode=1)

    def _print(self, runs: Mapping[str, Figures], *, as_json: bool) -> None:
        if as_json:
            shown = next(iter(runs.values())) if len(runs) == 1 else runs
            self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{table(runs, 'zh')}\n\n{table(runs, 'en')}")


def _prepare() -> None:
    """Make the tables where there are none. Raises `CommandError` where somebody lives already."""
    if User._meta.db_table not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    if not is_empty():
        raise CommandError("The database is not empty.")


def _arguments(plan: Plan) -> list[str]:
    habits = plan.habits
    figures = (plan.days, plan.workers, plan.seed, habits.no_shows, habits.declines, habits.free_at_once)
    names = ("--days", "--workers", "--seed", "--no-shows", "--declines", "--free-at-once")
    return [part for name, value in zip(names, figures, strict=True) for part in (name, str(value))]


def plan_of(options: dict[str, Any]) -> Plan:
    """The plan that the options describe. Raises `CommandError` for a part that does not exist."""
    without = frozenset(part for part in options["without"].split(",") if part)
    if unknown := without - set(FEATURES):
        raise CommandError(f"--without {','.join(sorted(unknown))}: choose from {','.join(FEATURES)}")
    shares = ("no_shows", "declines", "free_at_once")
    habits = Habits(**{name: options[name] for name in shares})
    return Plan(options["days"], options["workers"], options["seed"], habits, without)
