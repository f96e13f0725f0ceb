"""What the core keeps about a person: the login, notices, and the traces of the machinery."""

from collections.abc import Mapping, Sequence
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.utils.translation import gettext_lazy as _
from rest_framework.authtoken.models import Token

from staffing.core import forgetting
from staffing.core.models import AuditEvent, IdempotencyRecord, Notification, User
from staffing.core.personal import Closing, Holder, Stored, register


def stored() -> Sequence[Stored]:
    """Login and notices."""
    return [
        Stored(_("姓名、手机号、邮箱、语言"), _("登录，以及让客户和调度联系到您"), _("直到注销账号")),
        Stored(_("站内消息"), _("告诉您派单、班次和工时的变化"), _("直到注销账号")),
        Stored(
            _("操作记录：谁在什么时候做了什么"), _("核对工时、处理争议，法律要求保存"), _("长期保存，注销后不再带姓名")
        ),
    ]


def tables(user: User) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The login without its password, and the inbox."""
    account = User.objects.filter(pk=user.pk).values("name", "phone", "email", "language", "date_joined", "last_login")
    notices = Notification.objects.filter(user=user).values("kind", "data", "created_at", "read_at")
    return {"account": list(account), "notices": list(notices)}


def erase(closing: Closing) -> None:
    """Nobody can log in as this person any more, and nothing says who they were."""
    user = closing.user
    forgetting.in_outbox(closing)
    forgetting.in_audit(AuditEvent.objects.filter(actor=user), closing)
    for attempts in (AccessAttempt, AccessFailureLog, AccessLog):
        attempts.objects.filter(username=user.phone).delete()
    Token.objects.filter(user=user).delete()
    IdempotencyRecord.objects.filter(user=user).delete()
    Notification.objects.filter(user=user).delete()
    user.name, user.email = closing.name, ""
    # Not a number anybody has: a mainland mobile begins with 1.
    user.phone = f"0{user.pk:010d}"
    user.is_active, user.last_login = False, None
    # A password that nobody has also ends every session.
    user.set_unusable_password()
    user.save()


register(Holder(app="core", stored=stored, tables=tables, erase=erase))
