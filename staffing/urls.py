"""Addresses of the product."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from staffing.core.views import health, inbox, login, preferences, pwa, search

urlpatterns: list[URLPattern | URLResolver] = [
    path("", login.home, name="home"),
    path("login/", login.login, name="login"),
    path("logout/", login.logout, name="logout"),
    path("language/", preferences.set_language, name="set_language"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read"),
    path("inbox/<int:pk>/", inbox.follow, name="inbox-follow"),
    path("search/", search.search, name="search"),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service-worker"),
    path("offline/", pwa.offline, name="offline"),
    path("my/token/", pwa.ticket, name="ticket"),
    path("admin/", admin.site.urls),
    path("", include("orders.urls")),
    path("", include("workers.urls")),
    path("", include("feedback.urls")),
    path("api/", include("staffing.api_urls")),
]

handler500 = "staffing.core.middleware.server_error"

if not settings.IS_PRODUCTION:
    from staffing.core import gallery

    urlpatterns.append(path("dev/components/", gallery.gallery, name="gallery"))
