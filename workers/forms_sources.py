"""Forms of partners, their keys and addresses, and of files of applicants."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from staffing.core import webhooks
from staffing.core.errors import Invalid
from staffing.core.rendering import SegmentedRadio
from workers.import_columns import MEANINGS
from workers.models import ImportFile, Partner, PartnerFee, Scope, Worker


class PartnerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who sends applicants, and what that costs."""

    class Meta:
        model = Partner
        fields = ("name", "code", "kind", "contact", "cost_per_active", "is_active")
        help_texts: ClassVar[dict[str, Any]] = {"code": _("小写字母、数字和连字符，用在推荐链接里")}

    def clean_cost_per_active(self) -> Any:
        """Money is never negative."""
        amount = self.cleaned_data["cost_per_active"]
        if amount < 0:
            raise forms.ValidationError(_("金额不能为负。"))
        return amount


class KeyForm(forms.Form):
    """What a new key may do."""

    use = forms.ChoiceField(
        label=_("用途"),
        choices=[("live", _("正式")), ("sandbox", _("测试"))],
        initial="sandbox",
        widget=SegmentedRadio,
        help_text=_("测试密钥的应答与正式一样，但不会留下报名"),
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=Scope.choices, initial=Scope.values, widget=forms.CheckboxSelectMultiple
    )
    per_minute = forms.IntegerField(
        label=_("每分钟请求数"), required=False, min_value=1, max_value=6000, help_text=_("不填则按统一参数")
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class HookForm(forms.Form):
    """Where a partner is told of stages."""

    url = forms.CharField(label=_("接收地址"), max_length=500, widget=forms.URLInput(attrs={"placeholder": "https://"}))
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def clean_url(self) -> str:
        """Only addresses that we call."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            webhooks.checked(url)
        except (Invalid, ValueError) as error:
            raise forms.ValidationError(_("请填写 https:// 开头的完整地址，不含用户名和密码。")) from error
        return url


class FeeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Money that was paid."""

    class Meta:
        model = PartnerFee
        fields = ("paid_on", "amount", "note")
        widgets: ClassVar[dict[str, Any]] = {"paid_on": forms.DateInput}


class UploadForm(forms.Form):
    """A file of applicants, and where they come from."""

    file = forms.FileField(label=_("文件"), help_text=_("CSV 或 XLSX，第一行是表头"))
    source = forms.ChoiceField(label=_("来源"), choices=Worker.Source.choices)
    partner = forms.ModelChoiceField(label=_("渠道"), queryset=Partner.objects.none(), required=False)
    consent = forms.BooleanField(label=_("名单里的人都已同意我们联系"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["partner"]
        field.queryset = Partner.objects.filter(is_active=True)
        field.empty_label = _("无")


class MappingForm(forms.Form):
    """What each column of a file is; a field for each column, `column_0` and so on."""

    def __init__(self, file: ImportFile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("不导入")), *((name, what.label) for name, what in MEANINGS.items())]
        for at, head in enumerate(file.head):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=head or _("第 %(n)d 列") % {"n": at + 1},
                choices=choices,
                required=False,
                initial=file.mapping.get(str(at), ""),
            )

    def mapping(self) -> dict[str, str]:
        """Field by column number, of a valid form."""
        return {name.removeprefix("column_"): field for name, field in self.cleaned_data.items() if field}
