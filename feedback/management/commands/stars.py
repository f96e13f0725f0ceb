"""`manage.py stars`: counts everybody's stars anew; `--check` counts beside what is stored and finds differences."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.services import stars
from staffing.core import clock


class Command(BaseCommand):
    """Prove that what is stored is what the ratings give."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check` writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, or compare."""
        if not options["check"]:
            self.stdout.write(f"changed: {stars.recount_all(clock.now())}")
            return
        found = list(stars.differences())
        for worker, stored, again in found:
            self.stdout.write(f"{worker}: stored {stored}, counted {again}")
        if found:
            raise CommandError(f"{len(found)} differ")
        self.stdout.write("stored = recount")
