"""Training: the worker's own on the phone, the catalogue and the sessions at the desk, and a certificate's check."""

from django.urls import path

from workers.views import training, training_tests, training_typing, verify

MINE = "my/training"

urlpatterns = [
    path(f"{MINE}/", training.mine, name="my-training"),
    path(f"{MINE}/open/", training.part, name="my-training-open"),
    path(f"{MINE}/courses/<int:pk>/", training.course, name="my-course"),
    path(f"{MINE}/lessons/<int:pk>/", training.lesson, name="my-lesson"),
    path(f"{MINE}/sessions/<int:pk>/enrol/", training.enrol, name="my-session-enrol"),
    path(f"{MINE}/sessions/<int:pk>/leave/", training.leave, name="my-session-leave"),
    path(f"{MINE}/certificates/<int:pk>/", training.certificate, name="my-certificate"),
    path(f"{MINE}/quizzes/<int:pk>/", training_tests.intro, name="my-quiz"),
    path(f"{MINE}/attempts/<int:pk>/", training_tests.attempt, name="my-attempt"),
    path(f"{MINE}/attempts/<int:pk>/answer/", training_tests.answer, name="my-attempt-answer"),
    path(f"{MINE}/attempts/<int:pk>/finish/", training_tests.finish, name="my-attempt-finish"),
    path(f"{MINE}/typing/", training_typing.intro, name="my-typing"),
    path(f"{MINE}/typing/<int:pk>/", training_typing.attempt, name="my-typing-attempt"),
    path("verify/<str:code>/", verify.certificate, name="certificate-verify"),
]
