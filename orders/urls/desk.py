"""The dispatcher's pages."""

from django.urls import path

from orders.views.desk import exchange, order, outbox, people, queue, today, work

urlpatterns = [
    path("desk/", queue.desk, name="desk"),
    path("desk/live/", queue.live, name="desk-live"),
    path("desk/today/", today.today, name="desk-today"),
    path("desk/outbox/", outbox.outbox, name="desk-outbox"),
    path("desk/outbox/<int:pk>/retry/", outbox.retry, name="desk-outbox-retry"),
    path("desk/orders/<int:pk>/", order.order, name="desk-order"),
    path("desk/orders/<int:pk>/live/", order.order_live, name="desk-order-live"),
    path("desk/orders/<int:pk>/panel/", queue.panel, name="desk-panel"),
    path("desk/orders/<int:pk>/confirm/", order.confirm, name="desk-confirm"),
    path("desk/orders/<int:pk>/rematch/", order.rematch, name="desk-rematch"),
    path("desk/orders/<int:pk>/cancel/", order.cancel, name="desk-cancel"),
    path("desk/shifts/<int:pk>/", order.shift, name="desk-shift"),
    path("desk/shifts/<int:pk>/live/", order.shift_live, name="desk-shift-live"),
    path("desk/shifts/<int:pk>/what-if/", order.what_if, name="desk-what-if"),
    path("desk/positions/<int:pk>/exchange/", exchange.exchange, name="desk-exchange"),
    *[
        path(f"desk/assignments/<int:pk>/{deed}/", work.act, {"deed": deed}, name=f"desk-{deed}")
        for deed in ("release", "check-in", "check-out", "no-show")
    ],
    path("desk/timesheets/<int:pk>/correct/", work.correct, name="desk-correct"),
    path("desk/people/<int:pk>/shifts/", people.person_shifts, name="desk-person-shifts"),
]
