"""The list of applications as a file."""

from django.utils.translation import gettext_lazy as _

from staffing.core import phones
from staffing.core.export import Column, Table

# Phone numbers stay masked, as on the page: a file travels.
APPLICATIONS = Table(
    _("报名"),
    (
        Column(_("姓名"), lambda one: one.name),
        Column(_("手机号"), lambda one: phones.mask(one.phone) if one.phone else ""),
        Column(_("城市"), lambda one: one.city.name if one.city else ""),
        Column(_("来源"), lambda one: one.get_source_display()),
        Column(_("渠道"), lambda one: one.partner.name if one.partner else ""),
        Column(_("阶段"), lambda one: one.get_status_display()),
        Column(_("负责人"), lambda one: one.owner.name if one.owner else ""),
        Column(_("处理期限"), lambda one: one.due_at),
        Column(_("面试均分"), lambda one: one.score),
        Column(_("报名时间"), lambda one: one.created_at),
    ),
)
