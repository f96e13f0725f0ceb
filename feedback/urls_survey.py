"""Addresses of the survey by link, of surveys at the desk, and of complaints."""

from django.urls import path

from feedback.views import complaints, complaints_own, pictures, survey, surveys

urlpatterns = [
    path("s/<str:token>/", survey.survey, name="survey"),
    path("s/<str:token>/logo/", survey.logo, name="survey-logo"),
    path("client/surveys/settings/", surveys.settings, name="client-survey-settings"),
    path("client/surveys/logo/", surveys.own_logo, name="client-logo"),
    path("client/surveys/<int:pk>/", survey.own, name="client-survey"),
    path("client/complaints/", complaints_own.of_client, name="client-complaints"),
    path("client/complaints/new/", complaints_own.client_new, name="client-complaint-new"),
    path("client/complaints/<int:pk>/", complaints_own.client_one, name="client-complaint"),
    path("my/complaints/", complaints_own.of_worker, name="my-complaints"),
    path("my/complaints/new/", complaints_own.worker_new, name="my-complaint-new"),
    path("complaints/", complaints.listed, name="complaints"),
    path("complaints/new/", complaints.entry, name="complaint-new"),
    path("complaints/export/", complaints.exported, name="complaints-export"),
    path("complaints/<int:pk>/", complaints.one, name="complaint"),
    path("complaints/<int:pk>/classify/", complaints.classify, name="complaint-classify"),
    path("complaints/<int:pk>/archive/", complaints.archive, name="complaint-archive"),
    path("surveys/", surveys.listed, name="surveys"),
    path("surveys/export/", surveys.exported, name="surveys-export"),
    path("surveys/<int:pk>/revoke/", surveys.revoke, name="survey-revoke"),
    path("reviews/photos/<int:pk>/", pictures.of_review, {"small": False}, name="review-photo"),
    path("reviews/photos/<int:pk>/small/", pictures.of_review, {"small": True}, name="review-photo-small"),
]
