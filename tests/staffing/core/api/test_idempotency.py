"""The Idempotency-Key: one order for any number of tries."""

import threading
from typing import Any

import pytest
from django.db import connection

from orders.models import Offer, Order
from orders.services import bookings
from orders.states import OfferStatus
from staffing.core.models import IdempotencyRecord
from tests.api.line import V1, as_user, day, offered, proposed
from tests.fixtures.agency import Agency

ORDERS = f"{V1}orders/"
KEY: Any = {"HTTP_IDEMPOTENCY_KEY": "7f1c2a90-order-1"}
SPAN = {"start": "2026-11-24T09:00:00+08:00", "end": "2026-11-24T17:00:00+08:00"}


def body_of(agency: Agency, company, **fields):
    shift = {"start_at": day(1).isoformat(), "end_at": day(1).replace(hour=9).isoformat(), "headcount": 2}
    defaults = {
        "title": "周末在线客服",
        "service_type": "pre_sale",
        "city": agency.city.code,
        "site": company.sites.get().pk,
        "shifts": [shift],
    }
    return defaults | fields


@pytest.fixture
def company(agency):
    return agency.client()


def test_creating_needs_a_key(agency, company):
    answer = as_user(agency.member(company)).post(ORDERS, body_of(agency, company))
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert not Order.objects.exists()


@pytest.mark.parametrize("key", ["", "two words", "x" * 101, "ключ".encode().decode("latin-1")])
def test_a_key_that_is_none(agency, company, key):
    answer = as_user(agency.member(company)).post(ORDERS, body_of(agency, company), HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")


def test_the_same_again_gives_the_same_answer(agency, company):
    speaker = as_user(agency.member(company))
    first, again = (speaker.post(ORDERS, body_of(agency, company), **KEY) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first["Location"] == again["Location"] == f"{ORDERS}{first.json()['id']}/"
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_another_body_or_path_under_the_key_is_refused(agency, company):
    speaker = as_user(agency.member(company))
    made = speaker.post(ORDERS, body_of(agency, company), **KEY).json()
    other = speaker.post(ORDERS, body_of(agency, company, title="另一单"), **KEY)
    elsewhere = speaker.post(f"{ORDERS}{made['id']}/submit/", **KEY)
    for answer in (other, elsewhere):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
        assert answer["Content-Type"] == "application/problem+json"
    assert Order.objects.count() == 1


def test_keys_of_two_people_do_not_meet(agency, company):
    other = agency.client()
    assert as_user(agency.member(company)).post(ORDERS, body_of(agency, company), **KEY).status_code == 201
    assert as_user(agency.member(other)).post(ORDERS, body_of(agency, other), **KEY).status_code == 201
    assert Order.objects.count() == 2


def test_a_body_that_was_no_order_leaves_the_key_free(agency, company):
    speaker = as_user(agency.member(company))
    assert speaker.post(ORDERS, body_of(agency, company, title=""), **KEY).status_code == 400
    assert speaker.post(ORDERS, body_of(agency, company), **KEY).status_code == 201


def test_a_refusal_is_repeated_and_what_it_kept_is_kept(agency, company, monkeypatch):
    agency.worker()
    offer = offered(agency, company)
    speaker = as_user(offer.worker.user)

    def not_free(*args: object, **kwargs: object) -> None:
        raise bookings.NotFree("double_booked", "忙", reasons=[{"code": "overlap", "params": SPAN}])

    monkeypatch.setattr(bookings, "book", not_free)
    first = speaker.post(f"{V1}offers/{offer.pk}/accept/", **KEY)
    monkeypatch.undo()
    again = speaker.post(f"{V1}offers/{offer.pk}/accept/", **KEY)
    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()
    assert again["Content-Type"] == "application/problem+json"
    assert again["Idempotent-Replayed"] == "true"
    assert [reason["code"] for reason in again.json()["reasons"]] == ["overlap"]
    assert Offer.objects.get(pk=offer.pk).status == OfferStatus.WITHDRAWN


def test_an_action_without_a_key_may_be_repeated(agency, company):
    order = proposed(agency, company, start=day(2))
    speaker = as_user(agency.dispatcher())
    first, again = (speaker.post(f"{ORDERS}{order.pk}/cancel/", {"reason": "改期"}) for _ in range(2))
    assert first.json() == again.json()
    assert first.json()["status"] == "cancelled"
    assert not IdempotencyRecord.objects.exists()


def test_a_failure_of_ours_frees_the_key(agency, company, monkeypatch):
    speaker = as_user(agency.member(company))
    monkeypatch.setattr("orders.services.ordering.create", lambda *_, **__: 1 / 0)
    assert speaker.post(ORDERS, body_of(agency, company), **KEY).status_code == 500
    monkeypatch.undo()
    assert speaker.post(ORDERS, body_of(agency, company), **KEY).status_code == 201


@pytest.mark.race
def test_twins_at_the_same_moment_make_one_order(committed_agency):
    company = committed_agency.client()
    user, body = committed_agency.member(company), body_of(committed_agency, company)
    speakers = [as_user(user) for _ in range(6)]
    start, answers = threading.Barrier(len(speakers)), []

    def post(speaker):
        try:
            start.wait(timeout=10)
            answers.append(speaker.post(ORDERS, body, **KEY))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=[speaker]) for speaker in speakers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert [answer.status_code for answer in answers] == [201] * len(speakers)
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    assert Order.objects.count() == 1
