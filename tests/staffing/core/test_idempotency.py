"""A retried request gets the first answer and changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from staffing.core import idempotency
from staffing.core.idempotency import Answer, KeyReused
from staffing.core.models import City, IdempotencyRecord, User
from tests.fixtures.agency import NOW, Agency


def make(name: str = "a", fails: bool = False) -> Callable[[], Answer]:
    """Something with an effect: it founds a city."""

    def found() -> Answer:
        city = City.objects.create(code=name, name_zh=name, name_en=name, tier=1, latitude=0, longitude=0)
        if fails:
            raise RuntimeError("no")
        return Answer(201, {"id": city.pk, "at": NOW})

    return found


def ask(user: User, key: str = "k", body: bytes = b"{}", path: str = "/api/x/", **how: Callable[[], Answer]) -> Answer:
    return idempotency.remember(user, key, "POST", path, body, now=NOW, make=how.get("make", make()))


@pytest.fixture
def user(agency: Agency) -> User:
    return agency.dispatcher()


def test_the_first_answer_is_repeated(user: User) -> None:
    first, second = ask(user), ask(user, make=make("b"))
    assert (first.status, first.repeated) == (201, False)
    assert (second.status, second.repeated, second.body["id"]) == (201, True, first.body["id"])
    assert not City.objects.filter(code="b").exists()


@pytest.mark.parametrize("other", [{"body": b'{"a":1}'}, {"path": "/api/y/"}])
def test_the_same_key_for_something_else_is_refused(user: User, other: dict[str, object]) -> None:
    ask(user)
    with pytest.raises(KeyReused):
        ask(user, make=make("b"), **other)  # type: ignore[arg-type]
    assert not City.objects.filter(code="b").exists()


def test_keys_belong_to_people(agency: Agency, user: User) -> None:
    ask(user)
    assert not ask(agency.dispatcher(), make=make("b")).repeated


def test_a_caller_that_is_no_person_has_keys_of_its_own(user: User) -> None:
    first, again = ask("partner:1"), ask("partner:1", make=make("b"))  # type: ignore[arg-type]
    other = ask("partner:2", make=make("b"))  # type: ignore[arg-type]
    assert (first.repeated, again.repeated, other.repeated) == (False, True, False)
    assert not ask(user, make=make("c")).repeated


@pytest.mark.django_db(transaction=True)
def test_a_failure_leaves_neither_effect_nor_key() -> None:
    user = Agency().dispatcher()
    with pytest.raises(RuntimeError):
        ask(user, make=make(fails=True))
    assert not City.objects.filter(code="a").exists()
    assert not IdempotencyRecord.objects.exists()
    assert not ask(user).repeated


def test_answers_are_forgotten_after_their_time(user: User) -> None:
    ask(user)
    day = timedelta(days=1)
    assert idempotency.purge(NOW + day, day) == 0
    assert idempotency.purge(NOW + day + timedelta(seconds=1), day) == 1
    assert not ask(user, make=make("b")).repeated
