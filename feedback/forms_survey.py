"""What a client fills in about a service, and how the client wants to be asked."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from feedback.forms import YES_NO, YES_NO_UNSURE, stars, words
from feedback.models import Survey
from feedback.services import surveys
from feedback.services.surveys import Answers
from staffing.core import photos, webhooks
from staffing.core.errors import Invalid
from staffing.core.rendering import SegmentedRadio

ACCEPTED = "image/jpeg,image/png,image/webp"
DIMENSIONS = ("overall", "attendance", "skill_match", "attitude")


def photo_field(label: Any, **options: Any) -> forms.FileField:
    """A picture; what it really is, is judged by its content (`clean_photo`)."""
    return forms.FileField(
        label=label,
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("JPEG、PNG 或 WebP，最大 10 MB。拍摄位置等信息会被删除。"),
        **options,
    )


class PhotoMixin(forms.Form):
    """A form with one picture, drawn anew: `safe`, None if there is none."""

    safe: photos.Safe | None = None

    def clean_photo(self) -> Any:
        """Draw it anew, or say what is wrong with it."""
        given = self.cleaned_data.get("photo")
        if given:
            try:
                self.safe = photos.clean(given)
            except Invalid as wrong:
                raise forms.ValidationError(str(wrong)) from wrong
        return given


class SurveyForm(PhotoMixin):
    """Four taps suffice: overall and three dimensions; the rest may stay open. Filled with an answer to be changed."""

    overall = stars(_("总体满意度"))
    attendance = stars(_("到岗情况"))
    skill_match = stars(_("技能匹配"))
    attitude = stars(_("服务态度"))
    solved = forms.ChoiceField(label=_("您的问题解决了吗？"), choices=YES_NO, initial="yes", widget=SegmentedRadio)
    order_again = forms.ChoiceField(
        label=_("您愿意再次下单吗？"), choices=YES_NO_UNSURE, initial="", required=False, widget=SegmentedRadio
    )
    comment = words(_("还有什么想告诉我们？"), required=False)
    photo = photo_field(_("照片（可不传）"))

    def __init__(self, data: Any = None, files: Any = None, *, survey: Survey) -> None:
        super().__init__(data, files, initial=_initial(survey))
        self.editing = survey.answered_at is not None
        self.served = {f"worker_{work.pk}": work for work in surveys.served(survey.order, survey.period)}
        for name, work in self.served.items():
            self.fields[name] = stars(work.worker.user.name, required=False)

    @property
    def first(self) -> BoundField:
        """The one question that all begins with."""
        return self["overall"]

    @property
    def dimensions(self) -> list[BoundField]:
        """The three that must be answered besides."""
        return [self[name] for name in DIMENSIONS[1:]]

    @property
    def people(self) -> list[BoundField]:
        """One question for each person who served."""
        return [self[name] for name in self.served]

    def answers(self) -> Answers:
        """What was said, for the service. The form must be valid."""
        given = self.cleaned_data
        ratings = {work.pk: given[name] for name, work in self.served.items() if given[name]}
        again = {"yes": True, "no": False}.get(given["order_again"])
        figures = {name: given[name] for name in (*DIMENSIONS, "comment")}
        return Answers(**figures, solved=given["solved"] == "yes", order_again=again, ratings=ratings)


def _initial(survey: Survey) -> dict[str, Any]:
    """The answer as the form shows it; nothing before there is one."""
    if survey.answered_at is None:
        return {}
    said = surveys.said(survey.review)
    again = {True: "yes", False: "no", None: ""}[said["order_again"]]
    people = {f"worker_{work}": stars for work, stars in said["ratings"].items()}
    return said | people | {"solved": "yes" if said["solved"] else "no", "order_again": again}


class ChannelForm(PhotoMixin):
    """Where the client's machines listen, and its logo."""

    url = forms.URLField(
        label=_("接收地址（Webhook）"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("每份调查发出时，我们会向这个地址发送带签名的 JSON。不填则不发送。"),
    )
    photo = photo_field(_("公司标志"))
    without_logo = forms.BooleanField(label=_("删除现有标志"), required=False)
    new_secret = forms.BooleanField(label=_("更换签名密钥"), required=False)

    def clean_url(self) -> str:
        """Only addresses that we would call."""
        url = str(self.cleaned_data["url"])
        if url:
            try:
                webhooks.checked(url)
            except Invalid as wrong:
                raise forms.ValidationError(str(wrong)) from wrong
        return url
