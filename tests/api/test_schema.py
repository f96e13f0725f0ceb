"""The description of the API is valid, complete and public; its page loads under the content policy."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from rest_framework.test import APIClient

from tests.api.test_access import ROUTES

JSON = "application/vnd.oai.openapi+json"


@pytest.fixture
def schema(db):
    return APIClient().get("/api/schema/", HTTP_ACCEPT=JSON).json()


def test_the_schema_is_valid_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_every_address_is_described(schema):
    described = {
        (method, re.sub(r"\{id\}", "{}", path).removeprefix("/api/v1/"))
        for path, found in schema["paths"].items()
        for method in found
    }
    tokens = {("post", "token/"), ("delete", "token/")}
    partners = {("get", "applications/"), ("post", "applications/"), ("get", "applications/{}/")}
    assert described == {(method, route) for method, route, _, _ in ROUTES} | tokens | partners


def test_every_operation_says_in_which_problems_it_may_end(schema):
    for path, found in schema["paths"].items():
        for method, operation in found.items():
            told = {code for code, answer in operation["responses"].items() if code >= "400"}
            assert "401" in told, (method, path)
            for code in told:
                body = operation["responses"][code]["content"]["application/problem+json"]["schema"]
                assert body == {"$ref": "#/components/schemas/Problem"}


def test_the_key_is_required_where_something_is_created(schema):
    def needed(path):
        parameters = schema["paths"][path]["post"]["parameters"]
        return next(one.get("required", False) for one in parameters if one["name"] == "Idempotency-Key")

    assert needed("/api/v1/orders/") is True
    assert needed("/api/v1/applications/") is True
    assert needed("/api/v1/orders/{id}/submit/") is False


@pytest.mark.parametrize(("asked", "label"), [("zh-hans", "草稿"), ("en", "draft"), ("tlh", "草稿")])
def test_the_description_is_in_the_language_asked_for(db, asked, label):
    for _ in range(2):
        told = APIClient().get(f"/api/schema/?lang={asked}", HTTP_ACCEPT=JSON).json()
        assert label in told["components"]["schemas"]["OrderStatusEnum"]["description"]


def test_states_have_their_own_names(schema):
    names = schema["components"]["schemas"]
    assert set(names["OrderStatusEnum"]["enum"]) >= {"draft", "in_service"}
    assert not [name for name in names if re.fullmatch(r".*[0-9a-f]{3}Enum", name)]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_docs_page_loads_for_anybody(live_server, open_page, locale):
    page = open_page(locale=locale)
    page.goto("/api/docs/")
    expect(page.locator(".opblock").first).to_be_visible(timeout=20_000)
    assert page.locator(".opblock").count() >= len(ROUTES)
    page.locator("#operations-orders-orders_create .opblock-summary-control").click()
    expect(page.locator("#operations-orders-orders_create .opblock-body")).to_contain_text("Idempotency-Key")
