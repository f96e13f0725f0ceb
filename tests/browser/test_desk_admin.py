"""The stock admin: it loads under the strict content policy, and nothing that services write can be written there."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import expect

from orders.models import Order, OrderPolicy
from staffing.core.models import AuditEvent, OutboxMessage, User
from tests.fixtures.agency import Agency
from workers.models import RateCard, Worker

PASSWORD = "correct-horse-battery"
OURS = ("core", "workers", "orders", "feedback")


@pytest.fixture
def boss(agency: Agency, client: Browser) -> Browser:
    client.force_login(User.objects.create_superuser("13700000000", PASSWORD))
    return client


def tables() -> list[Any]:
    return [model for model in admin.site._registry if model._meta.app_label in OURS]


def address(model: Any, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_table_opens_as_a_list_and_for_adding_where_that_is_allowed(agency, boss):
    agency.submitted()
    agency.worker()
    assert len(tables()) > 30
    for model in tables():
        assert boss.get(address(model, "changelist")).status_code == 200, model
        assert boss.get(address(model, "add")).status_code in (200, 403), model
        first = model._default_manager.first()
        if first is not None:
            assert boss.get(address(model, "change", first.pk)).status_code == 200, model


def test_what_services_write_cannot_be_written(agency, boss):
    order = agency.submitted()
    for row in (order, AuditEvent.objects.earliest("at"), OutboxMessage.objects.earliest("pk")):
        page = address(type(row), "change", row.pk)
        assert boss.post(page, {"status": "cancelled"}).status_code == 403
        assert boss.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
        assert boss.get(address(type(row), "add")).status_code == 403
    assert Order.objects.get().status == order.status


def test_the_status_of_a_person_is_shown_and_not_edited(agency, boss):
    worker = agency.worker()
    form = boss.get(address(Worker, "change", worker.pk)).context["adminform"].form
    assert not {"status", "stars", "reliability", "services_done"} & set(form.fields)
    assert "max_km" in form.fields


def test_numbers_can_be_edited_and_a_policy_exists_once(agency, boss):
    assert boss.get(address(OrderPolicy, "add")).status_code == 200
    policy = OrderPolicy()
    policy.save()
    assert boss.get(address(OrderPolicy, "add")).status_code == 403
    values = {field.name: getattr(policy, field.name) for field in OrderPolicy._meta.fields if field.name != "id"}
    assert boss.post(address(OrderPolicy, "change", 1), {**values, "offer_minutes": 45}).status_code == 302
    assert OrderPolicy.current().offer_minutes == 45
    rate = RateCard.objects.earliest("pk")
    form = boss.get(address(RateCard, "change", rate.pk)).context["adminform"].form
    assert {"pay_rate", "bill_rate"} <= set(form.fields)


@pytest.mark.parametrize("role", ["dispatcher", "manager"])
def test_only_staff_gets_into_the_admin(agency, client, role):
    client.force_login(agency.user(role))
    assert client.get(reverse("admin:index")).status_code == 302


def test_the_admin_loads_under_the_content_policy(live_server, transactional_db, open_page):
    User.objects.create_superuser("13700000000", PASSWORD)
    Agency().worker()
    page = open_page()
    page.goto(reverse("admin:login"))
    page.get_by_label("手机号").fill("13700000000")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("[type=submit]").click()
    for model in (User, Worker, OrderPolicy):
        page.goto(address(model, "changelist"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(address(Worker, "change", Worker.objects.get().pk))
    expect(page.locator("#id_max_km")).to_be_visible()
