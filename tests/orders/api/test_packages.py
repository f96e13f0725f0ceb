"""Packages through the API: the usual one where none is named, a pool by its id, refusals in words."""

import pytest

from orders.models import GateProfile, Order, ProfileSkill, TeamMember
from tests.fixtures.agency import NOW
from tests.orders.api.test_orders import body_of, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(agency):
    return agency.client()


def test_without_a_word_it_is_the_usual_one(agency, company):
    assert post(agency.member(company), body_of(agency, company)).status_code == 201
    assert Order.objects.get().package == "standard"


def test_a_pool_is_named_by_its_id_and_brings_its_requirements(agency, company):
    pool = GateProfile.objects.create(name_zh="双语设备", name_en="Bilingual")
    ProfileSkill.objects.create(profile=pool, skill=agency.skill, min_level=4)
    body = body_of(agency, company, package="special_pool", special_pool=pool.pk)
    assert post(agency.member(company), body).status_code == 201
    order = Order.objects.get()
    assert (order.special_pool, order.skills.get().min_level) == (pool, 4)


@pytest.mark.parametrize("fields", [{"package": "fixed_team"}, {"package": "special_pool"}, {"package": "gold"}])
def test_what_cannot_be_is_refused(agency, company, fields):
    assert post(agency.member(company), body_of(agency, company, **fields)).status_code == 400
    assert not Order.objects.exists()


def test_an_industrys_profile_is_no_pool(agency, company):
    usual = GateProfile.objects.create(name_zh="电商", name_en="E", industry="ecommerce")
    body = body_of(agency, company, package="special_pool", special_pool=usual.pk)
    assert post(agency.member(company), body).status_code == 400


def test_the_team_may_be_asked_for_where_there_is_one(agency, company):
    TeamMember.objects.create(client=company, worker=agency.worker(), created_at=NOW)
    assert post(agency.member(company), body_of(agency, company, package="fixed_team")).status_code == 201
    assert Order.objects.get().package == "fixed_team"
