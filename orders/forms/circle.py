"""Lists of a client, and conflicts of interest."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import ConflictOfInterest
from orders.services.circle import Terms
from orders.services.conflicts import Declared
from staffing.core.rendering import SegmentedRadio
from workers.models import Worker
from workers.selectors.people import by_name_or_phone

TEAM, BARRED = "team", "wish"
NAMED = 5


class WhoForm(forms.Form):
    """A worker by name or phone."""

    who = forms.CharField(label=_("员工"), max_length=60, help_text=_("姓名或手机号"))

    def clean_who(self) -> Worker:
        """The one whom it names."""
        found = by_name_or_phone(Worker.objects.select_related("user", "city"), self.cleaned_data["who"])
        people = list(found.order_by("user__name", "pk")[: NAMED + 1])
        exact = [one for one in people if one.user.name == self.cleaned_data["who"].strip()]
        if len(exact) == 1 or len(people) == 1:
            return (exact if len(exact) == 1 else people)[0]
        if not people:
            raise forms.ValidationError(_("没有找到此人。"))
        names = " · ".join(f"{one.user.name} {one.user.phone[-4:]}" for one in people[:NAMED])
        raise forms.ValidationError(_("有多人符合，请输入完整手机号：%(names)s"), params={"names": names})


class UntilForm(forms.Form):
    """Until which day."""

    until = forms.DateField(label=_("有效至"), required=False, widget=forms.DateInput, help_text=_("不填为长期。"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date | None:
        """Not in the past."""
        day: date | None = self.cleaned_data["until"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("有效期不能早于今天。"))
        return day


class ListForm(UntilForm, WhoForm):
    """Somebody for a list of a client."""

    kind = forms.ChoiceField(
        label=_("名单"), choices=[(TEAM, _("固定团队")), (BARRED, _("不再派遣"))], widget=SegmentedRadio, initial=TEAM
    )
    reason = forms.CharField(label=_("理由"), max_length=200)
    field_order = ("kind", "who", "reason", "until")

    def terms(self) -> Terms:
        """Why, and until when."""
        return Terms(self.cleaned_data["reason"], self.cleaned_data["until"])


class ConflictForm(UntilForm):
    """A tie to a company."""

    company = forms.CharField(label=_("公司名称"), max_length=100, help_text=_("请写全称。"))
    kind = forms.ChoiceField(label=_("关系"), choices=ConflictOfInterest.Kind.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    field_order = ("who", "company", "kind", "note", "until")

    def declared(self) -> Declared:
        """As the service wants it."""
        data = self.cleaned_data
        return Declared(data["company"], data["kind"], data["note"], data["until"])


class ConflictEntryForm(ConflictForm, WhoForm):
    """The same, entered by the desk for somebody."""
