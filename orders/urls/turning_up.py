"""Before and at the start of a shift: the worker's word, the bench, the dispatcher's calls."""

from django.urls import path

from orders.views import worker_turning_up
from orders.views.desk import bench, calls

urlpatterns = [
    path("my/shifts/<int:pk>/confirm/", worker_turning_up.confirm, name="my-confirm"),
    path("my/shifts/<int:pk>/set-out/", worker_turning_up.set_out, name="my-set-out"),
    path("desk/assignments/<int:pk>/call/", calls.call, name="desk-call"),
    path("desk/bench/", bench.page, name="desk-bench"),
    path("desk/bench/<int:pk>/release/", bench.release, name="desk-bench-release"),
    path("my/bench/", worker_turning_up.bench_list, name="my-bench"),
    path("my/bench/<int:pk>/accept/", worker_turning_up.bench_accept, name="my-bench-accept"),
    path("my/bench/<int:pk>/decline/", worker_turning_up.bench_decline, name="my-bench-decline"),
]
