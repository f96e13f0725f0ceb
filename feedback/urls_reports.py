"""Addresses of revisits, insight and reports; part of `feedback.urls`."""

from django.urls import path

from feedback.views import insight, reports, revisits

urlpatterns = [
    path("revisits/", revisits.board, name="revisits"),
    path("revisits/overdue/", revisits.overdue, name="revisits-overdue"),
    path("revisits/clients/<int:pk>/", revisits.of_client, name="revisits-client"),
    path("revisits/<int:pk>/", revisits.revisit, name="revisit"),
    path("insight/", insight.clients, name="insight"),
    path("insight/clients/<int:pk>/", insight.client, name="insight-client"),
    path("insight/clients/<int:pk>/merge/", insight.merge, name="insight-merge"),
    path("insight/clients/<int:pk>/send/", insight.send, name="insight-send"),
    path("insight/groups/<int:pk>/", insight.group, name="insight-group"),
    path("my/shifts/<int:pk>/insight/", insight.note, name="my-insight"),
    path("client/reports/", reports.of_client, name="client-reports"),
    path("client/reports/choice/", reports.client_choice, name="client-report-choice"),
    path("client/reports/contact/", reports.contact, name="client-product-contact"),
    path("client/reports/<int:pk>/", reports.client_daily, name="client-report"),
    path("client/insight/<int:pk>/", reports.client_insight, name="client-insight"),
    path("reports/", reports.house, name="reports"),
    path("reports/choice/", reports.house_choice, name="report-choice"),
    path("reports/<int:pk>/", reports.daily, name="daily-report"),
    path("reports/weekly/<int:pk>/", reports.weekly, name="weekly-report"),
]
