"""The list of people as a file."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staffing.core import phones
from staffing.core.export import Column, Table


def _skills(worker: Any) -> str:
    return " · ".join(str(row) for row in worker.skills.all())


# Phone numbers stay masked, as on the page: a file travels.
PEOPLE = Table(
    pgettext_lazy("nav", "员工"),
    (
        Column(_("姓名"), lambda worker: worker.user.name),
        Column(_("手机号"), lambda worker: phones.mask(worker.user.phone)),
        Column(_("城市"), lambda worker: worker.city.name),
        Column(_("级别"), lambda worker: worker.get_level_display()),
        Column(_("合同"), lambda worker: worker.get_contract_display()),
        Column(_("技能"), _skills),
        Column(_("星级"), lambda worker: worker.stars),
        Column(_("到岗可靠度"), lambda worker: worker.reliability),
        Column(_("完成服务数"), lambda worker: worker.services_done),
        Column(_("状态"), lambda worker: worker.get_status_display()),
        Column(_("入职日期"), lambda worker: worker.joined_on),
    ),
)
