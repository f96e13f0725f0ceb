"""The forms with which a client changes or calls off a submitted order."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderPolicy, Shift
from orders.services.amend_plan import MOST_PEOPLE, MOST_SHIFTS, Amendment, Plan, Wanted, fixed, newest
from orders.services.amending import Agreed
from staffing.core.money import ZERO

PREFIX = "shift"


class CancelOrderForm(forms.Form):
    """Why an order is called off, and what its client was told that this costs."""

    reason = forms.CharField(label=_("取消理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    agreed = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0, widget=forms.HiddenInput, required=False)

    def clean_agreed(self) -> Decimal:
        """Nothing was shown, nothing was agreed to."""
        return self.cleaned_data["agreed"] or ZERO


class AmendForm(forms.Form):
    """What is written on the order, and which state of it the writer knew."""

    title = forms.CharField(label=_("标题"), max_length=80)
    notes = forms.CharField(label=_("备注"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AgreeForm(forms.Form):
    """What the preview said: the fee, what the service costs then, and who is released."""

    fee = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0, widget=forms.HiddenInput)
    estimate = forms.DecimalField(max_digits=12, decimal_places=2, min_value=0, widget=forms.HiddenInput)
    released = forms.RegexField(r"^[0-9,]*$", max_length=10_000, required=False, widget=forms.HiddenInput)

    @classmethod
    def to(cls, plan: Plan) -> Self:
        """The yes that a preview asks for."""
        released = ",".join(str(work.pk) for work in plan.released)
        return cls(initial={"fee": plan.fee, "estimate": plan.estimate, "released": released})

    def agreed(self) -> Agreed:
        """As the service wants it; only after validation."""
        ids = filter(None, self.cleaned_data["released"].split(","))
        return Agreed(self.cleaned_data["fee"], frozenset(map(int, ids)), self.cleaned_data["estimate"])


class ShiftRow(forms.Form):
    """One shift, an old one with its id. An end at or before the start is on the next day."""

    shift = forms.IntegerField(widget=forms.HiddenInput, required=False)
    date = forms.DateField(label=_("日期"))
    start = forms.TimeField(label=_("开始"))
    end = forms.TimeField(label=_("结束"))
    headcount = forms.IntegerField(label=_("人数"), min_value=1, max_value=MOST_PEOPLE)
    gone = forms.BooleanField(label=_("移除"), required=False)
    was: Shift | None = None
    fixed = False

    def clean(self) -> dict[str, Any]:
        """A row that is taken out need not make sense."""
        given = super().clean() or {}
        if given.get("gone"):
            self.errors.clear()
        return given

    def wanted(self) -> Wanted | None:
        """The shift as the service wants it; None if it is taken out. Only after validation."""
        given = self.cleaned_data
        if given.get("gone"):
            return None
        start = timezone.make_aware(datetime.combine(given["date"], given["start"]))
        days = timedelta(days=1 if given["end"] <= given["start"] else 0)
        end = timezone.make_aware(datetime.combine(given["date"] + days, given["end"]))
        return Wanted(start, end, given["headcount"], given["shift"])


Rows = forms.formset_factory(ShiftRow, extra=0, max_num=MOST_SHIFTS, absolute_max=MOST_SHIFTS * 2)


@dataclass
class Amend:
    """The whole form: what is written, the shifts."""

    order: Order
    form: AmendForm
    rows: Any

    @classmethod
    def shown(cls, order: Order, now: datetime) -> Self:
        """The order as it is."""
        initial = {"title": order.title, "notes": order.notes, "form_key": uuid.uuid4(), "seen": newest(order)}
        rows = [row_of(shift) for shift in order.shifts.all()]
        return cls(order, AmendForm(initial=initial), Rows(initial=rows, prefix=PREFIX))._dressed(now)

    @classmethod
    def posted(cls, order: Order, data: Mapping[str, Any], now: datetime) -> Self:
        """As it was typed."""
        return cls(order, AmendForm(data), Rows(data, prefix=PREFIX))._dressed(now)

    @classmethod
    def with_another(cls, order: Order, data: Mapping[str, Any], now: datetime) -> Self:
        """As it was typed, with one shift more: the last one a day later."""
        typed = Rows(data, prefix=PREFIX)
        rows = [{name: row[name].value() for name in row.fields} for row in typed.forms]
        form = AmendForm(initial={name: data.get(name, "") for name in AmendForm.base_fields})
        rows = rows if len(rows) >= MOST_SHIFTS else [*rows, _next(rows)]
        return cls(order, form, Rows(initial=rows, prefix=PREFIX))._dressed(now)

    def _dressed(self, now: datetime) -> Self:
        """Each row knows its shift, and whether it is too late to change it."""
        shifts, policy = {shift.pk: shift for shift in self.order.shifts.all()}, OrderPolicy.current()
        for row in self.rows.forms:
            row.was = shifts.get(_number(row["shift"].value()))
            row.fixed = row.was is not None and fixed(row.was.start_at, now, policy)
        return self

    def is_valid(self) -> bool:
        """Whether it can be read; whether it can be done, the service says."""
        return bool(self.form.is_valid() & self.rows.is_valid())

    def wish(self) -> Amendment:
        """The order as it shall be; only after validation."""
        given = self.form.cleaned_data
        wanted = [row.wanted() for row in self.rows.forms if row.has_changed() or row.cleaned_data]
        shifts = [one for one in wanted if one is not None]
        return Amendment(given["title"], given["notes"], shifts, given["form_key"], given["seen"])


def row_of(shift: Shift) -> dict[str, Any]:
    """A shift as the form shows it."""
    start, end = timezone.localtime(shift.start_at), timezone.localtime(shift.end_at)
    return {
        "shift": shift.pk,
        "date": start.date(),
        "start": start.time(),
        "end": end.time(),
        "headcount": shift.headcount,
    }


def _next(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    last = dict(rows[-1]) if rows else {"start": time(9), "end": time(18), "headcount": 1}
    try:
        last["date"] = forms.DateField().clean(last.get("date")) + timedelta(days=1)
    except (forms.ValidationError, OverflowError):
        last["date"] = ""
    return last | {"shift": "", "gone": False}


def _number(typed: Any) -> int:
    return int(typed) if str(typed).isdecimal() and len(str(typed)) < len("9" * 19) else 0
