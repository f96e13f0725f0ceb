"""The whole order form: the fields and the shifts together, and what the services say about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _

from orders import gates
from orders.asked import Asked
from orders.costing import Estimate
from orders.forms import repeating
from orders.forms.order import OrderForm, Place
from orders.forms.shelf import Shelf
from orders.forms.shifts import PREFIX, ShiftForm, ShiftFormSet, rows_of
from orders.gates import Gates
from orders.matching import LatLng
from orders.models import Client, OrderPolicy
from orders.presentation import Fact, need_facts, package_fact, place_facts
from orders.services import ordering, packages
from orders.services.ordering import OrderSpec, ShiftSpec
from staffing.core.errors import DomainError, Invalid
from workers.models import ServiceType

Row = Mapping[str, Any]
# where a service's refusal is shown; all others stand above the form
FIELDS = {
    "site_name_taken": "site_name",
    "no_team": "package",
    "no_pool": "special_pool",
    "no_site": "site",
    "no_name": "kept_as",
    "name_taken": "kept_as",
}


@dataclass(eq=False)
class OrderEntry:
    """A form and its shifts, filled or blank. `said`: what became of the last press of a button beside the shifts."""

    shelf: Shelf
    form: OrderForm
    shifts: "BaseFormSet[ShiftForm]"
    said: str = ""

    @property
    def client(self) -> Client:
        """Whose order it will be."""
        return self.shelf.client

    @classmethod
    def shown(cls, shelf: Shelf, initial: Row, rows: Sequence[Row], said: str = "") -> Self:
        """To be filled in, starting with these values."""
        formset = ShiftFormSet(initial=[dict(row) for row in rows], prefix=PREFIX)
        return cls(shelf, OrderForm(initial=dict(initial), shelf=shelf), formset, said)

    @classmethod
    def posted(cls, shelf: Shelf, data: QueryDict) -> Self:
        """As it came in, to be validated."""
        return cls(shelf, OrderForm(data, shelf=shelf), ShiftFormSet(data, prefix=PREFIX))

    @classmethod
    def rearranged(cls, shelf: Shelf, data: QueryDict, action: str = "") -> Self:
        """Everything as it was typed, with the rows changed as the button says; nothing is judged."""
        typed = OrderForm(shelf=shelf)
        initial = {name: field.widget.value_from_datadict(data, {}, name) for name, field in typed.fields.items()}
        return cls.shown(shelf, initial, *repeating.changed(rows_of(data), data, action))

    def is_valid(self, now: datetime) -> bool:
        """Whether an order can be written from it; what is wrong is said at the field."""
        if not self.is_whole():
            return False
        spec, policy = self.spec(), OrderPolicy.current()
        for form, shift in zip(self.shifts, spec.shifts, strict=True):
            _try_shift(form, shift, policy, now)
        self._try_package(spec)
        self._try_quote()
        return not (self.form.errors or any(self.shifts.errors))

    def is_whole(self) -> bool:
        """Whether everything needed is filled in, whatever the services say to it."""
        # both are asked, so that all that is missing is said at once
        return bool(self.form.is_valid() & self.shifts.is_valid())

    def _try_package(self, spec: OrderSpec) -> None:
        try:
            packages.check(spec, team=self.shelf.has_team)
        except Invalid as refusal:
            self.refuse(refusal)

    def _try_quote(self) -> None:
        try:
            self.cost  # noqa: B018  # kept for the page
        except Invalid as refusal:
            self.form.add_error("service_type", str(refusal))

    def refuse(self, refusal: DomainError) -> None:
        """Show a service's refusal at the field it is about, or above the form."""
        self.form.add_error(FIELDS.get(refusal.code), str(refusal))

    def spec(self) -> OrderSpec:
        """What the services want; only after validation. A new site is not in it yet."""
        form, given = self.form, self.form.cleaned_data
        city = form.where()
        assert city is not None, "a valid form has a city"
        pool = form.pool_gates()
        return OrderSpec(
            title=given["title"],
            service_type=given["service_type"],
            city=city,
            shifts=[each.spec() for each in self.shifts],
            remote=given["place"] == Place.REMOTE,
            site=given["site"] if given["place"] == Place.OWN else None,
            skills=form.levels(form.skill_fields),
            certificates=given["certificates"],
            courses=given["courses"],
            languages=form.levels(form.language_fields),
            min_stars=given["min_stars"],
            clearance=int(given["clearance"] or 0),
            notes=given["notes"],
            readiness=given["readiness"],
            form_key=given["form_key"],
            package=given["package"] or None,
            special_pool=pool.profile if pool else None,
        )

    def wanted(self) -> OrderSpec:
        """The same with all that the special pool brings; only after validation."""
        pool = self.form.pool_gates()
        return gates.merged(self.spec(), pool) if pool else self.spec()

    def facts(self) -> list[Fact]:
        """Place, package and requirements in words; only after validation."""
        given, spec, named = self.form.cleaned_data, self.wanted(), self.shelf.catalogue.names
        site = spec.site
        place = place_facts(
            remote=spec.remote,
            city=spec.city,
            site=site.name if site else given["site_name"],
            address=site.address if site else given["site_address"],
        )
        kind = (_("服务类型"), str(ServiceType(spec.service_type).label))
        package = package_fact(spec.package or packages.usual(self.shelf.has_team), spec.special_pool)
        needs = need_facts(
            self.shelf.catalogue.graded("skill", spec.skills or {}),
            self.shelf.catalogue.graded("language", spec.languages or {}),
            [named("certificate")[pk] for pk in spec.certificates],
            spec.min_stars,
            spec.clearance,
            [named("course")[pk] for pk in spec.courses],
        )
        return [kind, *place, package, *needs]

    def timed(self) -> list[ShiftSpec]:
        """The shifts that make sense so far."""
        return [form.spec() for form in self.shifts if form.is_valid()]

    @cached_property
    def cost(self) -> Estimate | None:
        """What it costs as far as it is filled in; None while city, kind of work or every shift is missing.

        Raises `Invalid` where the rate card has no price.
        """
        self.form.is_valid()
        city, kind, shifts = self.form.where(), self.form.cleaned_data.get("service_type"), self.timed()
        return ordering.quote(city, kind, shifts) if city and kind and shifts else None

    def asked(self) -> Asked | None:
        """Whom it asks for as far as it is filled in; None while place or every shift is missing."""
        self.form.is_valid()
        form, given, shifts = self.form, self.form.cleaned_data, self.timed()
        city, point = form.where(), form.point()
        if city is None or not shifts:
            return None
        codes = self.shelf.catalogue.codes
        pool = form.pool_gates() or _NOTHING
        certificates = {*given.get("certificates", ()), *pool.certificates}
        courses = {*given.get("courses", ()), *pool.courses}
        return Asked(
            client=self.client,
            city=city.code,
            remote=given.get("place") == Place.REMOTE,
            site=LatLng(point.latitude, point.longitude) if point else None,
            shifts=shifts,
            skills=_coded(codes("skill"), gates.highest(form.levels(form.skill_fields), pool.skills)),
            languages=_coded(codes("language"), gates.highest(form.levels(form.language_fields), pool.languages)),
            certificates=frozenset(codes("certificate")[pk] for pk in certificates),
            courses=frozenset(codes("course")[pk] for pk in courses),
            min_stars=max(filter(None, (given.get("min_stars"), pool.min_stars)), default=None),
            clearance=max(int(given.get("clearance") or 0), pool.clearance),
        )


_NOTHING: Any = Gates(profile=None, skills={}, languages={}, certificates=(), courses=(), min_stars=None, clearance=0)  # type: ignore[arg-type]


def _coded(codes: Mapping[int, str], levels: Mapping[int, int]) -> dict[str, int]:
    return {codes[pk]: level for pk, level in levels.items()}


def _try_shift(form: ShiftForm, shift: ShiftSpec, policy: OrderPolicy, now: datetime) -> None:
    try:
        ordering.check_shift(shift, policy, now)
    except Invalid as refusal:
        form.add_error("end" if refusal.code == "too_long" else "date", str(refusal))
