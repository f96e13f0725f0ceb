"""What a client fills in to order agents: kind of work, place, requirements. The shifts are a formset beside it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.forms.boundfield import BoundField
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from orders import checklist
from orders.forms import kinds
from orders.forms.catalogue import Catalogue, Item
from orders.forms.proofs import checklist_help
from orders.forms.shelf import Shelf
from orders.gates import Gates
from orders.models import GateProfile, Package
from orders.presentation import need_facts
from orders.services import packages
from orders.services.posting import NewSite
from staffing.core import geo
from staffing.core.models import City
from staffing.core.rendering import SegmentedRadio
from workers.models import Clearance, ServiceType, Skill

STAR_STEPS = ("3.0", "3.5", "4.0", "4.5", "5.0")
DATUMS = [(geo.Datum.GCJ02.value, _("国内地图（GCJ-02）")), (geo.Datum.WGS84.value, _("GPS（WGS-84）"))]
RARER = ("certificates", "courses", "min_stars", "clearance")


class Place(TextChoices):
    """Where the work is done."""

    OWN = "own", _("已有地点")
    NEW = "new", _("新地点")
    REMOTE = "remote", _("远程")


# needed wherever they are asked for at all
NEEDED = ("site", "city", "site_name", "site_address")


@dataclass(frozen=True, slots=True)
class PoolCard:
    """A special pool as the page shows it; `brought`: all that it asks for, in words."""

    value: int
    id: str
    profile: GateProfile
    brought: str
    checked: bool


class OrderForm(forms.Form):
    """The form of one client; skills and languages of the catalogue become one level choice each."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    draft = forms.IntegerField(widget=forms.HiddenInput, required=False)
    prefilled = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    service_type = forms.ChoiceField(label=_("服务类型"), choices=ServiceType.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("标题"), max_length=80, required=False, help_text=_("员工会看到；不填则按服务类型取名。")
    )
    place = forms.ChoiceField(label=_("服务方式"), choices=Place.choices, widget=SegmentedRadio)
    site = forms.TypedChoiceField(label=_("服务地点"), required=False, empty_value=None)
    city = forms.TypedChoiceField(label=_("城市"), required=False, empty_value=None)
    site_name = forms.CharField(label=_("地点名称"), max_length=60, required=False)
    site_address = forms.CharField(label=_("详细地址"), max_length=200, required=False)
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    datum = forms.ChoiceField(label=_("坐标来源"), choices=DATUMS, required=False)
    package = forms.ChoiceField(label=_("服务套餐"), choices=Package.choices, required=False, widget=forms.RadioSelect)
    special_pool = forms.TypedChoiceField(label=_("人才池"), required=False, empty_value=None)
    min_stars = forms.TypedChoiceField(
        label=_("最低星级"),
        choices=[("", _("不要求")), *((step, step) for step in STAR_STEPS)],
        coerce=Decimal,
        empty_value=None,
        required=False,
    )
    clearance = forms.ChoiceField(label=_("背景核查"), choices=Clearance.choices, required=False)
    certificates = forms.TypedMultipleChoiceField(
        label=_("所需证书"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    courses = forms.TypedMultipleChoiceField(
        label=_("要求培训"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    kept_as = forms.CharField(label=_("模板名称"), max_length=60, required=False)
    readiness = forms.CharField(
        label=_("远程上岗清单"),
        required=False,
        max_length=1000,
        validators=[checklist.check],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notes = forms.CharField(label=_("备注"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, shelf: Shelf, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shelf = shelf
        self._offer("site", shelf.site_choices, shelf.site)
        self._say_what_is_needed()
        self._offer("city", shelf.city_choices, shelf.city)
        self._offer("special_pool", shelf.pool_choices, shelf.pool)
        self._offer("certificates", lambda: shelf.named("certificate"), int)
        self._offer("courses", lambda: shelf.named("course"), int)
        # Read only where it is shown.
        self.fields["readiness"].help_text = lazy(self._readiness_help, str)()
        self.skill_fields = self._level_fields("skill")
        self.language_fields = self._level_fields("language")

    def _readiness_help(self) -> str:
        usual = self.shelf.usual
        return checklist_help(checklist.of_profile(usual.profile if usual else None))

    def _offer(self, name: str, choices: Any, coerce: Any) -> None:
        field: Any = self.fields[name]
        field.choices, field.coerce = choices, coerce

    def _say_what_is_needed(self) -> None:
        """Where it is asked for at all, a place is needed; who has none yet is not asked to choose one."""
        for name in NEEDED:
            self.fields[name].needed = True  # type: ignore[attr-defined]
        if not self.shelf.sites:
            self.fields["place"].choices = [(value, label) for value, label in Place.choices if value != Place.OWN]  # type: ignore[attr-defined]

    def _level_fields(self, kind: str) -> list[str]:
        names = []
        for item in self.shelf.catalogue.offered(kind):
            name = f"{kind}_{item.pk}"
            self.fields[name] = forms.TypedChoiceField(
                label=item.name, choices=_grades(item), coerce=int, empty_value=None, required=False
            )
            names.append(name)
        return names

    @property
    def kind_groups(self) -> list[tuple[str, list[kinds.Card]]]:
        """The kinds of work as cards."""
        field = self["service_type"]
        return kinds.groups(str(field.value() or ""), field.auto_id)

    @property
    def skills(self) -> list[BoundField]:
        """The level choices of the skills, those that are asked for first."""
        return self._chosen_first(self.skill_fields)

    @property
    def languages(self) -> list[BoundField]:
        """The level choices of the languages, those that are asked for first."""
        return self._chosen_first(self.language_fields)

    def _chosen_first(self, names: list[str]) -> list[BoundField]:
        return sorted((self[name] for name in names), key=lambda field: not field.value())

    @property
    def pool_cards(self) -> list[PoolCard]:
        """The special pools, each with what it brings."""
        field, catalogue = self["special_pool"], self.shelf.catalogue
        return [
            PoolCard(pk, f"{field.auto_id}_{pk}", one.profile, brought(one, catalogue), str(field.value()) == str(pk))
            for pk, one in self.shelf.pools.items()
        ]

    @property
    def asked(self) -> list[BoundField]:
        """The levels of skills and languages that are asked for."""
        return [field for field in (*self.skills, *self.languages) if field.value()]

    @property
    def unasked_skills(self) -> list[tuple[str, list[BoundField]]]:
        """The other skills under what kind they are of."""
        kinds_of = {item.pk: item.sort for item in self.shelf.catalogue.items["skill"]}
        found: dict[str, list[BoundField]] = {label: [] for label in map(str, Skill.Kind.labels)}
        for field in self.skills:
            if not field.value():
                kind = Skill.Kind(kinds_of[int(field.name.removeprefix("skill_"))])
                found[str(kind.label)].append(field)
        return [(label, fields) for label, fields in found.items() if fields]

    @property
    def unasked_languages(self) -> list[BoundField]:
        """The other languages."""
        return [field for field in self.languages if not field.value()]

    @property
    def asks_more(self) -> bool:
        """Whether one of the rarer requirements is set or wrong: only then the page shows them unfolded."""
        fields = [self[name] for name in RARER]
        return any(field.errors or str(field.value() or "0") != "0" for field in fields)

    @property
    def industry(self) -> str:
        """The trade whose usual requirements were filled in, in words; "" if none were."""
        client = self.shelf.client
        return str(client.get_industry_display()) if self["prefilled"].value() == client.industry else ""

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind of place and package need."""
        given = self.cleaned_data
        given["title"] = given.get("title") or kinds.proposed_title(given.get("service_type", ""))
        place = given.get("place")
        if place == Place.OWN:
            self._need("site", _("请选择服务地点。"))
        elif place:
            self._need("city", _("请选择城市。"))
        if place == Place.NEW:
            self._need("site_name", _("请填写地点名称。"))
            self._need("site_address", _("请填写详细地址。"))
            self._check_point()
        if given.get("package") == Package.SPECIAL_POOL:
            self._need("special_pool", packages.NO_POOL)
        return given

    def _need(self, name: str, message: Any) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, message)

    def _check_point(self) -> None:
        north, east = self.cleaned_data.get("latitude"), self.cleaned_data.get("longitude")
        if (north is None) != (east is None):
            self.add_error("latitude", _("纬度和经度请一起填写，或都留空。"))
        elif north is not None and east is not None and not geo.in_china(geo.Point(north, east)):
            self.add_error("latitude", _("坐标不在国内，请检查纬度和经度是否填反。"))

    def where(self) -> City | None:
        """The city that sets the price, as far as the form knows it."""
        site = self.cleaned_data.get("site")
        if self.cleaned_data.get("place") == Place.OWN:
            return site.city if site else None
        return self.cleaned_data.get("city")

    def point(self) -> geo.Point | None:
        """Where people have to go, in WGS-84, as far as the form knows it; a city's centre for a place without
        coordinates. None for remote work."""
        given, city = self.cleaned_data, self.where()
        if given.get("place") == Place.REMOTE or city is None:
            return None
        if given["place"] == Place.OWN:
            return geo.Point(given["site"].latitude, given["site"].longitude)
        north, east = given.get("latitude"), given.get("longitude")
        if north is None or east is None:
            return geo.Point(city.latitude, city.longitude)
        return geo.to_wgs84(geo.Point(north, east), self._datum())

    def _datum(self) -> geo.Datum:
        return geo.Datum(self.cleaned_data.get("datum") or geo.Datum.GCJ02)

    def new_site(self) -> NewSite | None:
        """The place to be added, at the city's centre if no coordinates were given; only after validation."""
        given = self.cleaned_data
        if given["place"] != Place.NEW:
            return None
        city: City = given["city"]
        point, datum = geo.Point(city.latitude, city.longitude), geo.Datum.WGS84
        if given["latitude"] is not None:
            point, datum = geo.Point(given["latitude"], given["longitude"]), self._datum()
        return NewSite(given["site_name"], given["site_address"], city, point, datum)

    def pool_gates(self) -> Gates | None:
        """What the chosen special pool asks for."""
        given = self.cleaned_data
        chosen = given.get("special_pool") if given.get("package") == Package.SPECIAL_POOL else None
        return self.shelf.pools[chosen.pk] if chosen else None

    def levels(self, names: list[str]) -> dict[int, int]:
        """Catalogue id → least level, of the fields that were set."""
        found = {int(name.rpartition("_")[2]): self.cleaned_data.get(name) for name in names}
        return {pk: level for pk, level in found.items() if level}


def blank_initial(shelf: Shelf) -> dict[str, Any]:
    """What a new form starts with: a fresh key, the only site if there is just one, what the trade usually asks for."""
    sites = list(shelf.sites)
    return {
        "form_key": uuid.uuid4(),
        "place": Place.OWN if sites else Place.NEW,
        "site": sites[0] if len(sites) == 1 else None,
        "datum": geo.Datum.GCJ02,
        "clearance": Clearance.NONE,
        "package": packages.usual(shelf.has_team),
        **(gates_initial(shelf.usual) if shelf.usual else {}),
    }


def gates_initial(gates: Gates) -> Mapping[str, Any]:
    """The requirements of a profile as values of the form's fields."""
    return {
        "prefilled": gates.profile.industry,
        "min_stars": gates.min_stars,
        "clearance": gates.clearance,
        "certificates": list(gates.certificates),
        "courses": list(gates.courses),
        **{f"skill_{pk}": level for pk, level in gates.skills.items()},
        **{f"language_{pk}": level for pk, level in gates.languages.items()},
    }


def _grades(item: Item) -> list[tuple[Any, Any]]:
    """Every level of a scale as the least that is asked for."""
    levels = range(1, item.most_level)
    grades = [(level, _("%(grade)s及以上") % {"grade": item.grade(level)}) for level in levels]
    return [("", _("不要求")), *grades, (item.most_level, item.grade(item.most_level))]


def brought(gates: Gates, catalogue: Catalogue) -> str:
    """All that a profile asks for, in words."""
    named = catalogue.names
    pairs = need_facts(
        catalogue.graded("skill", gates.skills),
        catalogue.graded("language", gates.languages),
        [named("certificate")[pk] for pk in gates.certificates],
        gates.min_stars,
        gates.clearance,
        [named("course")[pk] for pk in gates.courses],
    )
    return str(_("；")).join(f"{name} {words}" for name, words in pairs)
