"""Addresses of clients' lists and of conflicts of interest."""

from django.urls import path

from orders.views import worker_conflicts
from orders.views.desk import circle

urlpatterns = [
    path("desk/clients/<int:pk>/circle/", circle.lists, name="desk-circle"),
    path("desk/clients/<int:pk>/circle/remove/", circle.remove, name="desk-circle-remove"),
    path("desk/people/conflicts/", circle.declared, name="conflicts"),
    path("desk/people/conflicts/<int:pk>/place/", circle.place, name="conflict-place"),
    path("desk/people/conflicts/<int:pk>/end/", circle.end, name="conflict-end"),
    path("my/conflicts/", worker_conflicts.mine, name="my-conflicts"),
]
