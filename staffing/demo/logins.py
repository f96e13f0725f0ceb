"""The logins that a visitor of the demo uses, and the one password of all invented people."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from staffing.core.models import Role

# Known to everybody by design: the demo holds invented people only and is not installed in production.
PASSWORD = "lingke-demo"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Login:
    """A phone number, the person's name and what they are shown as."""

    phone: str
    name: str
    role: str
    label: object


CLIENT = Login("13900000001", "顾晓岚", Role.CLIENT, _("客户"))
DISPATCHER = Login("13900000002", "陆安然", Role.DISPATCHER, _("调度"))
WORKER = Login("13900000003", "林小满", Role.WORKER, _("兼职客服"))
MANAGER = Login("13900000004", "沈知远", Role.MANAGER, _("经理"))
ADMIN = Login("13900000009", "系统管理员", Role.MANAGER, _("后台管理"))
ALL = (CLIENT, DISPATCHER, WORKER, MANAGER, ADMIN)
