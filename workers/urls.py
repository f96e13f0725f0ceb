"""Pages about people."""

from django.urls import path

from workers import urls_applications, urls_papers, urls_privacy, urls_sources, urls_standing, urls_training
from workers.views import export, me, me_commitments, me_time, people

app_name = "workers"
urlpatterns = [
    path("people/", people.people, name="list"),
    path("people/export/", export.people, name="export"),
    path("people/<int:pk>/", people.person, name="person"),
    path("my/me/", me.me, name="me"),
    path("my/me/windows/", me_time.windows, name="me-windows"),
    path("my/me/windows/<int:pk>/remove/", me_time.remove_window, name="me-window-remove"),
    path("my/me/windows/paint/", me_time.paint, name="me-paint"),
    path("my/me/holiday/", me_time.holiday, name="me-holiday"),
    path("my/me/exceptions/", me_time.exceptions, name="me-exceptions"),
    path("my/me/exceptions/<int:pk>/remove/", me_time.remove_exception, name="me-exception-remove"),
    path("my/me/commitments/", me_commitments.listing, name="me-commitments"),
    path("my/me/commitments/<int:pk>/remove/", me_commitments.remove, name="me-commitment-remove"),
    path("my/me/commitments/<int:pk>/skip/", me_commitments.skip, name="me-commitment-skip"),
    path("my/me/preferences/", me.preferences, name="me-preferences"),
    *urls_applications.urlpatterns,
    *urls_papers.urlpatterns,
    *urls_privacy.urlpatterns,
    *urls_standing.urlpatterns,
    *urls_sources.urlpatterns,
    *urls_training.urlpatterns,
]
