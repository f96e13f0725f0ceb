"""What a client fills in to order agents: kind of work, place, requirements. The shifts are a formset beside it."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from orders.models import Client, Site
from orders.services.posting import NewSite
from staffing.core import geo
from staffing.core.models import City
from staffing.core.rendering import SegmentedRadio
from workers.models import CertificateType, Clearance, Course, Language, ServiceType, Skill

STAR_STEPS = ("3.0", "3.5", "4.0", "4.5", "5.0")
LEVELS = [
    ("", _("不要求")),
    (1, _("1 级及以上")),
    (2, _("2 级及以上")),
    (3, _("3 级及以上")),
    (4, _("4 级及以上")),
    (5, _("5 级")),
]
DATUMS = [(geo.Datum.GCJ02.value, _("国内地图（GCJ-02）")), (geo.Datum.WGS84.value, _("GPS（WGS-84）"))]


class Place(TextChoices):
    """Where the work is done."""

    OWN = "own", _("已有地点")
    NEW = "new", _("新地点")
    REMOTE = "remote", _("远程")


class OrderForm(forms.Form):
    """The form of one client; skills and languages of the catalogue become one level choice each."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    draft = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("标题"), max_length=80, help_text=_("员工会看到，例如“双十一在线客服”。"))
    service_type = forms.ChoiceField(label=_("服务类型"), choices=[("", _("请选择")), *ServiceType.choices])
    place = forms.ChoiceField(label=_("服务方式"), choices=Place.choices, widget=SegmentedRadio)
    site = forms.ModelChoiceField(Site.objects.none(), label=_("服务地点"), required=False, empty_label=_("请选择"))
    city = forms.ModelChoiceField(City.objects.all(), label=_("城市"), required=False, empty_label=_("请选择"))
    site_name = forms.CharField(label=_("地点名称"), max_length=60, required=False)
    site_address = forms.CharField(label=_("详细地址"), max_length=200, required=False)
    latitude = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)
    longitude = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    datum = forms.ChoiceField(label=_("坐标来源"), choices=DATUMS, required=False)
    min_stars = forms.TypedChoiceField(
        label=_("最低星级"),
        choices=[("", _("不要求")), *((step, step) for step in STAR_STEPS)],
        coerce=Decimal,
        empty_value=None,
        required=False,
    )
    clearance = forms.ChoiceField(label=_("背景核查"), choices=Clearance.choices, required=False)
    certificates = forms.ModelMultipleChoiceField(
        CertificateType.objects.all(), label=_("所需证书"), required=False, widget=forms.CheckboxSelectMultiple
    )
    courses = forms.ModelMultipleChoiceField(
        Course.objects.all(), label=_("要求培训"), required=False, widget=forms.CheckboxSelectMultiple
    )
    notes = forms.CharField(label=_("备注"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.fields["site"].queryset = client.sites.select_related("city")  # type: ignore[attr-defined]
        self.skill_fields = self._level_fields("skill", Skill.objects.all())
        self.language_fields = self._level_fields("language", Language.objects.all())

    def _level_fields(self, kind: str, rows: Any) -> list[str]:
        names = []
        for row in rows:
            name = f"{kind}_{row.pk}"
            self.fields[name] = forms.TypedChoiceField(
                label=row.name, choices=LEVELS, coerce=int, empty_value=None, required=False
            )
            names.append(name)
        return names

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
    def asks_more(self) -> bool:
        """Whether one of the rarer requirements is set or wrong: only then the page shows them unfolded."""
        rarer = ("certificates", "courses", "min_stars", "clearance")
        fields = [self[name] for name in (*self.language_fields, *rarer)]
        return any(field.errors or str(field.value() or "0") != "0" for field in fields)

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind of place needs."""
        place = self.cleaned_data.get("place")
        if place == Place.OWN:
            self._need("site", _("请选择服务地点。"))
        elif place:
            self._need("city", _("请选择城市。"))
        if place == Place.NEW:
            self._need("site_name", _("请填写地点名称。"))
            self._need("site_address", _("请填写详细地址。"))
            self._check_point()
        return self.cleaned_data

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

    def new_site(self) -> NewSite | None:
        """The place to be added, at the city's centre if no coordinates were given; only after validation."""
        given = self.cleaned_data
        if given["place"] != Place.NEW:
            return None
        city: City = given["city"]
        point, datum = geo.Point(city.latitude, city.longitude), geo.Datum.WGS84
        if given["latitude"] is not None:
            point = geo.Point(given["latitude"], given["longitude"])
            datum = geo.Datum(given["datum"] or geo.Datum.GCJ02)
        return NewSite(given["site_name"], given["site_address"], city, point, datum)

    def levels(self, names: list[str]) -> dict[int, int]:
        """Catalogue id → least level, of the fields that were set."""
        found = {int(name.rpartition("_")[2]): self.cleaned_data.get(name) for name in names}
        return {pk: level for pk, level in found.items() if level}

    def named_levels(self, names: list[str]) -> list[tuple[str, int]]:
        """Name → least level, of the fields that were set."""
        found = [(str(self.fields[name].label), self.cleaned_data.get(name)) for name in names]
        return [(label, level) for label, level in found if level]


def blank_initial(client: Client) -> dict[str, Any]:
    """What a new form starts with: a fresh key, the client's only site if there is just one."""
    sites = list(client.sites.values_list("pk", flat=True)[:2])
    return {
        "form_key": uuid.uuid4(),
        "place": Place.OWN if sites else Place.NEW,
        "site": sites[0] if len(sites) == 1 else None,
        "datum": geo.Datum.GCJ02,
        "clearance": Clearance.NONE,
    }
