"""The dispatcher's pages."""

from django.urls import path

from orders.views.desk import (
    appeals,
    compare,
    exchange,
    order,
    outbox,
    people,
    queue,
    swaps,
    today,
    views,
    week,
    week_assign,
    week_copy,
    work,
)

urlpatterns = [
    path("desk/", queue.desk, name="desk"),
    path("desk/live/", queue.live, name="desk-live"),
    path("desk/confirm/", queue.confirm_many, name="desk-confirm-many"),
    path("desk/views/", views.views, name="desk-views"),
    path("desk/views/<int:pk>/delete/", views.delete, name="desk-view-delete"),
    path("desk/views/<int:pk>/default/", views.make_default, name="desk-view-default"),
    path("desk/today/", today.today, name="desk-today"),
    path("desk/today/strip/", today.strip, name="desk-today-strip"),
    path("desk/positions/<int:pk>/replace/", today.find, name="desk-replace"),
    path("desk/week/", week.week, name="desk-week"),
    path("desk/week/rows/", week.rows, name="desk-week-rows"),
    path("desk/week/fit/<int:pk>/", week_assign.fit, name="desk-week-fit"),
    path("desk/week/assign/<int:pk>/", week_assign.assign, name="desk-week-assign"),
    path("desk/week/copy/", week_copy.copy, name="desk-week-copy"),
    path("desk/week/clear/<int:pk>/", week_assign.clear, name="desk-week-clear"),
    path("desk/swaps/", swaps.listed, name="desk-swaps"),
    path("desk/swaps/<int:pk>/decide/", swaps.decide, name="desk-swap-decide"),
    path("desk/appeals/", appeals.listed, name="desk-appeals"),
    path("desk/appeals/<int:pk>/decide/", appeals.decide, name="desk-appeal-decide"),
    path("desk/outbox/", outbox.outbox, name="desk-outbox"),
    path("desk/outbox/<int:pk>/retry/", outbox.retry, name="desk-outbox-retry"),
    path("desk/orders/<int:pk>/", order.order, name="desk-order"),
    path("desk/orders/<int:pk>/live/", order.order_live, name="desk-order-live"),
    path("desk/orders/<int:pk>/panel/", queue.panel, name="desk-panel"),
    path("desk/orders/<int:pk>/confirm/", order.confirm, name="desk-confirm"),
    path("desk/orders/<int:pk>/rematch/", order.rematch, name="desk-rematch"),
    path("desk/orders/<int:pk>/restore/", order.restore_all, name="desk-restore-all"),
    path("desk/orders/<int:pk>/cancel/", order.cancel, name="desk-cancel"),
    path("desk/shifts/<int:pk>/", order.shift, name="desk-shift"),
    path("desk/shifts/<int:pk>/live/", order.shift_live, name="desk-shift-live"),
    path("desk/shifts/<int:pk>/what-if/", order.what_if, name="desk-what-if"),
    path("desk/positions/<int:pk>/exchange/", exchange.exchange, name="desk-exchange"),
    path("desk/positions/<int:pk>/restore/", order.restore, name="desk-restore"),
    path("desk/positions/<int:pk>/compare/", compare.two, name="desk-compare"),
    *[
        path(f"desk/assignments/<int:pk>/{deed}/", work.act, {"deed": deed}, name=f"desk-{deed}")
        for deed in ("release", "check-in", "check-out", "no-show")
    ],
    path("desk/timesheets/<int:pk>/correct/", work.correct, name="desk-correct"),
    path("desk/people/<int:pk>/shifts/", people.person_shifts, name="desk-person-shifts"),
]
