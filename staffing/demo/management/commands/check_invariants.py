"""`manage.py check_invariants`: exits with 1 and a list if the database breaks one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staffing.core import clock
from staffing.demo import invariants

MOST = 50


class Command(BaseCommand):
    """Checks what must hold."""

    help = "Check the agency's invariants."

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, list, and fail if anything is wrong."""
        found = invariants.violations(clock.now())
        for problem in found[:MOST]:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} violations", returncode=1)
        self.stdout.write(f"{len(invariants.ALL)} invariants hold")
