"""Applying, and the desk's pages about applications."""

from django.urls import path

from workers.views import application_merge as merge
from workers.views import applications, apply

urlpatterns = [
    path("apply/", apply.start, name="apply"),
    path("apply/<str:token>/", apply.link, name="apply-link"),
    path("apply/<str:token>/save/", apply.save, name="apply-save"),
    path("apply/<str:token>/withdraw/", apply.withdraw, name="apply-withdraw"),
    path("apply/<str:token>/data/", apply.data, name="apply-data"),
    path("applications/", applications.board, name="applications"),
    path("applications/export/", applications.exported, name="applications-export"),
    path("applications/<int:pk>/", applications.one, name="application"),
    path("applications/<int:pk>/take/", applications.take, name="application-take"),
    path("applications/<int:pk>/move/", applications.move, name="application-move"),
    path("applications/<int:pk>/reopen/", applications.reopen, name="application-reopen"),
    path("applications/<int:pk>/reject/", applications.reject, name="application-reject"),
    path("applications/<int:pk>/interview/", applications.interview, name="application-interview"),
    path("applications/<int:pk>/scores/", applications.scores, name="application-scores"),
    path("applications/<int:pk>/activate/", applications.activate, name="application-activate"),
    path("applications/<int:pk>/invitation/", applications.invitation, name="application-invitation"),
    path("applications/<int:pk>/compare/", merge.compare, name="application-compare"),
    path("applications/<int:pk>/apart/", merge.apart, name="application-apart"),
]
