"""Training: the worker's own on the phone, the catalogue and the sessions at the desk, and a certificate's check."""

from django.urls import path

from workers.views import (
    training,
    training_bank,
    training_desk,
    training_people,
    training_sessions,
    training_tests,
    training_typing,
    verify,
)

MINE, DESK = "my/training", "people/training"

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
    path("people/<int:pk>/training/", training_people.part, name="person-training"),
    path("people/<int:pk>/training/assign/", training_people.assign, name="person-training-assign"),
    path(f"{DESK}/", training_desk.listing, name="training"),
    path(f"{DESK}/courses/new/", training_desk.new_course, name="training-course-new"),
    path(f"{DESK}/courses/<int:pk>/", training_desk.course, name="training-course"),
    path(f"{DESK}/courses/<int:pk>/edit/", training_desk.edit_course, name="training-course-edit"),
    path(f"{DESK}/courses/<int:pk>/preview/", training_desk.preview, name="training-preview"),
    path(f"{DESK}/courses/<int:pk>/quiz/", training_desk.course_quiz, name="training-quiz"),
    path(f"{DESK}/courses/<int:pk>/lessons/new/", training_desk.new_lesson, name="training-lesson-new"),
    path(f"{DESK}/courses/<int:pk>/sessions/new/", training_sessions.new, name="training-session-new"),
    path(f"{DESK}/lessons/<int:pk>/", training_desk.edit_lesson, name="training-lesson"),
    path(f"{DESK}/lessons/<int:pk>/move/", training_desk.move_lesson, name="training-lesson-move"),
    path(f"{DESK}/lessons/<int:pk>/remove/", training_desk.remove_lesson, name="training-lesson-remove"),
    path(f"{DESK}/quizzes/<int:pk>/", training_bank.bank, name="training-bank"),
    path(f"{DESK}/quizzes/<int:pk>/rules/", training_bank.rules, name="training-rules"),
    path(f"{DESK}/quizzes/<int:pk>/questions/new/", training_bank.new_question, name="training-question-new"),
    path(f"{DESK}/questions/<int:pk>/", training_bank.edit_question, name="training-question"),
    path(f"{DESK}/questions/<int:pk>/remove/", training_bank.remove_question, name="training-question-remove"),
    path(f"{DESK}/sessions/<int:pk>/", training_sessions.session, name="training-session"),
    path(f"{DESK}/sessions/<int:pk>/edit/", training_sessions.describe, name="training-session-edit"),
    path(f"{DESK}/sessions/<int:pk>/enrol/", training_sessions.enrol, name="training-session-enrol"),
    path(f"{DESK}/sessions/<int:pk>/leave/", training_sessions.leave, name="training-session-leave"),
    path(f"{DESK}/sessions/<int:pk>/hold/", training_sessions.hold, name="training-session-hold"),
    path(f"{DESK}/sessions/<int:pk>/cancel/", training_sessions.cancel, name="training-session-cancel"),
]
