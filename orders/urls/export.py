"""Lists of the order line as files."""

from django.urls import path

from orders.views.client import export as client
from orders.views.desk import export as desk

urlpatterns = [
    path("client/orders/export/", client.orders, name="client-orders-export"),
    path("client/hours/export/", client.hours, name="client-hours-export"),
    path("desk/export/", desk.orders, name="desk-export"),
    path("desk/today/export/", desk.today, name="desk-today-export"),
    path("desk/outbox/export/", desk.outbox, name="desk-outbox-export"),
]
