"""The client's pages."""

from django.urls import path

from orders.urls import company
from orders.views.client import half_filled, home, order, posting, recurring, templates

urlpatterns = [
    path("client/", home.home, name="client-home"),
    path("client/today/", home.today, name="client-today"),
    path("client/orders/", home.orders, name="client-orders"),
    path("client/orders/new/", posting.new, name="client-new"),
    path("client/orders/new/cost/", posting.cost, name="client-cost"),
    path("client/orders/new/reach/", posting.reach, name="client-reach"),
    path("client/orders/new/shifts/", posting.shifts, name="client-shifts"),
    path("client/orders/new/draft/", half_filled.keep, name="client-draft"),
    path("client/orders/new/draft/discard/", half_filled.discard, name="client-draft-discard"),
    path("client/orders/<int:pk>/", order.order, name="client-order"),
    path("client/orders/<int:pk>/live/", order.live, name="client-order-live"),
    path("client/orders/<int:pk>/edit/", posting.edit, name="client-order-edit"),
    path("client/orders/<int:pk>/again/", posting.again, name="client-order-again"),
    path("client/orders/<int:pk>/template/", templates.from_order, name="client-order-template"),
    path("client/orders/<int:pk>/submit/", order.submit, name="client-order-submit"),
    path("client/orders/<int:pk>/hours/approve/", order.approve_all, name="client-hours-approve-all"),
    path("client/hours/<int:pk>/approve/", order.approve, name="client-hours-approve"),
    path("client/hours/<int:pk>/dispute/", order.dispute, name="client-hours-dispute"),
    path("client/templates/", templates.listed, name="client-templates"),
    path("client/templates/<int:pk>/use/", templates.use, name="client-template-use"),
    path("client/templates/<int:pk>/rename/", templates.rename, name="client-template-rename"),
    path("client/templates/<int:pk>/delete/", templates.delete, name="client-template-delete"),
    path("client/recurring/", recurring.listed, name="client-recurring"),
    path("client/recurring/<int:pk>/stop/", recurring.stop, name="client-recurring-stop"),
    *company.urlpatterns,
]
