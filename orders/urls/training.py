"""Addresses of the demand for training."""

from django.urls import path

from orders.views.desk import training

urlpatterns = [
    path("desk/training/", training.demand, name="desk-training"),
    path("desk/training/courses/<int:pk>/", training.course, name="desk-training-course"),
]
