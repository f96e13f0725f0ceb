"""Surveys, the 48-hour review loop and the dashboard."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Surveys, the 48-hour review loop and the dashboard."""

    name = "feedback"

    def ready(self) -> None:
        """Load the outbox handlers that have a file of their own beside `handlers`."""
        from feedback import handlers_reports, handlers_stars, handlers_watching  # noqa: F401
