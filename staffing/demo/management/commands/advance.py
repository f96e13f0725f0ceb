"""`manage.py advance 90`: moves the demo's clock forward, with everything that happens meanwhile."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from staffing.demo import life


class Command(BaseCommand):
    """Moves the demo's clock."""

    help = "Move the demo's clock forward by minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("minutes", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Advance and tell the time."""
        now = life.advance(timedelta(minutes=options["minutes"]))
        self.stdout.write(f"{timezone.localtime(now):%Y-%m-%d %H:%M}")
