"""The link under which an applicant goes on with the form, and later sees how far they are: no login."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staffing.core.errors import Conflict
from workers.models import Application, ApplicationDraft

SALT = "workers.application"


class LinkInvalid(Conflict):
    """The link is forged, or what it led to has been deleted. Answered as 404."""

    status = 404


def token_of(row: Application | ApplicationDraft) -> str:
    """The signed token of the link: 256 random bits under an HMAC; made anew each time, never stored."""
    return signing.dumps(row.nonce, salt=SALT)


def found(token: str) -> Application | ApplicationDraft:
    """What the link leads to. Raises `LinkInvalid`; a forged one costs an HMAC and no look into the database."""
    try:
        nonce = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise _invalid() from error
    rows = Application.objects.select_related("city", "partner", "merged_into", "interview")
    row = rows.filter(nonce=nonce, erased_at=None).first() or ApplicationDraft.objects.filter(nonce=nonce).first()
    if row is None:
        raise _invalid()
    return row


def _invalid() -> LinkInvalid:
    return LinkInvalid("link_invalid", _("链接无效，或资料已按约定删除。"))


def address_of(row: Application | ApplicationDraft) -> str:
    """The page behind the link, without the host."""
    return reverse("workers:apply-link", args=[token_of(row)])


def link_of(row: Application | ApplicationDraft) -> str:
    """The whole address, to be handed over."""
    return f"{settings.PUBLIC_URL}{address_of(row)}"
