"""`manage.py rotate_vault`: encrypt the vault with the first of VAULT_KEYS, after a new one was put first."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workers.services import partner_secrets, vault


class Command(BaseCommand):
    """May be stopped and started again anywhere; the key that is left may be taken away once it says "done"."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many rows a transaction."""
        parser.add_argument("--batch", type=int, default=vault.BATCH)

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise `CommandError` if a row is read by none of the keys; all others are encrypted anew before that."""
        if options["batch"] < 1:
            raise CommandError("--batch must be at least 1.")
        last = vault.Rotation(0, ())
        for last in vault.rotate(options["batch"]):
            self.stdout.write(f"{last.done} encrypted anew")
        done, lost = partner_secrets.reseal_all()
        if done:
            self.stdout.write(f"{done} secrets of partners encrypted anew")
        if unread := [*last.unreadable, *lost]:
            raise CommandError(f"No key of VAULT_KEYS reads {', '.join(unread)}: put the missing key back.")
        self.stdout.write("done")
