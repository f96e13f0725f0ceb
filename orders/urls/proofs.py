"""Proof of service: punches with code, photo or words, photos, and the codes of places."""

from django.urls import path

from orders.views import photos, proofs, site_code
from orders.views.desk import proofs as desk

urlpatterns = [
    path("my/shifts/<int:pk>/elsewhere/", proofs.elsewhere, name="my-elsewhere"),
    path("my/shifts/<int:pk>/missed/", proofs.missed, name="my-missed"),
    path("my/shifts/<int:pk>/ready/", proofs.ready, name="my-ready"),
    path("my/shifts/<int:pk>/pulse/", proofs.pulse, name="my-pulse"),
    path("my/shifts/<int:pk>/photos/", proofs.shots, name="my-photos"),
    path("my/code/<int:pk>/<str:code>/", proofs.scanned, name="my-code"),
    path("my/consent/", proofs.consent, name="my-consent"),
    path("photos/<int:pk>/", photos.photo, {"small": False}, name="photo"),
    path("photos/<int:pk>/small/", photos.photo, {"small": True}, name="photo-small"),
    path("orders/<int:pk>/photos/", photos.of_order, name="order-photos"),
    path("sites/<int:pk>/code/", site_code.code, name="site-code"),
    path("sites/<int:pk>/code/link/", site_code.screen_link, name="site-code-link"),
    path("sites/<int:pk>/proof/", site_code.proof, name="site-proof"),
    path("kiosk/<str:token>/", site_code.kiosk, name="kiosk"),
    path("desk/proofs/", desk.waiting, name="desk-proofs"),
    path("desk/proofs/approve/", desk.approve, name="desk-proofs-approve"),
    path("desk/orders/<int:pk>/checklist/", desk.ready_list, name="desk-checklist"),
    path("desk/proofs/<int:pk>/refuse/", desk.refuse, name="desk-proof-refuse"),
]
