"""Surveys, the 48-hour review loop and the dashboard."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Surveys, the 48-hour review loop and the dashboard."""

    name = "feedback"
