"""Packages: the usual one where none is named, a team that must exist, a pool that brings its requirements."""

from decimal import Decimal
from typing import Any

import pytest

from orders import gates
from orders.models import GateProfile, Industry, Package, ProfileLanguage, ProfileSkill, TeamMember
from orders.presentation import order_facts
from orders.selectors.client_order import asked_of
from orders.services import ordering
from staffing.core.errors import Invalid
from tests.fixtures.agency import NOW, Agency
from workers.models import CertificateType, Course

pytestmark = pytest.mark.django_db


def pool(agency: Agency, **fields: Any) -> GateProfile:
    row = GateProfile.objects.create(
        **({"name_zh": "双语设备", "name_en": "Bilingual", "min_stars": Decimal("4.5"), "clearance": 1} | fields)
    )
    row.certificates.add(CertificateType.objects.create(code=f"c{row.pk}", name_zh="证", name_en="C"))
    row.courses.add(Course.objects.create(code=f"k{row.pk}", name_zh="课", name_en="K"))
    ProfileSkill.objects.create(profile=row, skill=agency.skill, min_level=3)
    ProfileLanguage.objects.create(profile=row, language=agency.language, min_level=4)
    return row


def test_without_a_word_it_is_the_team_where_there_is_one(agency: Agency) -> None:
    company = agency.client()
    assert agency.draft(company).package == Package.STANDARD
    TeamMember.objects.create(client=company, worker=agency.worker(), created_at=NOW)
    assert agency.draft(company).package == Package.FIXED_TEAM
    assert agency.draft(company, package=Package.STANDARD).package == Package.STANDARD


def test_a_team_that_is_not_there_is_refused_with_a_way_out(agency: Agency) -> None:
    with pytest.raises(Invalid) as refusal:
        agency.draft(package=Package.FIXED_TEAM)
    assert refusal.value.code == "no_team"
    assert "加入固定团队" in str(refusal.value)


def test_a_pool_brings_what_it_asks_for(agency: Agency) -> None:
    chosen = pool(agency)
    order = agency.draft(package=Package.SPECIAL_POOL, special_pool=chosen)
    assert (order.special_pool, order.min_stars, order.clearance) == (chosen, Decimal("4.5"), 1)
    assert order.skills.get().min_level == 3
    assert order.languages.get().min_level == 4
    assert (order.certificates.count(), order.courses.count()) == (1, 1)
    assert ("服务套餐", "特选人才池 · 双语设备") in order_facts(order, asked_of(order))


def test_what_the_client_asks_beyond_the_pool_stays(agency: Agency) -> None:
    order = agency.draft(
        package=Package.SPECIAL_POOL, special_pool=pool(agency), skills={agency.skill.pk: 5}, clearance=2
    )
    assert (order.skills.get().min_level, order.clearance) == (5, 2)


@pytest.mark.parametrize("fields", [{"industry": Industry.IT}, {"is_active": False}])
def test_what_is_no_pool_in_use_is_refused(agency: Agency, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        agency.draft(package=Package.SPECIAL_POOL, special_pool=pool(agency, **fields))
    assert refusal.value.code == "no_pool"


def test_a_pool_named_beside_another_package_means_nothing(agency: Agency) -> None:
    order = agency.draft(package=Package.STANDARD, special_pool=pool(agency))
    assert (order.special_pool, order.min_stars) == (None, None)


def test_profiles_are_read_in_one_query(agency: Agency, django_assert_num_queries) -> None:
    for number in range(3):
        pool(agency, name_zh=f"池{number}")
    pool(agency, name_zh="旧", is_active=False)
    with django_assert_num_queries(1):
        found = gates.ready_made()
    assert [one.profile.name_zh for one in found] == ["池0", "池1", "池2"]
    assert (found[0].skills, found[0].languages) == ({agency.skill.pk: 3}, {agency.language.pk: 4})
    assert (len(found[0].certificates), len(found[0].courses)) == (1, 1)


def test_the_usual_package_is_settled_when_the_order_is_written(agency: Agency) -> None:
    company = agency.client()
    spec = agency.spec(company)
    order = ordering.create(spec, company, by=agency.acting_client(company), now=NOW)
    assert (spec.package, order.package) == (None, Package.STANDARD)
