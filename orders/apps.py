"""Orders, matching, offers, assignments, timesheets."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders, matching, offers, assignments, timesheets."""

    name = "orders"

    def ready(self) -> None:
        """Load the outbox handlers that have a file of their own beside `handlers`."""
        from orders import (  # noqa: F401
            handlers_circle,
            handlers_client,
            handlers_exchange,
            handlers_proofs,
            handlers_removals,
        )
