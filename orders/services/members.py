"""The people of a client company who may log in, their rights, and what the company says about itself."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Client, ClientMember
from staffing.core import audit, outbox
from staffing.core.actors import Actor
from staffing.core.channels import Text
from staffing.core.errors import Conflict, Invalid
from staffing.core.invitations import invitation
from staffing.core.models import Role, User


@dataclass(frozen=True, slots=True)
class Rights:
    """What a login may do besides looking: order (and change, cancel), accept hours, manage logins and the profile."""

    may_order: bool = False
    may_approve: bool = False
    may_manage: bool = False


def invite(client: Client, *, name: str, phone: str, email: str, rights: Rights, by: Actor, now: datetime) -> User:
    """A new login of the company, without a password: a link sets it once, which goes out by e-mail if one is given.

    Raises `Invalid` for a phone number that has a login already.
    """
    try:
        return _invite(client, name=name, phone=phone, email=email, rights=rights, by=by, now=now)
    except IntegrityError as taken:
        raise Invalid("phone_taken", gettext_lazy("此手机号已有账号，请换一个，或联系调度。")) from taken


@transaction.atomic
def _invite(client: Client, *, name: str, phone: str, email: str, rights: Rights, by: Actor, now: datetime) -> User:
    user = User.objects.create_user(phone, None, name=name, email=email, role=Role.CLIENT)
    member = ClientMember.objects.create(user=user, client=client, **asdict(rights))
    audit.record(member, "invite", by=by, now=now, data=asdict(rights))
    if email:
        outbox.publish("member.invite", {"id": user.pk}, key=f"{user.pk}:{now.isoformat()}", now=now)
    return user


def letter_to(user: User) -> Text:
    """The e-mail to somebody invited, in their language."""
    with translation.override(user.language):
        title = _("请设置您的登录密码")
        body = _(
            "%(name)s，您好：贵公司已为您开通账号，登录手机号 %(phone)s。请用下面的链接设置密码，链接只能使用一次。"
        )
        return Text(title, body % {"name": user.name, "phone": user.phone}, invitation(user))


@transaction.atomic
def set_rights(member_id: int, rights: Rights, *, by: Actor, now: datetime) -> ClientMember:
    """Change what a login may do. Raises `Conflict` if nobody could manage the company any more."""
    member = _locked(member_id)
    before = Rights(member.may_order, member.may_approve, member.may_manage)
    if before == rights:
        return member
    if not rights.may_manage:
        _not_the_last(member)
    member.may_order, member.may_approve, member.may_manage = rights.may_order, rights.may_approve, rights.may_manage
    member.save(update_fields=["may_order", "may_approve", "may_manage"])
    audit.record(member, "set_rights", by=by, now=now, data={"before": asdict(before), "after": asdict(rights)})
    return member


@transaction.atomic
def set_active(member_id: int, active: bool, *, by: Actor, now: datetime) -> ClientMember:
    """Let a login in again, or not any more (it is thrown out at once). Raises `Conflict` for the last manager."""
    member = _locked(member_id)
    if member.user.is_active == active:
        return member
    if not active:
        _not_the_last(member)
    member.user.is_active = active
    member.user.save(update_fields=["is_active"])
    audit.record(member, "activate" if active else "deactivate", by=by, now=now)
    return member


def _locked(member_id: int) -> ClientMember:
    """The member with the company's row locked: two managers cannot take each other's right away at once."""
    client = ClientMember.objects.values_list("client_id", flat=True).get(pk=member_id)
    Client.objects.select_for_update(no_key=True).get(pk=client)
    return ClientMember.objects.select_related("user").get(pk=member_id)


def _not_the_last(member: ClientMember) -> None:
    others = ClientMember.objects.filter(client=member.client_id, may_manage=True, user__is_active=True)
    if member.may_manage and member.user.is_active and not others.exclude(pk=member.pk).exists():
        raise Conflict("last_manager", gettext_lazy("贵公司至少要有一位可管理成员的账号。"))


@transaction.atomic
def describe(client_id: int, *, profile: str, briefing: str, contact_email: str, by: Actor, now: datetime) -> Client:
    """What the company tells the people who work for it (A9), and where its mail goes."""
    client = Client.objects.select_for_update(no_key=True).get(pk=client_id)
    given = {"profile": profile, "briefing": briefing, "contact_email": contact_email}
    before = {name: getattr(client, name) for name in given}
    if before == given:
        return client
    for name, value in given.items():
        setattr(client, name, value)
    client.save(update_fields=list(given))
    audit.record(client, "describe", by=by, now=now, data={"before": before})
    return client
