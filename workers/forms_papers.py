"""Forms of papers, background checks and the vault. They hold what was typed; the rules are the services'."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from staffing.core.rendering import SegmentedRadio
from workers.models import CertificateType, Clearance, Course, Document, Language, Skill
from workers.services.papers import Claim, Finding

ACCEPTED = "image/jpeg,image/png,image/webp"
CATALOGUES: dict[str, type[CertificateType] | type[Skill] | type[Language] | type[Course]] = {
    "certificate": CertificateType,
    "skill": Skill,
    "language": Language,
    "course": Course,
}


def _image(label: Any, *, required: bool) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=required,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("JPEG、PNG 或 WebP，最大 10 MB。拍摄位置等信息会被删除。"),
    )


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput, help_text=help_text)


class ChooseForm(forms.Form):
    """What the picture is to prove: everything of the catalogue that a paper can prove, in groups."""

    about = forms.ChoiceField(label=_("证明什么"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *_groups()]


def _groups() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Four queries."""
    skills = list(Skill.objects.filter(is_active=True).order_by("kind", "code"))
    learned = {kind: [row for row in skills if row.kind == kind] for kind in Skill.Kind.values}
    groups: list[tuple[Any, str, list[Any]]] = [
        (_("证书"), "certificate", list(CertificateType.objects.filter(is_active=True).order_by("code"))),
        *((Skill.Kind(kind).label, "skill", rows) for kind, rows in learned.items()),
        (_("语言"), "language", list(Language.objects.filter(is_active=True).order_by("code"))),
        (_("外部培训"), "course", list(Course.objects.filter(is_active=True).order_by("code"))),
    ]
    return [(label, [(f"{kind}-{row.pk}", row.name) for row in rows]) for label, kind, rows in groups if rows]


def subject_of(text: str) -> tuple[str, Model] | None:
    """Kind and row of the catalogue that a choice names; None for anything else."""
    kind, _dash, number = text.partition("-")
    if kind not in CATALOGUES or not number.isdecimal() or len(number) > 18:
        return None
    row = CATALOGUES[kind].objects.filter(pk=int(number), is_active=True).first()
    return None if row is None else (kind, row)


class SendForm(forms.Form):
    """The picture, the level that it proves, and what else is to be said."""

    level = forms.TypedChoiceField(label=_("等级"), coerce=int, required=True)
    photo = _image(_("照片或扫描件"), required=True)
    remark = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("请不要写身份证号或银行卡号。"),
    )

    def __init__(self, kind: str, subject: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.subject = kind, subject
        _level_field(self, subject)

    def claim(self) -> Claim:
        """What was claimed."""
        return Claim(self.kind, self.subject, self.cleaned_data.get("level"))


def _level_field(form: forms.Form, subject: Any) -> None:
    """The levels of a scale; without a scale no such field."""
    if not isinstance(subject, Skill | Language):
        del form.fields["level"]
        return
    field = form.fields["level"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "—"), *((level, subject.grade(level)) for level in range(1, subject.most_level + 1))]


class AcceptForm(forms.Form):
    """What the reviewer reads from the picture."""

    level = forms.TypedChoiceField(label=_("等级"), coerce=int, required=True)
    passed_on = _day(_("通过日期"), required=True)
    issuer = forms.CharField(label=_("发证机构"), max_length=80, required=False)
    number = forms.CharField(
        label=_("证书编号"), max_length=60, required=False, help_text=_("与身份证号相同的编号请留空。")
    )
    valid_until = _day(_("有效期至"), _("长期有效请留空。"))

    def __init__(self, row: Document, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _level_field(self, row.subject)
        if row.kind != "course":
            del self.fields["passed_on"]
        else:
            del self.fields["number"]
        first = next(iter(self.fields.values()))
        first.widget.attrs["autofocus"] = True

    def finding(self) -> Finding:
        """What was read."""
        return Finding(**self.cleaned_data)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class CheckForm(forms.Form):
    """A background check that is asked for."""

    level = forms.TypedChoiceField(
        label=_("级别"),
        coerce=int,
        choices=[choice for choice in Clearance.choices if choice[0] != Clearance.NONE],
        initial=Clearance.STANDARD.value,
        widget=SegmentedRadio,
        help_text=_("高信任背调须由两位同事先后审核。"),
    )
    source = forms.CharField(
        label=_("核查依据"), max_length=120, help_text=_("如：无犯罪记录证明、前雇主核实、第三方背调报告。")
    )
    valid_until = _day(_("有效期至"), required=True)
    photo = _image(_("证明文件"), required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SecretForm(forms.Form):
    """A number that is kept encrypted. What was typed wrongly stays in the field, and nowhere else."""

    number = forms.CharField(max_length=40)

    def __init__(self, label: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label = label
        self.fields["number"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "inputmode": "text",
        }
