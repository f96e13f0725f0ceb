"""Addresses of the loop: survey by link, cases for client and agency, the manager's figures."""

from django.urls import path

from feedback.views import client, dashboard, desk, survey

app_name = "feedback"
urlpatterns = [
    path("s/<str:token>/", survey.survey, name="survey"),
    path("client/cases/", client.cases, name="client-cases"),
    path("client/cases/<int:pk>/", client.case, name="client-case"),
    path("client/cases/<int:pk>/confirm/", client.confirm, name="client-case-confirm"),
    path("client/cases/<int:pk>/not-solved/", client.not_solved, name="client-case-not-solved"),
    path("cases/", desk.board, name="cases"),
    path("cases/<int:pk>/", desk.case, name="case"),
    path("cases/<int:pk>/take/", desk.take, name="case-take"),
    path("cases/<int:pk>/cause/", desk.find_cause, name="case-cause"),
    path("cases/<int:pk>/report/", desk.report, name="case-report"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/rows/", dashboard.rows_list, name="dashboard-rows"),
]
