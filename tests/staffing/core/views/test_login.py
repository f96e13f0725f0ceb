"""Logging in: by phone however typed, throttled per account, each role to its own page."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from staffing.core.models import Role
from staffing.core.views.login import HOMES
from tests.fixtures.agency import Agency

PASSWORD = "correct-horse-9"


def try_login(browser: Browser, phone: str, password: str = PASSWORD) -> int:
    return browser.post(reverse("login"), {"username": phone, "password": password}).status_code


@pytest.fixture
def phone(agency: Agency) -> str:
    user = agency.dispatcher()
    user.set_password(PASSWORD)
    user.save()
    return user.phone


@pytest.mark.parametrize("spelling", ["{0}", "+86 {0}", "86-{0}", " {0} "])
def test_the_number_may_be_typed_as_people_do(client: Browser, phone: str, spelling: str) -> None:
    assert try_login(client, spelling.format(phone)) == 302
    assert "_auth_user_id" in client.session


def test_passwords_are_kept_with_argon2(phone: str) -> None:
    from staffing.core.models import User

    assert User.objects.get(phone=phone).password.startswith("argon2")


def test_a_wrong_password_keeps_the_number_and_says_nothing_of_it(client: Browser, phone: str) -> None:
    answer = client.post(reverse("login"), {"username": phone, "password": "wrong"})
    unknown = client.post(reverse("login"), {"username": "13999999999", "password": "wrong"})
    assert phone in answer.content.decode()
    assert "手机号或密码不正确" in answer.content.decode()
    assert "手机号或密码不正确" in unknown.content.decode()


def test_five_wrong_passwords_lock_the_account_however_it_is_spelt(client: Browser, phone: str) -> None:
    spellings = [phone, f"+86{phone}", f" {phone}", f"86 {phone}", f"{phone[:3]}-{phone[3:]}"]
    codes = [try_login(client, one, "wrong") for one in spellings]
    assert codes[-1] == 429
    assert try_login(client, phone) == 429, "the right password is refused too, until the time is over"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", Role.values)
def test_each_role_lands_on_its_own_page(client: Browser, agency: Agency, role: str) -> None:
    client.force_login(agency.user(role))
    assert client.get("/").headers["Location"] == reverse(HOMES[Role(role)])


def test_nobody_gets_in_without_logging_in(client: Browser) -> None:
    assert client.get("/").headers["Location"] == f"{reverse('login')}?next=/"


def test_leaving_needs_a_post(client: Browser, agency: Agency) -> None:
    client.force_login(agency.dispatcher())
    assert client.get(reverse("logout")).status_code == 405
    client.post(reverse("logout"))
    assert "_auth_user_id" not in client.session


def test_the_language_is_remembered_for_the_person(client: Browser, agency: Agency) -> None:
    user = agency.dispatcher()
    client.force_login(user)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    user.refresh_from_db()
    assert user.language == "en"


def test_the_policy_headers_are_on_every_page(client: Browser) -> None:
    answer = client.get(reverse("login"))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
