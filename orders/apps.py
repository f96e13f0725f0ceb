"""Orders, matching, offers, assignments, timesheets."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders, matching, offers, assignments, timesheets."""

    name = "orders"
