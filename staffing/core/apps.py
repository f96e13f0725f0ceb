"""The core app: users, outbox, audit, notifications, clock."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """What every app stands on."""

    name = "staffing.core"
    label = "core"

    def ready(self) -> None:
        """Load every app's outbox handlers, groups of the search, what it keeps about people, and the house checks."""
        autodiscover_modules("handlers", "search", "privacy")
        from staffing.celery import app  # noqa: F401  # shared tasks belong to our app
        from staffing.core import checks  # noqa: F401
