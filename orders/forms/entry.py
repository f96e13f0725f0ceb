"""The whole order form: the fields and the shifts together, and what the services say about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.forms import BaseFormSet
from django.http import QueryDict

from orders.costing import Estimate
from orders.forms.order import OrderForm, Place
from orders.forms.shifts import PREFIX, ShiftForm, ShiftFormSet, rows_of, with_another, without
from orders.models import Client
from orders.presentation import Fact, need_facts, place_facts
from orders.services import ordering
from orders.services.ordering import OrderSpec, ShiftSpec
from staffing.core.errors import DomainError, Invalid
from workers.models import ServiceType

Row = Mapping[str, Any]


@dataclass(frozen=True)
class OrderEntry:
    """A form and its shifts, filled or blank."""

    client: Client
    form: OrderForm
    shifts: "BaseFormSet[ShiftForm]"

    @classmethod
    def shown(cls, client: Client, initial: Row, rows: Sequence[Row]) -> Self:
        """To be filled in, starting with these values."""
        return cls(
            client,
            OrderForm(initial=dict(initial), client=client),
            ShiftFormSet(initial=[dict(row) for row in rows], prefix=PREFIX),
        )

    @classmethod
    def posted(cls, client: Client, data: QueryDict) -> Self:
        """As it came in, to be validated."""
        return cls(client, OrderForm(data, client=client), ShiftFormSet(data, prefix=PREFIX))

    @classmethod
    def rearranged(cls, client: Client, data: QueryDict, action: str) -> Self:
        """Everything as it was typed, with a row more (`add`), one less (`remove-2`) or as it is; nothing is judged."""
        typed = OrderForm(client=client)
        initial = {name: field.widget.value_from_datadict(data, {}, name) for name, field in typed.fields.items()}
        return cls.shown(client, initial, _rearranged(rows_of(data), action))

    def is_valid(self, now: datetime) -> bool:
        """Whether an order can be written from it; what is wrong is said at the field."""
        if not (self.form.is_valid() and self.shifts.is_valid()):
            return False
        for form in self.shifts:
            _try_shift(form, self._bare([form.spec()]), self.client, now)
        self._try_quote()
        return not (self.form.errors or any(self.shifts.errors))

    def _bare(self, shifts: list[ShiftSpec]) -> OrderSpec:
        # A new site does not exist yet, so that the place is left to the form.
        return replace(self.spec(), remote=True, site=None, shifts=shifts)

    def _try_quote(self) -> None:
        try:
            self.cost()
        except Invalid as refusal:
            self.form.add_error("service_type", str(refusal))

    def refuse(self, refusal: DomainError) -> None:
        """Show a service's refusal at the field it is about, or above the form."""
        self.form.add_error("site_name" if refusal.code == "site_name_taken" else None, str(refusal))

    def spec(self) -> OrderSpec:
        """What the services want; only after validation. A new site is not in it yet."""
        form, given = self.form, self.form.cleaned_data
        city = form.where()
        assert city is not None, "a valid form has a city"
        return OrderSpec(
            title=given["title"],
            service_type=given["service_type"],
            city=city,
            shifts=[each.spec() for each in self.shifts],
            remote=given["place"] == Place.REMOTE,
            site=given["site"] if given["place"] == Place.OWN else None,
            skills=form.levels(form.skill_fields),
            certificates=[row.pk for row in given["certificates"]],
            courses=[row.pk for row in given["courses"]],
            languages=form.levels(form.language_fields),
            min_stars=given["min_stars"],
            clearance=int(given["clearance"] or 0),
            notes=given["notes"],
            form_key=given["form_key"],
        )

    def facts(self) -> list[Fact]:
        """Place and requirements in words; only after validation."""
        form, given, spec = self.form, self.form.cleaned_data, self.spec()
        site = spec.site
        place = place_facts(
            remote=spec.remote,
            city=spec.city,
            site=site.name if site else given["site_name"],
            address=site.address if site else given["site_address"],
        )
        certificates = [row.name for row in given["certificates"]]
        levels = (form.named_levels(form.skill_fields), form.named_levels(form.language_fields))
        kind = (str(form.fields["service_type"].label), str(ServiceType(spec.service_type).label))
        courses = [row.name for row in given["courses"]]
        return [kind, *place, *need_facts(*levels, certificates, spec.min_stars, spec.clearance, courses)]

    def timed(self) -> list[ShiftSpec]:
        """The shifts that make sense so far."""
        return [form.spec() for form in self.shifts if form.is_valid()]

    def cost(self) -> Estimate | None:
        """What it costs as far as it is filled in; None while city, kind of work or every shift is missing."""
        self.form.is_valid()
        city, kind, shifts = self.form.where(), self.form.cleaned_data.get("service_type"), self.timed()
        return ordering.quote(city, kind, shifts) if city and kind and shifts else None


def _rearranged(rows: Sequence[Row], action: str) -> Sequence[Row]:
    verb, _dash, number = action.partition("-")
    if verb == "add":
        return with_another(rows)
    return without(rows, int(number)) if verb == "remove" and number.isdecimal() else rows


def _try_shift(form: ShiftForm, spec: OrderSpec, client: Client, now: datetime) -> None:
    try:
        ordering.check(spec, client, now)
    except Invalid as refusal:
        form.add_error("end" if refusal.code == "too_long" else "date", str(refusal))
