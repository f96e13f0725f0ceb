"""`manage.py api_token PHONE`: print a person's API token, or revoke it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from staffing.core.api import tokens
from staffing.core.models import User


class Command(BaseCommand):
    """For integrations that have no password to send."""

    help = "Print the API token of the person with this phone number; --revoke makes it worthless."

    def add_arguments(self, parser: CommandParser) -> None:
        """The number, and what to do."""
        parser.add_argument("phone")
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise `CommandError` for a number nobody has."""
        try:
            user = User.objects.get_by_natural_key(options["phone"])
        except User.DoesNotExist as error:
            raise CommandError("Nobody has this phone number.") from error
        if options["revoke"]:
            self.stdout.write("revoked" if tokens.revoke(user) else "there was none")
        else:
            self.stdout.write(tokens.issue(user).key)
