"""The plugins of the test run itself: servers, pages and what they report."""

import os
from collections.abc import Mapping

import pytest
import redis
from django.contrib.auth.models import Permission
from django.db import connection
from playwright.sync_api import Page

from orders.models import Order
from staffing.core.models import User
from tests.fixtures.agency import Agency
from tests.plugins import cleaning
from tests.plugins.browser import Pages, axe_violations, launch_args
from workers.models.changes import PoolChange


@pytest.mark.django_db
def test_database_is_a_real_postgres() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), version()")
        name, version = cursor.fetchone()
    assert name.startswith("test_")
    assert version.startswith("PostgreSQL")


def test_valkey_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()


def test_processes_get_the_database_of_the_test(process_env: Mapping[str, str]) -> None:
    assert f"/{connection.settings_dict['NAME']}" in process_env["DATABASE_URL"]
    assert process_env["DATABASE_URL"] != os.environ["DATABASE_URL"]


def test_what_a_test_commits_is_emptied_as_a_flush_would(committed_agency: Agency) -> None:
    cleaning.empty()
    agency = Agency()
    agency.submitted()
    Permission.objects.filter(codename="view_order").delete()
    for _second_time in (False, True):
        cleaning.empty()
        assert not Order.objects.exists()
        assert not User.objects.exists()
        assert Permission.objects.filter(codename="view_order").exists()
        assert PoolChange.objects.filter(kind=PoolChange.Kind.ALL).exists()
        Agency().submitted()


def test_page_reports_script_errors_and_missing_labels(browser) -> None:
    pages = Pages(browser, base_url="")
    page: Page = pages()
    page.set_content(
        "<html lang=en><title>x</title><main><input></main><script>console.error('broken')</script></html>"
    )
    problems, violations = pages.problems(), axe_violations(page)
    pages.close()
    assert problems == ["console: broken"]
    assert any(each.startswith("label ") for each in violations)


def test_page_reports_breaches_of_the_content_policy(browser) -> None:
    pages = Pages(browser, base_url="http://page.example")
    page = pages(allow=["^console: "])
    headers = {"Content-Security-Policy": "default-src 'none'", "Content-Type": "text/html"}
    page.route("**/*", lambda route: route.fulfill(body="<p style='color:red'>x</p>", headers=headers))
    page.goto("/")
    page.wait_for_function("document.querySelector('p')")
    problems = pages.problems()
    pages.close()
    assert len(problems) == 1
    assert problems[0].startswith("content policy: style-src-attr: inline")


def test_what_the_test_provokes_is_allowed(browser) -> None:
    pages = Pages(browser, base_url="http://page.example")
    page = pages(allow=[r"^403 GET .*/closed$"])
    page.route("**/*", lambda route: route.fulfill(status=403, body="closed"))
    page.goto("/closed")
    assert pages.problems() == []
    page.goto("/other")
    assert pages.problems() == ["403 GET http://page.example/other"]
    pages.close()


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_missing_browser_is_a_reason_to_skip_but_not_in_ci(ci: str, outcome: type[Exception], monkeypatch) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Chromium"):
        launch_args(None)
