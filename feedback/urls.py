"""Pages of the loop."""

from django.urls import path

from staffing.core.views.health import live

app_name = "feedback"
urlpatterns = [
    path("x-dashboard/", live, name="dashboard"),
    path("x-cases/", live, name="cases"),
    path("x-client-cases/", live, name="client-cases"),
    path("x-case/<int:pk>/", live, name="case"),
    path("x-client-case/<int:pk>/", live, name="client-case"),
    path("s/<str:token>/", live, name="survey"),
]
