"""What people fill in about revisits, insight and reports."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.forms import words
from feedback.models import Complaint, InsightGroup, InsightKind, ProductContact, RevisitCall
from feedback.services.complaints import Words
from feedback.services.insight import Noted
from feedback.services.revisits import Said
from staffing.core.rendering import SegmentedRadio

if TYPE_CHECKING:
    GroupBase = forms.ModelForm[InsightGroup]
    ContactBase = forms.ModelForm[ProductContact]
else:
    GroupBase = ContactBase = forms.ModelForm

NOTE_MAX = 300
PRODUCT_MAX = 40


class KeyedForm(forms.Form):
    """A form that is kept once however often it is sent."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid.uuid4())


class CallForm(KeyedForm):
    """What a call-back brought."""

    outcome = forms.ChoiceField(label=_("结果"), choices=RevisitCall.Outcome.choices, widget=SegmentedRadio)
    note = words(_("记录"), required=False, help_text=_("有问题或希望报价时必填。"))
    next_on = forms.DateField(
        label=_("下次回访"), required=False, widget=forms.DateInput, help_text=_("不填则按客户等级安排。")
    )
    complain = forms.BooleanField(label=_("登记为投诉并立案"), required=False)
    category = forms.ChoiceField(label=_("投诉类别"), choices=Complaint.Category.choices, required=False)
    severity = forms.TypedChoiceField(
        label=_("严重程度"), choices=Complaint.Severity.choices, coerce=int, required=False
    )

    def said(self) -> Said:
        """For the service. The form must be valid."""
        given = self.cleaned_data
        complaint = (
            Words(given["category"], given["severity"] or Complaint.Severity.LOW, given["note"])
            if given["complain"]
            else None
        )
        return Said(given["outcome"], given["key"], given["note"], given["next_on"], complaint)

    def clean(self) -> dict[str, Any]:
        """A complaint has an outcome that says so, and a category."""
        given = super().clean() or self.cleaned_data
        if given.get("complain") and given.get("outcome") != RevisitCall.Outcome.ISSUE:
            self.add_error("complain", _("结果为“有问题”时才能登记投诉。"))
        if given.get("complain") and not given.get("category"):
            self.add_error("category", _("请选择投诉类别。"))
        return given


class NoteForm(KeyedForm):
    """One thing that customers asked, needed or suggested."""

    kind = forms.ChoiceField(label=_("类型"), choices=InsightKind.choices, widget=SegmentedRadio)
    text = forms.CharField(
        label=_("内容"), max_length=NOTE_MAX, widget=forms.Textarea(attrs={"rows": 2, "maxlength": NOTE_MAX})
    )
    count = forms.IntegerField(label=_("大约几次"), min_value=1, max_value=999, initial=1)
    product = forms.CharField(label=_("产品"), max_length=PRODUCT_MAX, required=False)

    def __init__(self, *args: Any, products: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products = products
        if products:
            self.fields["product"].widget.attrs["list"] = "insight-products"

    def noted(self) -> Noted:
        """For the service. The form must be valid."""
        return Noted(**self.cleaned_data)


class GroupForm(GroupBase):
    """A group's words."""

    class Meta:
        model = InsightGroup
        fields = ("title", "product")


class ContactForm(ContactBase):
    """To whom the insight goes."""

    class Meta:
        model = ProductContact
        fields = ("email", "language")
        help_texts = {"email": _("每周的一线洞察发到这里，不含服务人员姓名。")}  # noqa: RUF012


class ChoiceForm(forms.Form):
    """Which reports a person wants."""

    daily = forms.BooleanField(label=_("每天早上收到前一天的日报"), required=False)
    weekly = forms.BooleanField(label=_("每周一收到变化最大的指标"), required=False)
