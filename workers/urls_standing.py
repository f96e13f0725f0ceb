"""Addresses of watching, proposals, appeals and careers."""

from django.urls import path

from workers.views import me_standing, standing

urlpatterns = [
    path("people/watch/", standing.watched, name="watch"),
    path("people/watch/<int:pk>/lift/", standing.lift, name="watch-lift"),
    path("people/proposals/", standing.proposed, name="proposals"),
    path("people/proposals/<int:pk>/decide/", standing.decide, name="proposal-decide"),
    path("people/proposals/<int:pk>/outcome/", standing.conclude, name="proposal-outcome"),
    path("people/appeals/", standing.appeals, name="standing-appeals"),
    path("people/appeals/<int:pk>/decide/", standing.decide_appeal, name="standing-appeal-decide"),
    path("people/<int:pk>/standing/", standing.person, name="person-standing"),
    path("people/<int:pk>/reinstate/", standing.reinstate, name="person-reinstate"),
    path("my/me/standing/", me_standing.standing, name="me-standing"),
    path("my/me/watch/<int:pk>/appeal/", me_standing.appeal_watch, name="me-watch-appeal"),
    path("my/me/decisions/<int:pk>/appeal/", me_standing.appeal_decision, name="me-decision-appeal"),
    path("my/me/career/", me_standing.career, name="me-career"),
]
