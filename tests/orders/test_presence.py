"""Who has an order open: said for a while, forgotten soon, and never worth an error."""

from datetime import timedelta

import pytest
from django.test import override_settings

from orders import presence
from tests.fixtures.agency import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=20)


@pytest.fixture(autouse=True)
def nobody(redis_url):
    presence._client(redis_url).delete(presence.KEY)
    yield
    presence._client(redis_url).delete(presence.KEY)


def test_others_are_seen_and_oneself_is_not(agency):
    one, two = agency.dispatcher(name="林调度"), agency.dispatcher(name="陆安然")
    presence.note(one, 7, NOW)
    presence.note(two, 7, NOW, acting=True)
    assert presence.others(one, SOON) == {7: [presence.Here("陆安然", True)]}
    assert presence.others(two, SOON) == {7: [presence.Here("林调度", False)]}


def test_who_looks_on_after_a_deed_is_still_at_work_for_a_while(agency):
    one, two = agency.dispatcher(), agency.dispatcher(name="陆安然")
    presence.note(two, 7, NOW, acting=True)
    presence.note(two, 7, SOON)
    assert presence.others(one, SOON)[7][0].acting
    later = NOW + timedelta(seconds=presence.ACTED_SECONDS + 1)
    presence.note(two, 7, later)
    assert not presence.others(one, later)[7][0].acting


def test_who_has_gone_is_forgotten(agency, redis_url):
    one, two = agency.dispatcher(), agency.dispatcher()
    presence.note(two, 7, NOW)
    later = NOW + timedelta(seconds=presence.SEEN_SECONDS + 1)
    assert presence.others(one, later) == {}
    presence.note(one, 8, later)
    assert list(presence._client(redis_url).hgetall(presence.KEY)) == [f"{one.pk}:8"]
    assert 0 < presence._client(redis_url).ttl(presence.KEY) <= presence.ACTED_SECONDS


def test_who_opens_the_next_order_has_left_the_last(agency):
    one, two = agency.dispatcher(), agency.dispatcher()
    presence.note(two, 7, NOW)
    presence.note(two, 8, SOON, only=True)
    assert list(presence.others(one, SOON)) == [8]


def test_what_somebody_else_wrote_there_is_no_trouble(agency, redis_url):
    presence._client(redis_url).hset(presence.KEY, mapping={"x:y": "nonsense", "3:4": "[]"})
    assert presence.others(agency.dispatcher(), NOW) == {}


def test_without_valkey_nobody_is_seen_and_nothing_fails(agency):
    with override_settings(REDIS_URL="redis://127.0.0.1:1/0"):
        presence.note(agency.dispatcher(), 7, NOW)
        assert presence.others(agency.dispatcher(), NOW) == {}
