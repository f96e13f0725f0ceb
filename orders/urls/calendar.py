"""A worker's calendar."""

from django.urls import path

from orders.views import calendar

urlpatterns = [
    path("calendar/<str:token>.ics", calendar.feed, name="calendar"),
    path("my/shifts/<int:pk>/calendar.ics", calendar.event, name="my-shift-calendar"),
    path("my/calendar/", calendar.settings_page, name="my-calendar"),
    path("my/calendar/renew/", calendar.renew, name="my-calendar-renew"),
    path("my/calendar/revoke/", calendar.revoke, name="my-calendar-revoke"),
]
