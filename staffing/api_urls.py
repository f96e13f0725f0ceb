"""Addresses of the API."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from feedback.api.complaints import ComplaintViewSet
from feedback.api.views import CaseViewSet, ReviewViewSet
from orders.api.booking_views import AssignmentViewSet, OfferViewSet, TimesheetViewSet
from orders.api.views import OrderViewSet
from staffing.core.api.docs import DocsView, NotFoundView, SchemaView
from staffing.core.api.tokens import TokenView
from workers.api.applications import ApplicationsView, ApplicationView, BareApplicationsView
from workers.api.views import WorkerViewSet

router = SimpleRouter()
router.register("orders", OrderViewSet, "order")
router.register("workers", WorkerViewSet, "worker")
router.register("assignments", AssignmentViewSet, "assignment")
router.register("offers", OfferViewSet, "offer")
router.register("timesheets", TimesheetViewSet, "timesheet")
router.register("reviews", ReviewViewSet, "review")
router.register("cases", CaseViewSet, "case")
router.register("complaints", ComplaintViewSet, "complaint")

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/token/", TokenView.as_view(), name="token"),
    path("v1/applications", BareApplicationsView.as_view(), name="applications-bare"),
    path("v1/applications/", ApplicationsView.as_view(), name="applications"),
    path("v1/applications/<int:pk>/", ApplicationView.as_view(), name="application"),
    path("v1/", include(router.urls)),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path("", NotFoundView.as_view(), name="not-found"),
]
