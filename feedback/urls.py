"""Addresses of the loop: survey by link, cases for client and agency, the manager's figures."""

from django.urls import path

from feedback import urls_lessons, urls_reports, urls_survey
from feedback.views import client, dashboard, dashboard_behind, desk, export, stars

app_name = "feedback"
urlpatterns = [
    path("client/cases/", client.cases, name="client-cases"),
    path("client/cases/export/", export.client_cases, name="client-cases-export"),
    path("client/cases/waiting/", client.waiting, name="client-cases-waiting"),
    path("client/orders/<int:pk>/cases/", client.of_order, name="client-order-cases"),
    path("client/cases/<int:pk>/", client.case, name="client-case"),
    path("client/cases/<int:pk>/confirm/", client.confirm, name="client-case-confirm"),
    path("client/cases/<int:pk>/not-solved/", client.not_solved, name="client-case-not-solved"),
    path("cases/", desk.board, name="cases"),
    path("cases/due/", desk.due, name="cases-due"),
    path("cases/export/", export.board, name="cases-export"),
    path("cases/<int:pk>/", desk.case, name="case"),
    path("cases/<int:pk>/take/", desk.take, name="case-take"),
    path("cases/<int:pk>/cause/", desk.find_cause, name="case-cause"),
    path("cases/<int:pk>/report/", desk.report, name="case-report"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/splits/", dashboard.splits, name="dashboard-splits"),
    path("dashboard/people/", dashboard.of_people, name="dashboard-people"),
    path("dashboard/pictures/", dashboard.pictures, name="dashboard-pictures"),
    path("dashboard/rounds/", dashboard.rounds, name="dashboard-rounds"),
    path("dashboard/shifts/", dashboard_behind.shifts, name="dashboard-shifts"),
    path("dashboard/cohort/", dashboard_behind.cohort, name="dashboard-cohort"),
    path("dashboard/export/", dashboard.export_part, name="dashboard-export"),
    path("dashboard/rows/", dashboard.rows_list, name="dashboard-rows"),
    path("my/stars/", stars.mine, name="my-stars"),
    path("people/<int:pk>/stars/", stars.of_person, name="person-stars"),
    *urls_lessons.urlpatterns,
    *urls_reports.urlpatterns,
    *urls_survey.urlpatterns,
]
