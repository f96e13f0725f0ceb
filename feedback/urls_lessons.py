"""Addresses of what a repair changes for good."""

from django.urls import path

from feedback.views import client, desk, lessons, staff

urlpatterns = [
    path("cases/lessons/", lessons.lessons, name="lessons"),
    path("cases/fixes/", staff.unfinished, name="fixes"),
    path("cases/absences/", staff.absences, name="absences"),
    path("cases/<int:pk>/report/preview/", desk.report_preview, name="case-report-preview"),
    path("cases/<int:pk>/writebacks/", lessons.of_case, name="case-writebacks"),
    path("cases/<int:pk>/writebacks/new/", lessons.write_back, name="case-write-back"),
    path("writebacks/<int:pk>/revert/", lessons.take_back, name="writeback-revert"),
    path("credits/<int:pk>/decide/", lessons.decide, name="credit-decide"),
    path("training/<int:pk>/passed/", lessons.passed, name="training-passed"),
    path("fixes/<int:pk>/done/", staff.fix_done, name="fix-done"),
    path("absences/<int:pk>/back/", staff.back, name="absence-back"),
    path("my/cases/<int:pk>/answer/", client.answer_of_worker, name="my-case-answer"),
]
