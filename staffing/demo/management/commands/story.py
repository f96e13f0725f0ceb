"""`manage.py story`: plays the main line against the running demo."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from staffing.demo.story.browser import BrokenPromise
from staffing.demo.story.run import run


class Command(BaseCommand):
    """Plays the story."""

    help = "Drive the running demo through its main line; fails with the first broken promise."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--address", default=settings.PUBLIC_URL, help="where the demo runs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play it, tell every step and the figures."""
        began = time.monotonic()
        try:
            figures = run(options["address"], self.say)
        except BrokenPromise as broken:
            raise CommandError(f"promise broken: {broken}") from broken
        for name, value in figures.items():
            self.say(f"  {name:<12} {value}")
        self.say(f"every promise held ({time.monotonic() - began:.0f} s)")

    def say(self, text: str) -> None:
        """Print a line at once."""
        self.stdout.write(text)
        self.stdout.flush()
