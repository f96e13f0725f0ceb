"""The worker's pages."""

from django.urls import path

from orders.views import (
    worker,
    worker_figures,
    worker_limits,
    worker_offers,
    worker_open,
    worker_schedule,
    worker_swaps,
)

urlpatterns = [
    path("my/", worker.today, name="my-today"),
    path("my/offers/", worker_offers.offer_list, name="my-offers"),
    path("my/offers/<int:pk>/", worker_offers.offer, name="my-offer"),
    path("my/offers/<int:pk>/accept/", worker_offers.accept, name="my-offer-accept"),
    path("my/offers/<int:pk>/decline/", worker_offers.decline, name="my-offer-decline"),
    path("my/schedule/", worker_schedule.schedule, name="my-schedule"),
    path("my/schedule/month/", worker_schedule.month, name="my-month"),
    path("my/shifts/<int:pk>/", worker_schedule.shift, name="my-shift"),
    path("my/shifts/<int:pk>/check-in/", worker.check_in, name="my-check-in"),
    path("my/shifts/<int:pk>/check-out/", worker.check_out, name="my-check-out"),
    path("my/shifts/<int:pk>/cancel/", worker_schedule.cancel, name="my-cancel"),
    path("my/summary/", worker_schedule.summary, name="my-summary"),
    path("my/open/", worker_open.open_list, name="my-open"),
    path("my/open/<int:pk>/claim/", worker_open.claim, name="my-claim"),
    path("my/shifts/<int:pk>/undo/", worker_open.undo, name="my-undo"),
    path("my/shifts/<int:pk>/swap/", worker_swaps.swap, name="my-swap"),
    path("my/swaps/<int:pk>/", worker_swaps.request_page, name="my-swap-request"),
    path("my/swaps/<int:pk>/take/", worker_swaps.take, name="my-swap-take"),
    path("my/swaps/<int:pk>/back-out/", worker_swaps.back_out, name="my-swap-back-out"),
    path("my/swaps/<int:pk>/withdraw/", worker_swaps.withdraw, name="my-swap-withdraw"),
    path("my/limits/", worker_limits.limits, name="my-limits"),
    path("my/figures/", worker_figures.figures, name="my-figures"),
    path("my/shifts/<int:pk>/appeal/", worker_figures.appeal, name="my-appeal"),
]
