"""`manage.py seed_demo`: fills an empty database with the demo agency."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from staffing.core import clock
from staffing.demo import life
from staffing.demo.seed.build import Size, build, is_empty


class Command(BaseCommand):
    """Seeds the demo agency."""

    help = "Fill an empty database with the demo agency."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--scale", type=float, default=1.0, help="1 is about 20 orders a day, 4 is about 80")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same agency")
        parser.add_argument("--workers", type=int, default=400)
        parser.add_argument("--days", type=int, default=60)
        parser.add_argument("--if-empty", action="store_true", help="do nothing if somebody lives there already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, telling what is done."""
        if not is_empty():
            if options["if_empty"]:
                acts = life.catch_up(clock.now(), settle=life.drain)
                self.stdout.write(f"  the agency is there already; {acts} things happened meanwhile")
                return
            raise CommandError("The database is not empty.")
        began = time.monotonic()

        def say(text: str) -> None:
            self.stdout.write(f"  {time.monotonic() - began:5.1f} s  {text}")
            self.stdout.flush()

        size = Size(options["workers"], options["days"], options["scale"])
        build(size, options["seed"], clock.now(), say)
        say("the agency is open")
