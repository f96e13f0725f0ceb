"""Addresses of the order line, by role."""

from orders.urls import calendar, circle, client, desk, export, proofs, sources, training, turning_up, worker

app_name = "orders"
urlpatterns = [
    *export.urlpatterns,
    *client.urlpatterns,
    *desk.urlpatterns,
    *circle.urlpatterns,
    *worker.urlpatterns,
    *turning_up.urlpatterns,
    *calendar.urlpatterns,
    *proofs.urlpatterns,
    *sources.urlpatterns,
    *training.urlpatterns,
]
