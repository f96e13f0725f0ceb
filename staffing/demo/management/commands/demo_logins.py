"""`manage.py demo_logins`: one login per role."""

from typing import Any

from django.core.management.base import BaseCommand

from staffing.demo import logins


class Command(BaseCommand):
    """Prints the demo's logins."""

    help = "Print one login per role, and the password."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them."""
        for login in logins.ALL:
            role = "stock admin" if login is logins.ADMIN else login.role
            self.stdout.write(f"  {role:<12} {login.phone}  {logins.PASSWORD}  {login.name}")
