"""The worker's pages."""

from django.urls import path

from orders.views import worker, worker_offers, worker_schedule

urlpatterns = [
    path("my/", worker.today, name="my-today"),
    path("my/offers/", worker_offers.offer_list, name="my-offers"),
    path("my/offers/<int:pk>/", worker_offers.offer, name="my-offer"),
    path("my/offers/<int:pk>/accept/", worker_offers.accept, name="my-offer-accept"),
    path("my/offers/<int:pk>/decline/", worker_offers.decline, name="my-offer-decline"),
    path("my/schedule/", worker_schedule.schedule, name="my-schedule"),
    path("my/shifts/<int:pk>/", worker_schedule.shift, name="my-shift"),
    path("my/shifts/<int:pk>/check-in/", worker.check_in, name="my-check-in"),
    path("my/shifts/<int:pk>/check-out/", worker.check_out, name="my-check-out"),
    path("my/shifts/<int:pk>/cancel/", worker_schedule.cancel, name="my-cancel"),
    path("my/summary/", worker_schedule.summary, name="my-summary"),
]
