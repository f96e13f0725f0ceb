"""`manage.py messages [--check] [--compile] [--fill FILE] [--missing FILE]`."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from staffing.core.messages.cli import Options, add_arguments, run


class Command(BaseCommand):
    help = "Collect, fill, check and compile the translations. Without an option: update the catalogue."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, **options: Any) -> None:
        wanted = Options(**{name: options[name] for name in Options.__dataclass_fields__})
        if status := run(settings.BASE_DIR, wanted, self.stdout.write):
            sys.exit(status)
