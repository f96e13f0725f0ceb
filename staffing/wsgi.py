"""WSGI entry: `gunicorn staffing.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staffing.settings")
application = get_wsgi_application()

from staffing import warm  # noqa: E402  # needs the settings and the apps

warm.in_background()
