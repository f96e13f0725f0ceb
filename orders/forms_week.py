"""What is filled in at the week board."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import CharField, QuerySet, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from orders.models import Client
from orders.selectors.desk.week import Wanted
from staffing.core.models import City
from workers.models import Skill, Worker

Choices = list[tuple[str, Any]]
WHO = [("", _("全部员工")), ("work", _("本周有班次")), ("free", _("本周有可用时间"))]
WHICH = [("", _("全部订单")), ("open", _("有空缺"))]


def choices() -> Mapping[str, Choices]:
    """Cities, skills and clients to filter by, in one query."""
    name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
    parts = [
        _named(City.objects.order_by(), "city", name),
        _named(Skill.objects.order_by(), "skill", name),
        _named(Client.objects.filter(is_active=True).order_by(), "client", "name"),
    ]
    found: dict[str, Choices] = defaultdict(list)
    for kind, pk, words in sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (row[0], row[2])):
        found[kind].append((str(pk), words))
    return found


def _named(rows: QuerySet[Any], kind: str, name: str) -> QuerySet[Any]:
    return rows.values_list(Value(kind, output_field=CharField()), "pk", name)


class WeekFilter(forms.Form):
    """Whom the board shows. `day` and `view` are kept while filtering; nonsense is left out."""

    name = forms.CharField(label=_("搜索"), max_length=40, required=False)
    city = forms.ChoiceField(label=_("城市"), required=False)
    skill = forms.ChoiceField(label=_("技能"), required=False)
    client = forms.ChoiceField(label=_("客户"), required=False)
    who = forms.ChoiceField(label=_("显示"), required=False)
    day = forms.CharField(widget=forms.HiddenInput, required=False)
    view = forms.ChoiceField(widget=forms.HiddenInput, required=False, choices=[("people", ""), ("places", "")])

    def __init__(self, *args: Any, view: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = choices()
        for name in ("city", "skill", "client"):
            self._field(name).choices = [("", _("全部")), *known.get(name, [])]
        self._field("who").choices = WHICH if view == "places" else WHO

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def wanted(self) -> Wanted:
        """The valid part of what was asked."""
        self.is_valid()
        values = self.cleaned_data
        ids = {name: int(values[name]) if values.get(name) else None for name in ("city", "skill", "client")}
        return Wanted(name=values.get("name", "").strip(), who=values.get("who", ""), **ids)


class AssignForm(forms.Form):
    """Who is to have a place. `seen`: the place as the board showed it; `override` shows after a refusal."""

    worker = forms.ModelChoiceField(
        queryset=Worker.objects.select_related("user"),
        widget=forms.HiddenInput,
        label=_("员工"),
        error_messages={"required": _("请选择一位员工。")},
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    override = forms.BooleanField(label=_("仍然派此人（破例，理由会保留）"), required=False)
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MoveForm(AssignForm):
    """Which other place whoever is on one is to have: "12.open:", as it was seen."""

    to = forms.RegexField(
        r"^[0-9]{1,17}\.[a-z_]{1,20}:[0-9]{0,17}$",
        label=_("名额"),
        error_messages={"required": _("请选择一个名额。"), "invalid": _("请选择一个名额。")},
    )

    def clean_to(self) -> tuple[int, str]:
        """The place's id, and what it was seen as."""
        pk, _dot, seen = str(self.cleaned_data["to"]).partition(".")
        return int(pk), seen


class TakeOffForm(forms.Form):
    """Why a place is emptied."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = forms.CharField(
        label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("会保留在审计记录中。")
    )


class CopyForm(forms.Form):
    """Which orders of a client's week are wanted again a week later."""

    orders = forms.MultipleChoiceField(
        label=_("订单"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选择一张订单。")}
    )

    def __init__(self, *args: Any, orders: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["orders"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = orders
