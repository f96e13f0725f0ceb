"""The client's pages."""

from django.urls import path

from orders.views.client import home, order, posting

urlpatterns = [
    path("client/", home.home, name="client-home"),
    path("client/today/", home.today, name="client-today"),
    path("client/orders/", home.orders, name="client-orders"),
    path("client/orders/new/", posting.new, name="client-new"),
    path("client/orders/new/cost/", posting.cost, name="client-cost"),
    path("client/orders/<int:pk>/", order.order, name="client-order"),
    path("client/orders/<int:pk>/live/", order.live, name="client-order-live"),
    path("client/orders/<int:pk>/edit/", posting.edit, name="client-order-edit"),
    path("client/orders/<int:pk>/again/", posting.again, name="client-order-again"),
    path("client/orders/<int:pk>/submit/", order.submit, name="client-order-submit"),
    path("client/orders/<int:pk>/cancel/", order.cancel, name="client-order-cancel"),
    path("client/orders/<int:pk>/hours/approve/", order.approve_all, name="client-hours-approve-all"),
    path("client/hours/<int:pk>/approve/", order.approve, name="client-hours-approve"),
    path("client/hours/<int:pk>/dispute/", order.dispute, name="client-hours-dispute"),
]
