"""Pages about people."""

from django.urls import path

from workers import urls_privacy
from workers.views import export, me, people

app_name = "workers"
urlpatterns = [
    path("people/", people.people, name="list"),
    path("people/export/", export.people, name="export"),
    path("people/<int:pk>/", people.person, name="person"),
    path("my/me/", me.me, name="me"),
    path("my/me/windows/", me.windows, name="me-windows"),
    path("my/me/windows/<int:pk>/remove/", me.remove_window, name="me-window-remove"),
    path("my/me/exceptions/", me.exceptions, name="me-exceptions"),
    path("my/me/exceptions/<int:pk>/remove/", me.remove_exception, name="me-exception-remove"),
    path("my/me/preferences/", me.preferences, name="me-preferences"),
    *urls_privacy.urlpatterns,
]
