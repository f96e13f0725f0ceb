"""Papers, background checks, and what is kept encrypted: the worker's own, and the desk's."""

from django.urls import path

from workers.models import VaultEntry
from workers.views import checks, my_papers, papers

Kind = VaultEntry.Kind
urlpatterns = [
    path("my/papers/", my_papers.mine, name="my-papers"),
    path("my/papers/new/", my_papers.new, name="my-paper-new"),
    path("my/papers/send/", my_papers.send, name="my-paper-send"),
    path("my/papers/<int:pk>/withdraw/", my_papers.withdraw, name="my-paper-withdraw"),
    path("my/me/numbers/", my_papers.secrets, name="my-secrets"),
    path("my/me/numbers/identity/", my_papers.secret, {"kind": Kind.IDENTITY}, name="my-identity"),
    path("my/me/numbers/bank/", my_papers.secret, {"kind": Kind.BANK}, name="my-bank"),
    path("papers/<int:pk>/image/", papers.image, {"small": False}, name="paper-image"),
    path("papers/<int:pk>/small/", papers.image, {"small": True}, name="paper-small"),
    path("desk/papers/", papers.queue, name="papers"),
    path("desk/papers/ending/", papers.ending, name="papers-ending"),
    path("desk/papers/<int:pk>/", papers.paper, name="paper"),
    path("desk/papers/<int:pk>/refuse/", papers.refuse, name="paper-refuse"),
    path("desk/checks/", checks.listing, name="checks"),
    path("desk/checks/<int:pk>/", checks.check, name="check"),
    path("desk/checks/<int:pk>/approve/", checks.approve, name="check-approve"),
    path("desk/checks/<int:pk>/close/", checks.close, name="check-close"),
    path("desk/checks/<int:pk>/image/", checks.image, name="check-image"),
    path("people/<int:pk>/papers/", checks.part, name="person-papers"),
    path("people/<int:pk>/checks/new/", checks.request_, name="check-new"),
    path("people/<int:pk>/identity/", checks.reveal, {"kind": Kind.IDENTITY}, name="reveal-identity"),
    path("people/<int:pk>/bank/", checks.reveal, {"kind": Kind.BANK}, name="reveal-bank"),
]
