"""The first password of a new login: set once, behind a signed link."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staffing.core import audit
from staffing.core.actors import Actor
from staffing.core.errors import Conflict
from staffing.core.models import User

BETWEEN = "."


def invitation(user: User) -> str:
    """The address at which the person sets their password: signed, for one use, for as long as the settings say."""
    return reverse("orders:join", args=[f"{user.pk}{BETWEEN}{default_token_generator.make_token(user)}"])


def link_of(user: User) -> str:
    """The whole address of the invitation, to be handed over by hand."""
    return f"{settings.PUBLIC_URL}{invitation(user)}"


def invited(token: str) -> User | None:
    """Whose invitation this is; None if it is not one, has been used, or is too old."""
    pk, _dot, signed = token.partition(BETWEEN)
    user = User.objects.filter(pk=int(pk), is_active=True).first() if pk.isdecimal() and len(pk) < 19 else None
    return user if user is not None and default_token_generator.check_token(user, signed) else None


@transaction.atomic
def set_password(token: str, password: str, *, now: datetime) -> User:
    """Use an invitation up. Raises `Conflict` if it cannot be used (any more)."""
    found = invited(token)
    user = User.objects.select_for_update(no_key=True).get(pk=found.pk) if found else None
    if user is None or not default_token_generator.check_token(user, token.partition(BETWEEN)[2]):
        raise Conflict("link_used", _("链接已使用或已过期，请联系给您链接的人重新发送。"))
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(user, "set_password", by=Actor(user, user.role), now=now)
    return user
