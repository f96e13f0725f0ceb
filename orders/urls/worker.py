"""The worker's pages."""

from django.urls import path

from orders.views import worker

urlpatterns = [
    path("my/", worker.today, name="my-today"),
    path("my/offers/", worker.offer_list, name="my-offers"),
    path("my/offers/<int:pk>/", worker.offer, name="my-offer"),
    path("my/offers/<int:pk>/accept/", worker.accept, name="my-offer-accept"),
    path("my/offers/<int:pk>/decline/", worker.decline, name="my-offer-decline"),
    path("my/schedule/", worker.schedule, name="my-schedule"),
    path("my/shifts/<int:pk>/", worker.shift, name="my-shift"),
    path("my/shifts/<int:pk>/check-in/", worker.check_in, name="my-check-in"),
    path("my/shifts/<int:pk>/check-out/", worker.check_out, name="my-check-out"),
    path("my/shifts/<int:pk>/cancel/", worker.cancel, name="my-cancel"),
    path("my/summary/", worker.summary, name="my-summary"),
]
