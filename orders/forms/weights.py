"""A new version of the matching weights: what each number means, and which numbers make sense."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from orders.matching import Weights
from orders.matching.scoring import MOST_VALUE
from orders.models import MatchWeights

# The stubs know this class as generic; Django's own does not.
if TYPE_CHECKING:
    Base = forms.ModelForm[MatchWeights]
else:
    Base = forms.ModelForm

# A proposal's points are kept as at most this.
MOST_POINTS: Final = 1000
POINTS, VALUE = pgettext_lazy("points", "分"), _("价值单位")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a weight is called and means (with its unit), and the least and most it may be."""

    label: Any
    text: Any
    least: int
    most: int
    unit: Any = POINTS

    def told(self) -> str:
        """The meaning with its unit and range."""
        told = {"text": self.text, "unit": self.unit, "least": self.least, "most": self.most}
        return gettext("%(text)s（%(unit)s，%(least)s–%(most)s）") % told


MEANINGS: Final[Mapping[str, Meaning]] = {
    "base": Meaning(_("基础分"), _("人人相同"), 0, 1000),
    "priority": Meaning(_("客户价值分"), _("客户价值每高一级，所有人的得分都加这么多"), 0, 500),
    "closeness": Meaning(_("距离"), _("人在服务地点时的得分，到其最远距离时为 0"), 0, 500),
    "remote": Meaning(_("远程"), _("远程订单中代替距离分"), 0, 500),
    "stars": Meaning(_("星级"), _("五星时的得分，一星为 0"), 0, 500),
    "reliability": Meaning(_("可靠度"), _("可靠度为 100 时的得分"), 0, 500),
    "skill": Meaning(_("技能"), _("每项技能都高出要求两级时的得分"), 0, 500),
    "skill_met": Meaning(
        _("技能刚好达标的份数"), _("刚好达标得这么多份，高出两级再得两份，合起来为满分"), 0, 10, _("份")
    ),
    "team": Meaning(_("固定班底"), _("客户固定班底成员的加分"), 0, 500),
    "economy": Meaning(_("费率"), _("费率越低于订单最高费率，得分越高"), 0, 500),
    "fairness": Meaning(_("近期工时"), _("近期没有工作时的得分"), 0, 500),
    "continuity": Meaning(_("同单连续"), _("同一订单的其他班次也由其承担时的加分"), 0, 500),
    "novice_stars_tenths": Meaning(_("新人星级"), _("尚无星级的人按此星级计分"), 10, 50, _("十分之一星")),
    "fairness_minutes": Meaning(_("近期工时满额"), _("近期工作达到此时长，近期工时分为 0"), 60, 100_000, _("分钟")),
    "fill": Meaning(_("填上一个名额"), _("填上任何名额的价值"), 0, 100_000, VALUE),
    "priority_step": Meaning(_("客户价值一级"), _("客户价值每高一级，填上名额多出的价值"), 0, 100_000, VALUE),
    "point": Meaning(_("一分"), _("得分每一分的价值"), 1, 1000, VALUE),
    "team_first": Meaning(_("固定班底优先"), _("由固定班底成员担任时多出的价值"), 0, 100_000, VALUE),
    "value_first_percent": Meaning(
        _("高价值客户优先"), _("客户价值每高一级，星级分与可靠度分按此百分比另计一项得分"), 0, 1000, "%"
    ),
    "novice_first": Meaning(_("新人优先"), _("留给新人的名额由新人担任时多出的价值"), 0, 100_000, VALUE),
    "novice_percent": Meaning(_("新人名额"), _("留给新人的名额占比"), 0, 100, "%"),
    "novice_services": Meaning(_("新人服务次数"), _("完成服务少于此数的算新人"), 0, 1000, _("次")),
    "stay": Meaning(_("改动门槛"), _("改动一个尚未确认的推荐，至少要多得的价值"), 0, 100_000, VALUE),
    "travel_minutes_per_km": Meaning(_("每公里路程"), _("两个地点之间每公里所需时间"), 0, 60, _("分钟")),
    "travel_fixed_minutes": Meaning(_("路程起步"), _("两个地点之间另加的固定时间"), 0, 240, _("分钟")),
}
# what the engine calls its own numbers when none were saved
TAKEN: Final = Weights().version


def defaults() -> dict[str, int]:
    """The engine's own numbers."""
    own = Weights()
    return {name.name: getattr(own, name.name) for name in fields(Weights) if name.name != "version"}


def in_force() -> dict[str, int]:
    """Every number of the newest version."""
    newest = MatchWeights.objects.first()
    return defaults() | (newest.values if newest else {})


def most_points(values: Mapping[str, int]) -> int:
    """What somebody can score at most: with a client of the highest value, whose quality counts once more in part."""
    added = ("base", "stars", "reliability", "skill", "team", "economy", "fairness", "continuity")
    plain = max(values["closeness"], values["remote"]) + sum(values[name] for name in added)
    again = MOST_VALUE * values["value_first_percent"] * (values["stars"] + values["reliability"]) // 100
    return plain + MOST_VALUE * values["priority"] + again


def check_values(values: Mapping[str, Any]) -> None:
    """Raise `ValidationError` for names that do not exist, numbers out of range, or points that cannot be kept."""
    errors = [error for name, value in values.items() if (error := _wrong(name, value))]
    if errors:
        raise ValidationError(errors)
    most = most_points(defaults() | dict(values))
    if not 0 < most <= MOST_POINTS:
        raise ValidationError(
            gettext("各项得分合计须在 1 到 %(most)s 分之间，现为 %(sum)s 分。") % {"most": MOST_POINTS, "sum": most},
            "points",
        )


def _wrong(name: str, value: Any) -> str:
    meaning = MEANINGS.get(name)
    if meaning is None:
        return gettext("没有名为「%(name)s」的权重。") % {"name": name}
    if type(value) is int and meaning.least <= value <= meaning.most:
        return ""
    told = {"label": meaning.label, "least": meaning.least, "most": meaning.most}
    return gettext("「%(label)s」须为 %(least)s 到 %(most)s 之间的整数。") % told


def _field(meaning: Meaning) -> forms.IntegerField:
    told = lazy(meaning.told, str)()
    return forms.IntegerField(label=meaning.label, help_text=told, min_value=meaning.least, max_value=meaning.most)


class WeightsForm(Base):
    """A whole new version, starting from the numbers in force; one field for each number."""

    version = forms.CharField(
        label=_("版本"),
        max_length=20,
        validators=[RegexValidator(r"^[\w.-]+\Z", _("版本只能包含文字、数字、点、横线和下划线。"))],
    )

    class Meta:
        model = MatchWeights
        fields = ("version", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in in_force().items():
            self.fields[name].initial = value

    def clean_version(self) -> str:
        """The engine's own name stays its own."""
        version = str(self.cleaned_data["version"])
        if version == TAKEN:
            raise ValidationError(gettext("此版本名已被系统默认值占用。"), "taken")
        return version

    def values(self) -> dict[str, int]:
        """The numbers by name; only after validation."""
        return {name: self.cleaned_data[name] for name in MEANINGS}

    def clean(self) -> dict[str, Any]:
        """All numbers together, and that something changes."""
        super().clean()
        if all(name in self.cleaned_data for name in MEANINGS):
            check_values(self.values())
            if self.values() == in_force():
                raise ValidationError(gettext("与现行版本相同，没有需要保存的改动。"), "same")
        return self.cleaned_data


# twenty-five numbers of one shape, each with its own meaning and range
_NUMBERS: Final[dict[str, forms.Field]] = {name: _field(meaning) for name, meaning in MEANINGS.items()}
WeightsForm.declared_fields.update(_NUMBERS)
WeightsForm.base_fields.update(_NUMBERS)
