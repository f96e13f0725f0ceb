"""Forms about a company's logins and what it says about itself."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from orders.models import Client, ClientMember
from orders.services.members import Rights
from staffing.core import phones

RIGHTS = ("may_order", "may_approve", "may_manage")


class RightsForm(forms.Form):
    """What a login may do; everybody may look."""

    may_order = forms.BooleanField(label=_("下单"), help_text=_("发布、修改和取消订单"), required=False)
    may_approve = forms.BooleanField(label=_("确认工时"), help_text=_("批准工时或提出异议"), required=False)
    may_manage = forms.BooleanField(label=_("管理"), help_text=_("邀请成员、设置权限、修改公司资料"), required=False)

    @classmethod
    def of(cls, member: ClientMember) -> "RightsForm":
        """The rights as they are."""
        return cls(initial={name: getattr(member, name) for name in RIGHTS})

    def rights(self) -> Rights:
        """As the service wants them; only after validation."""
        return Rights(**{name: self.cleaned_data[name] for name in RIGHTS})


class InviteForm(RightsForm):
    """Somebody new."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("手机号"), max_length=24, help_text=_("用于登录"), widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("邮箱"), required=False, help_text=_("填写后，设置密码的链接会发到这里。"))
    field_order = ("name", "phone", "email", *RIGHTS)

    def clean_phone(self) -> str:
        """An 11-digit mainland number, however it was typed."""
        try:
            return phones.normalise(self.cleaned_data["phone"])
        except phones.InvalidPhoneError as wrong:
            raise forms.ValidationError(_("请输入 11 位大陆手机号。"), code="phone") from wrong


class CompanyForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the people who are sent read, and where mail goes."""

    class Meta:
        model = Client
        fields = ("profile", "briefing", "contact_email")
        widgets = {"profile": forms.Textarea(attrs={"rows": 5}), "briefing": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "profile": _("公司文化、工作环境、交通与用餐等，收到派单的员工会看到。"),
            "briefing": _("着装、报到地点、联系人等上岗须知，收到派单的员工会看到。"),
            "contact_email": _("满意度调查等邮件发到这里。"),
        }


class ShunForm(forms.Form):
    """Why somebody is not to be sent again."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class MessageForm(forms.Form):
    """A word about an order."""

    body = forms.CharField(label=_("留言"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    form_key = forms.UUIDField(widget=forms.HiddenInput)


class JoinForm(SetPasswordForm):  # type: ignore[type-arg]
    """The first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label, self.fields["new_password2"].label = _("设置密码"), _("再输入一次")
