"""The demo app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo agency."""

    name = "staffing.demo"
    label = "demo"
