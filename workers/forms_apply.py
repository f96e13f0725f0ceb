"""The applicant's form, three short steps on a phone; what was typed is kept as it was typed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staffing.core import phones
from staffing.core.models import City
from staffing.core.rendering import SegmentedRadio
from workers.answers import MOST_TEXT, MOST_WPM, Window, printable
from workers.forms import WEEKDAYS
from workers.models import ApplicationDraft, Language, Skill, Worker
from workers.services.applications import ApplicationSpec

Typed = Mapping[str, Sequence[str]]
# Times of day that are offered: minutes from midnight.
PARTS: Final[Mapping[str, tuple[Any, int, int]]] = {
    "day": (_("白天 9:00–18:00"), 540, 1080),
    "evening": (_("晚上 18:00–22:00"), 1080, 1320),
    "night": (_("夜间 22:00–次日 6:00"), 1320, 1800),
}
# What "some" and "well" mean on a scale of five.
LEVELS: Final = (("", _("不会")), ("2", _("会一些")), ("4", _("熟练")))
CAME: Final = (
    (Worker.Source.STUDENT, _("在校学生")),
    (Worker.Source.TRAINING, _("培训机构学员")),
    (Worker.Source.CAREER, _("在职或转行")),
    (Worker.Source.DIRECT, _("其他")),
)
ASKED_ABILITIES: Final = (Skill.Kind.ABILITY, Skill.Kind.SOFTWARE, Skill.Kind.PRODUCT)
SCALES: Final = (Skill.Kind.EDUCATION, Skill.Kind.MANDARIN)


class Step(forms.Form):
    """One screen of the form. Texts hold no control characters."""

    def clean(self) -> dict[str, Any]:
        """Refuse what no database or page can hold."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str) and not printable(value):
                self.add_error(name, _("含有不能保存的字符。"))
        return cleaned


class ContactStep(Step):
    """Who it is, where, and the consent without which nothing is kept."""

    name = forms.CharField(
        label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("请与身份证一致。"),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("手机号"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "maxlength": 24}),
    )
    email = forms.EmailField(
        label=_("邮箱"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("填写后，每一步都会写信告诉您。"),
    )  # fmt: skip
    city = forms.ModelChoiceField(City.objects.order_by("tier", "id"), label=_("所在城市"), empty_label=_("请选择"))
    came = forms.ChoiceField(label=_("您现在是"), choices=CAME, widget=SegmentedRadio)
    consent = forms.BooleanField(
        label=_("我已阅读并同意下面的个人信息说明"), error_messages={"required": _("请阅读并同意后再继续。")}
    )

    def clean_phone(self) -> str:
        """An 11-digit mainland number, however it was typed."""
        try:
            return phones.normalise(self.cleaned_data["phone"])
        except phones.InvalidPhoneError as wrong:
            raise forms.ValidationError(_("请输入 11 位大陆手机号。"), code="phone") from wrong


class AbilityStep(Step):
    """What one can do, as one says oneself; nothing is required."""

    major = forms.CharField(label=_("专业"), max_length=MOST_TEXT["major"], required=False)
    typing_wpm = forms.IntegerField(
        label=_("打字速度（字/分钟）"), min_value=1, max_value=MOST_WPM, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}), help_text=_("不清楚可以不填，之后有在线测试。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.skills = list(Skill.objects.filter(is_active=True))
        self.spoken = list(Language.objects.filter(is_active=True))
        scales, abilities = self._of(*SCALES), self._of(*ASKED_ABILITIES)
        self.fields |= {f"skill_{row.code}": _scale(row.name, row.choices()) for row in scales}
        for row in self._of(Skill.Kind.MANDARIN):
            self.fields[f"skill_{row.code}"].help_text = _("按普通话水平测试证书填写，没有可以不填。")
        self.fields |= {f"language_{row.code}": _three(row.name) for row in self.spoken}
        self.fields |= {f"skill_{row.code}": _three(row.name) for row in abilities}

    def _of(self, *kinds: str) -> list[Skill]:
        return [row for row in self.skills if row.kind in kinds]

    @property
    def plain(self) -> list[forms.BoundField]:
        """Education, Mandarin, typing."""
        scales = {kind: [f"skill_{row.code}" for row in self._of(kind)] for kind in SCALES}
        names = [*scales[Skill.Kind.EDUCATION], "major", *scales[Skill.Kind.MANDARIN], "typing_wpm"]
        return [self[name] for name in names]

    @property
    def languages(self) -> list[forms.BoundField]:
        """One row a language."""
        return [self[f"language_{row.code}"] for row in self.spoken]

    @property
    def abilities(self) -> list[forms.BoundField]:
        """One row a skill."""
        return [self[f"skill_{row.code}"] for row in self._of(*ASKED_ABILITIES)]

    def declared(self) -> dict[str, Any]:
        """As answers of the application; only after validation."""
        most = {f"skill_{row.code}": row.most_level for row in self.skills}
        most |= {f"language_{row.code}": row.most_level for row in self.spoken}
        return {
            "skills": _chosen(self.cleaned_data, "skill_", most),
            "languages": _chosen(self.cleaned_data, "language_", most),
            "typing_wpm": self.cleaned_data["typing_wpm"],
            "major": self.cleaned_data["major"],
        }


def _scale(name: str, choices: Iterable[tuple[int, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=name, required=False, choices=[("", _now("请选择")), *choices])


def _three(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=name, required=False, choices=LEVELS, initial="", widget=SegmentedRadio)


def _chosen(cleaned: Mapping[str, Any], start: str, most: Mapping[str, int]) -> dict[str, int]:
    """Code → level of what was chosen; a scale that is shorter ends where it ends."""
    said = {name: value for name, value in cleaned.items() if name.startswith(start) and value}
    return {name.removeprefix(start): min(int(value), most[name]) for name, value in said.items()}


class TimeStep(Step):
    """When one could work, and anything else."""

    days = forms.TypedMultipleChoiceField(
        label=_("哪几天有空"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    parts = forms.MultipleChoiceField(
        label=_("什么时间"),
        choices=[(code, words) for code, (words, _start, _end) in PARTS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    remote_ok = forms.BooleanField(label=_("可以在家远程工作"), required=False)
    experience = forms.CharField(
        label=_("做过的工作"), max_length=MOST_TEXT["experience"], required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("例如：两年电商在线客服。可以不填。"),
    )  # fmt: skip

    def windows(self) -> list[Window]:
        """The free hours of the week; neighbouring times are one."""
        spans = _joined([PARTS[code][1:] for code in PARTS if code in self.cleaned_data["parts"]])
        return [(day, start, end) for day in sorted(self.cleaned_data["days"]) for start, end in spans]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


STEPS: Final[tuple[type[Step], ...]] = (ContactStep, AbilityStep, TimeStep)
TITLES: Final = (_("联系方式"), pgettext_lazy("application", "能力"), pgettext_lazy("application", "时间"))


@dataclass(frozen=True, slots=True)
class Whole:
    """All steps over what was typed."""

    contact: ContactStep
    ability: AbilityStep
    time: TimeStep

    @property
    def first_bad(self) -> int | None:
        """The number of the first step that is not complete, from 1; None if all are."""
        steps = (self.contact, self.ability, self.time)
        return next((number for number, step in enumerate(steps, 1) if not step.is_valid()), None)

    def spec(self, *, code: str, nonce: str, language: str) -> ApplicationSpec:
        """As the service wants it; only once no step is bad."""
        said, later = self.contact.cleaned_data, self.time.cleaned_data
        return ApplicationSpec(
            name=said["name"],
            phone=said["phone"],
            email=said["email"],
            city=said["city"],
            source=said["came"],
            code=code,
            remote_ok=later["remote_ok"],
            answers=self.ability.declared() | {"experience": later["experience"], "windows": self.time.windows()},
            language=language,
            consented=said["consent"],
            nonce=nonce,
        )


def query(typed: Typed) -> QueryDict:
    """What was typed, as a form sends it."""
    found = QueryDict(mutable=True)
    for name, values in typed.items():
        found.setlist(name, list(values))
    return found


def whole(typed: Typed) -> Whole:
    """Every step bound to what was typed."""
    data = query(typed)
    return Whole(ContactStep(data), AbilityStep(data), TimeStep(data))


def sent(draft: ApplicationDraft) -> ApplicationSpec:
    """What a form said that was sent; the bare minimum if the catalogue has changed since."""
    form = whole(draft.data)
    if form.first_bad is None:
        return form.spec(code=draft.code, nonce=draft.nonce, language="")
    return ApplicationSpec("".join(draft.data.get("name", [""])[-1:]), draft.phone)


def filled(kind: type[Step], typed: Typed) -> Step:
    """A step that shows what was typed, and complains about nothing yet."""
    blank = kind()
    initial = {name: _shown(blank.fields[name], typed[name]) for name in blank.fields if typed.get(name)}
    return kind(initial=initial)


def _shown(field: forms.Field, values: Sequence[str]) -> Any:
    return list(values) if isinstance(field, forms.MultipleChoiceField) else values[-1]


def names_of(number: int) -> set[str]:
    """The fields of a step, by its number from 1."""
    return set(STEPS[number - 1]().fields)
