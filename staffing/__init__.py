"""The project package: settings, addresses and the Celery app."""
