"""Nobody guesses a survey's link; one that no longer works says why, kindly, in both languages."""

import random
import string
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client as Browser

from feedback.models import Survey
from feedback.services import surveys
from feedback.services.surveys import SALT, LinkInvalid
from tests.feedback.stories import ENDED, GOOD, Scene, scene
from tests.fixtures.agency import Agency

GUESSES = 10_000
ALPHABET = string.ascii_letters + string.digits + "-_:"


@pytest.fixture
def told(agency: Agency) -> Scene:
    return scene(agency)


def guesses(token: str, survey: Survey, count: int) -> list[str]:
    """What somebody might try who has seen one real link: noise, small changes, other numbers, other keys."""
    luck = random.Random(1)
    content, stamp, signature = token.rsplit(":", 2)

    def noise() -> str:
        return "".join(luck.choices(ALPHABET, k=len(token)))

    def one_letter() -> str:
        at = luck.randrange(len(token))
        other = luck.choice([letter for letter in ALPHABET if letter != token[at]])
        return token[:at] + other + token[at + 1 :]

    def another_survey() -> str:
        number = {"s": survey.pk + luck.randint(1, 999), "n": survey.nonce}
        return f"{signing.dumps(number, salt=SALT).split(':')[0]}:{stamp}:{signature}"

    def another_key() -> str:
        return signing.dumps({"s": survey.pk, "n": survey.nonce}, key=f"guess{luck.random()}", salt=SALT)

    def another_signature() -> str:
        return f"{content}:{stamp}:{''.join(luck.choices(ALPHABET, k=len(signature)))}"

    ways = (noise, one_letter, another_survey, another_key, another_signature)
    return [ways[number % len(ways)]() for number in range(count)]


def test_ten_thousand_guesses_hit_nothing_and_cost_no_query(told: Scene, django_assert_num_queries) -> None:
    tried = guesses(surveys.token_of(told.survey), told.survey, GUESSES)
    assert len(set(tried)) > GUESSES * 0.8
    hits = 0
    with django_assert_num_queries(0):
        for token in tried:
            try:
                surveys.survey_of(token, ENDED)
                hits += 1
            except LinkInvalid as refused:
                assert refused.code == "link_invalid"
    assert hits == 0
    assert surveys.survey_of(surveys.token_of(told.survey), ENDED) == told.survey


def test_even_with_the_key_the_secret_of_the_link_must_be_known(told: Scene) -> None:
    """A leaked signing key alone opens nothing: 256 random bits are behind it."""
    assert len(told.survey.nonce) >= 43
    for nonce in ("", "a" * 43, told.survey.nonce[:-1], told.survey.nonce.swapcase()):
        with pytest.raises(LinkInvalid):
            surveys.survey_of(signing.dumps({"s": told.survey.pk, "n": nonce}, salt=SALT), ENDED)


KIND = {
    "zh-hans": {"expired": "链接已过期", "revoked": "已被撤回", "used": "谢谢"},
    "en": {"expired": "expired", "revoked": "taken back", "used": "Thank you"},
}


@pytest.mark.parametrize("language", KIND)
@pytest.mark.parametrize("why", ["expired", "revoked", "used"])
def test_a_link_that_is_over_says_so(told: Scene, why: str, language: str) -> None:
    token, now = surveys.token_of(told.survey), ENDED
    if why == "expired":
        now = told.survey.expires_at
    elif why == "revoked":
        Survey.objects.filter(pk=told.survey.pk).update(revoked_at=ENDED)
    else:
        surveys.answer(told.survey.pk, GOOD, ENDED)
        now = ENDED + timedelta(days=3)
    with time_machine.travel(now, tick=False):
        answer = Browser(headers={"accept-language": language}).get(f"/s/{token}/")
    assert answer.status_code == (200 if why == "used" else 404)
    assert KIND[language][why] in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert told.survey.nonce not in answer.content.decode()
