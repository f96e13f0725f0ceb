"""The worker's own data: what is kept, and the way out."""

from django.urls import path

from workers.views import privacy

urlpatterns = [
    path("my/me/privacy/", privacy.privacy, name="me-privacy"),
    path("my/me/privacy/consent/", privacy.consent, name="me-privacy-consent"),
    path("my/me/privacy/download/", privacy.download, name="me-privacy-download"),
    path("my/me/privacy/close/", privacy.close, name="me-privacy-close"),
    path("my/me/privacy/close/confirm/", privacy.close_confirm, name="me-privacy-close-confirm"),
]
