"""Addresses of the order line, by role."""

from orders.urls import calendar, client, desk, export, worker

app_name = "orders"
urlpatterns = [*export.urlpatterns, *client.urlpatterns, *desk.urlpatterns, *worker.urlpatterns, *calendar.urlpatterns]
