"""The pool: who they are, what they can do, when they are free."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """The pool: who they are, what they can do, when they are free."""

    name = "workers"

    def ready(self) -> None:
        """Load the outbox handlers and tasks that have a file of their own beside `handlers` and `tasks`."""
        from workers import handlers_papers, handlers_sources, tasks_applications, tasks_papers, tasks_sources  # noqa: F401
