"""The order form as a whole: places, rules of the services at their fields, nothing typed is lost."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override

from orders.forms.entry import OrderEntry
from orders.forms.shelf import Shelf
from orders.models import Client, OrderPolicy
from staffing.core.geo import Datum
from tests.fixtures.agency import HERE, NOW, Agency
from workers.models import CertificateType, Course, RateCard, Skill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with override("zh-hans"):
        yield


@pytest.fixture
def company(agency: Agency) -> Client:
    return agency.client()


def filled_in(company: Client, **changes: Any) -> QueryDict:
    """A form that is right as it is: three people in the night of the 25th, at the client's own site."""
    site = company.sites.get()
    values: dict[str, Any] = {
        "form_key": str(uuid.uuid4()),
        "title": "双十一在线客服",
        "service_type": "pre_sale",
        "place": "own",
        "site": site.pk,
        "clearance": "0",
        "shift-TOTAL_FORMS": "1",
        "shift-INITIAL_FORMS": "1",
        "shift-0-date": "2026-11-25",
        "shift-0-start": "22:00",
        "shift-0-end": "06:00",
        "shift-0-headcount": "3",
    }
    data = QueryDict(mutable=True)
    for name, value in (values | changes).items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def judged(company: Client, **changes: Any) -> tuple[bool, OrderEntry]:
    entry = OrderEntry.posted(Shelf.of(company), filled_in(company, **changes))
    return entry.is_valid(NOW), entry


def test_a_right_form_becomes_what_the_services_want(agency: Agency, company: Client) -> None:
    certificate = CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health")
    course = Course.objects.create(code="pos", name_zh="智能POS操作", name_en="Smart POS")
    more = {
        "courses": [str(course.pk)],
        f"skill_{agency.skill.pk}": "3",
        f"language_{agency.language.pk}": "4",
        "min_stars": "4.5",
    }
    ok, entry = judged(company, certificates=[str(certificate.pk)], notes="带工牌", **more)
    assert ok
    spec = entry.spec()
    assert (spec.skills, spec.languages) == ({agency.skill.pk: 3}, {agency.language.pk: 4})
    assert (spec.certificates, str(spec.min_stars), spec.notes) == ([certificate.pk], "4.5", "带工牌")
    assert (spec.site, spec.city, spec.remote) == (company.sites.get(), agency.city, False)
    assert spec.shifts[0].end - spec.shifts[0].start == timedelta(hours=8)
    assert spec.courses == [course.pk]
    assert "健康证" in dict(entry.facts()).values()
    assert ("要求培训", "智能POS操作") in entry.facts()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("service_type", {"service_type": "gardening"}),
        ("place", {"place": "moon"}),
        ("site", {"site": ""}),
        ("city", {"place": "remote"}),
        ("site_address", {"place": "new", "site_name": "新店"}),
        ("form_key", {"form_key": "x"}),
        ("min_stars", {"min_stars": "9"}),
    ],
)
def test_what_is_missing_is_said_at_the_field(company: Client, field: str, changes: dict[str, str]) -> None:
    ok, entry = judged(company, **changes)
    assert not ok
    assert field in entry.form.errors


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("date", {"shift-0-date": "2026-11-22"}),
        ("date", {"shift-0-date": "2027-11-25"}),
        ("end", {"shift-0-start": "06:00", "shift-0-end": "19:00"}),
    ],
)
def test_the_services_rules_are_said_at_the_shift(company: Client, field: str, changes: dict[str, str]) -> None:
    ok, entry = judged(company, **changes)
    assert not ok
    assert list(entry.shifts[0].errors) == [field]
    for name, value in changes.items():
        assert entry.shifts[0][name.rpartition("-")[2]].value() == value


def test_only_the_wrong_shift_is_blamed_and_the_limit_is_the_policys(company: Client) -> None:
    OrderPolicy(max_shift_hours=13).save()
    second = {
        f"shift-1-{name}": value
        for name, value in {"date": "2026-11-20", "start": "06:00", "end": "19:00", "headcount": "1"}.items()
    }
    ok, entry = judged(
        company, **{"shift-TOTAL_FORMS": "2", "shift-0-start": "06:00", "shift-0-end": "19:00"}, **second
    )
    assert not ok
    assert [list(errors) for errors in entry.shifts.errors] == [[], ["date"]]


def test_somebody_elses_site_is_no_choice(agency: Agency, company: Client) -> None:
    ok, entry = judged(company, site=agency.client().sites.get().pk)
    assert not ok
    assert "site" in entry.form.errors


def test_a_hole_in_the_rate_card_is_said_at_the_service_type(company: Client) -> None:
    RateCard.objects.filter(service_type="pre_sale").delete()
    ok, entry = judged(company)
    assert not ok
    assert "service_type" in entry.form.errors


NEW = {"place": "new", "site_name": "新店", "site_address": "示范路 8 号", "datum": "gcj02"}


def test_a_new_site_without_coordinates_lies_at_the_city_centre(agency: Agency, company: Client) -> None:
    ok, entry = judged(company, city=agency.city.pk, **NEW)
    assert ok
    site = entry.form.new_site()
    assert site is not None
    assert (site.point.latitude, site.point.longitude, site.datum) == (*HERE, Datum.WGS84)


@pytest.mark.parametrize(
    ("latitude", "longitude", "ok"),
    [("31.23", "121.47", True), ("121.47", "31.23", False), ("31.23", "", False), ("nan", "121", False)],
)
def test_coordinates_come_in_pairs_and_in_the_country(
    agency: Agency, company: Client, latitude: str, longitude: str, ok: bool
) -> None:
    valid, entry = judged(company, city=agency.city.pk, latitude=latitude, longitude=longitude, **NEW)
    assert valid is ok
    assert ("latitude" in entry.form.errors) is not ok


def test_rearranging_keeps_everything_typed_and_judges_nothing(agency: Agency, company: Client) -> None:
    certificate = CertificateType.objects.create(code="health", name_zh="健康证", name_en="Health")
    courses = [
        str(Course.objects.create(code=code, name_zh=code, name_en=code).pk) for code in ("pos", "etiquette", "safety")
    ][:2]
    ticked = {"certificates": [str(certificate.pk)], "courses": courses}
    data = filled_in(company, title="", notes="备注", **ticked, **{"shift-0-end": "六点"})
    entry = OrderEntry.rearranged(Shelf.of(company), data, "add")
    assert not entry.form.is_bound
    assert entry.form["notes"].value() == "备注"
    assert entry.form["certificates"].value() == [str(certificate.pk)]
    assert entry.form["courses"].value() == courses
    assert [form["end"].value() for form in entry.shifts] == ["六点", "六点"]
    for action in ("remove-0", "edit", "remove-x"):
        assert len(OrderEntry.rearranged(Shelf.of(company), data, action).shifts.forms) == 1


def test_cost_appears_as_soon_as_city_kind_and_a_shift_are_known(company: Client) -> None:
    assert OrderEntry.posted(Shelf.of(company), filled_in(company, title="")).cost is not None
    assert OrderEntry.posted(Shelf.of(company), filled_in(company, service_type="")).cost is None
    assert OrderEntry.posted(Shelf.of(company), filled_in(company, **{"shift-0-end": ""})).cost is None


@pytest.mark.parametrize(
    ("changes", "unfolded"),
    [
        ({}, False),
        ({"min_stars": "4.5"}, True),
        ({"clearance": "1"}, True),
        ({"certificates": ["0"]}, True),
        ({"courses": ["0"]}, True),
    ],
)
def test_rarer_requirements_are_unfolded_only_when_set(company: Client, changes: Any, unfolded: bool) -> None:
    _ok, entry = judged(company, **changes)
    assert entry.form.asks_more is unfolded


def test_the_skills_asked_for_come_first(agency: Agency, company: Client) -> None:
    other = Skill.objects.create(code="phone", name_zh="电话客服", name_en="Phone service")
    _ok, entry = judged(company, **{f"skill_{other.pk}": "2"})
    assert [field.name for field in entry.form.skills] == [f"skill_{other.pk}", f"skill_{agency.skill.pk}"]
