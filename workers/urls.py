"""Pages about people."""

from django.urls import path

from staffing.core.views.health import live

app_name = "workers"
urlpatterns = [
    path("x-list/", live, name="list"),
    path("x-me/", live, name="me"),
]
