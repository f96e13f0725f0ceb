"""Addresses of the order line, by role."""

from orders.urls import client, desk, worker

app_name = "orders"
urlpatterns = [*client.urlpatterns, *desk.urlpatterns, *worker.urlpatterns]
