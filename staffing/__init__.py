"""The project package: settings, addresses and the Celery app."""

from staffing.celery import app as celery_app

__all__ = ["celery_app"]
