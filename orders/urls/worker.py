"""The worker's pages."""

from django.urls import path

from staffing.core.views.health import live

urlpatterns = [
    path("x-my-today/", live, name="my-today"),
    path("x-my-offers/", live, name="my-offers"),
    path("x-my-schedule/", live, name="my-schedule"),
]
