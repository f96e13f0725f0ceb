"""Tokens: got with phone and password, guarded like the login page, given back."""

import pytest
from django.core.management import CommandError, call_command
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from staffing.core.models import User
from tests.api.line import V1, as_user

TOKEN = f"{V1}token/"
PASSWORD = "晴天 with-umbrella-42"


@pytest.fixture
def person(agency) -> User:
    user = agency.dispatcher()
    user.set_password(PASSWORD)
    user.save()
    return user


def ask(phone, password, **headers):
    return APIClient().post(TOKEN, {"phone": phone, "password": password}, **headers)


def test_a_token_opens_what_the_role_may_see(person):
    answer = ask(person.phone, PASSWORD)
    assert answer.status_code == 200
    assert answer.json()["role"] == "dispatcher"
    speaker = APIClient()
    speaker.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert speaker.get(f"{V1}orders/").status_code == 200
    person.refresh_from_db()
    assert person.last_login is not None


def test_asking_again_gives_the_same_token_however_the_number_is_written(person):
    first = ask(person.phone, PASSWORD).json()["token"]
    spaced = f"+86 {person.phone[:3]} {person.phone[3:7]} {person.phone[7:]}"
    assert ask(spaced, PASSWORD).json()["token"] == first


def test_a_token_given_back_is_worthless(person):
    speaker = as_user(person)
    assert speaker.delete(TOKEN).status_code == 204
    assert speaker.delete(TOKEN).status_code == 401
    assert not Token.objects.exists()
    assert APIClient().delete(TOKEN).status_code == 401


def test_a_wrong_pair_says_nothing_about_which_part(person):
    wrong = ask(person.phone, "nonsense")
    nobody = ask("13900000000", "nonsense")
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()
    assert wrong["WWW-Authenticate"] == "Token"


def test_an_old_token_does_not_hinder_asking(person):
    answer = ask(person.phone, PASSWORD, HTTP_AUTHORIZATION="Token long-gone")
    assert answer.status_code == 200


@pytest.mark.parametrize("body", [{}, {"phone": "1"}, {"phone": "1", "password": "x", "code": 1}, []])
def test_an_incomplete_body_is_refused(db, body):
    answer = APIClient().post(TOKEN, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_guessing_is_stopped_for_every_way_of_writing_the_number(person, settings):
    for number in range(settings.AXES_FAILURE_LIMIT):
        answer = ask(f"{person.phone[:3]}{'-' * number}{person.phone[3:]}", "guess")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    right_but_late = ask(person.phone, PASSWORD)
    assert right_but_late.status_code == 429
    assert right_but_late["Content-Type"] == "application/problem+json"
    assert 0 < int(right_but_late["Retry-After"]) <= 900
    assert not Token.objects.exists()


def test_a_success_forgets_earlier_slips(person, settings):
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            assert ask(person.phone, "slip").status_code == 401
        assert ask(person.phone, PASSWORD).status_code == 200


def test_the_command_prints_and_revokes(person, capsys):
    call_command("api_token", person.phone)
    assert capsys.readouterr().out.strip() == Token.objects.get(user=person).key
    call_command("api_token", person.phone, "--revoke")
    call_command("api_token", person.phone, "--revoke")
    assert capsys.readouterr().out.split("\n")[:2] == ["revoked", "there was none"]
    with pytest.raises(CommandError, match="Nobody"):
        call_command("api_token", "13900000000")
