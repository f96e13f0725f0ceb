"""The pool: who they are, what they can do, when they are free."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """The pool: who they are, what they can do, when they are free."""

    name = "workers"
