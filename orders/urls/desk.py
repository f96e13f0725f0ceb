"""The dispatcher's pages."""

from django.urls import path

from staffing.core.views.health import live

urlpatterns = [
    path("x-desk/", live, name="desk"),
    path("x-desk-today/", live, name="desk-today"),
    path("x-desk-outbox/", live, name="desk-outbox"),
    path("x-desk-order/<int:pk>/", live, name="desk-order"),
]
