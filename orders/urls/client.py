"""The client's pages."""

from django.urls import path

from staffing.core.views.health import live

urlpatterns = [
    path("x-client-home/", live, name="client-home"),
    path("x-client-orders/", live, name="client-orders"),
    path("x-client-new/", live, name="client-new"),
    path("x-client-order/<int:pk>/", live, name="client-order"),
]
