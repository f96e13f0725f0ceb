"""What each source of applicants brings."""

from django.urls import path

from orders.views.desk import sources

urlpatterns = [
    path("sources/report/", sources.report, name="source-report"),
    path("sources/report/rows/", sources.rows, name="source-rows"),
    path("sources/report/export/", sources.download, name="source-report-export"),
]
