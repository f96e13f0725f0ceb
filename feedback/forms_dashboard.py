"""What a manager chooses on the dashboard: days, and parts of the rows. All of it is in the address."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.selectors.cuts import Cut
from feedback.selectors.names import Known, titles

MAX_DAYS = 366
SPLITS = ("city", "service", "industry", "client", "star", "source")


class DashboardForm(forms.Form):
    """`from` and `to`, both included, and one member of each split; Python's words are added by hand."""

    def __init__(self, *args: Any, known: Known, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.DateField(label=_("从"))
        self.fields["to"] = forms.DateField(label=_("到"))
        called = titles()
        for name in SPLITS:
            self.fields[name] = _choice(called[name], known.names[name])  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or is too long to be drawn by day."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("from"), given.get("to")
        if isinstance(first, date) and isinstance(last, date) and not 0 <= (last - first).days < MAX_DAYS:
            self.add_error("to", _("结束日期须不早于开始日期，且不超过一年。"))
        return given

    @property
    def days(self) -> Iterable[Any]:
        """The period's fields."""
        return [self["from"], self["to"]]

    @property
    def parts(self) -> Iterable[Any]:
        """The fields that leave a part of the rows."""
        return [self[name] for name in SPLITS]

    def cut(self, miss: str = "") -> Cut:
        """The part asked for; a choice that nobody knows is none."""
        given: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        return Cut(
            city=_number(given.get("city")),
            client=_number(given.get("client")),
            service=given.get("service") or "",
            industry=given.get("industry") or "",
            star=given.get("star") or "",
            source=given.get("source") or "",
            miss=miss,
        )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _choice(label: str, names: Mapping[Any, str]) -> forms.ChoiceField:
    choices = [("", _("全部")), *((str(member), name) for member, name in names.items())]
    return forms.ChoiceField(label=label, choices=choices, required=False)
