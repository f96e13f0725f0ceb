"""Pages about people."""

from django.urls import path

from staffing.core.views.health import live
from workers.views import people

app_name = "workers"
urlpatterns = [
    path("people/", people.people, name="list"),
    path("people/<int:pk>/", people.person, name="person"),
    path("x-me/", live, name="me"),
]
