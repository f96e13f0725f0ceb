"""Applying, and the desk's pages about applications."""

from django.urls import path

from workers.views import apply

urlpatterns = [
    path("apply/", apply.start, name="apply"),
    path("apply/<str:token>/", apply.link, name="apply-link"),
    path("apply/<str:token>/save/", apply.save, name="apply-save"),
    path("apply/<str:token>/withdraw/", apply.withdraw, name="apply-withdraw"),
    path("apply/<str:token>/data/", apply.data, name="apply-data"),
]
