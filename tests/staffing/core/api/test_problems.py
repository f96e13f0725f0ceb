"""Whatever goes wrong is a problem detail in the language of the request."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from orders.api.views import OrderViewSet
from tests.api.line import V1, as_user, booked, day

PROBLEM = "application/problem+json"
MEMBERS = {"type", "title", "status", "code", "detail", "instance"}


def problem(answer, status, code):
    assert answer["Content-Type"] == PROBLEM
    body = answer.json()
    assert body.keys() >= MEMBERS
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["instance"] == answer.request["PATH_INFO"]
    return body


@pytest.fixture
def speaker(agency):
    return as_user(agency.manager())


def test_what_is_not_there(speaker):
    assert problem(speaker.get(f"{V1}orders/77/"), 404, "not_found")["title"] == "Not Found"


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/orders", "/api/v1/orders/x/", "/api/v2/orders/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_is_none(db, path, method):
    problem(getattr(APIClient(), method)(path), 404, "not_found")


def test_what_cannot_be_read(speaker):
    path = f"{V1}orders/"
    problem(speaker.generic("POST", path, b"{", "application/json"), 400, "parse_error")
    problem(speaker.generic("POST", path, b"a=1", "application/x-www-form-urlencoded"), 415, "unsupported_media_type")
    problem(speaker.get(path, HTTP_ACCEPT="text/html"), 406, "not_acceptable")
    problem(speaker.generic("POST", path, b'{"title": NaN}', "application/json"), 400, "parse_error")


@pytest.mark.parametrize("body", ['{"title": "\\ud800"}', "[" * 100_000, '{"title": "单"'])
def test_text_that_is_no_json(speaker, body):
    problem(speaker.generic("POST", f"{V1}orders/", body, "application/json"), 400, "parse_error")


def test_a_body_larger_than_any_honest_one(speaker, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = json.dumps({"title": "x" * 1000})
    problem(speaker.generic("POST", f"{V1}orders/", body, "application/json"), 413, "too_large")


def test_what_is_wrong_is_pointed_at(agency, speaker):
    body: Any = {
        "title": "x" * 81,
        "shifts": [
            {"start_at": day(1).isoformat(), "end_at": day(2).isoformat(), "headcount": 1},
            {"start_at": "2026-12-01T09:00:00", "headcount": 0, "end": "?"},
        ],
    }
    found = problem(speaker.post(f"{V1}orders/", body), 400, "invalid")["errors"]
    where = {(error["pointer"], error["code"]) for error in found}
    assert {("#/title", "max_length"), ("#/city", "required"), ("#/shifts/1/end", "unknown")} <= where
    body["shifts"][1] = {"start_at": "2026-12-01T09:00:00", "headcount": 0, "end_at": day(2).isoformat()}
    found = problem(speaker.post(f"{V1}orders/", body), 400, "invalid")["errors"]
    where = {(error["pointer"], error["code"]) for error in found}
    assert {("#/shifts/1/start_at", "naive"), ("#/shifts/1/headcount", "min_value")} <= where


def test_a_body_that_is_no_object(speaker):
    found = problem(speaker.post(f"{V1}orders/", [1]), 400, "invalid")["errors"]
    assert [error["pointer"] for error in found] == ["#"]


def test_a_refusal_carries_its_figures_and_speaks_the_language_asked_for(agency):
    agency.worker()
    work = booked(agency, agency.client(), start=day(4))
    body = {"reason": ""}
    told = {}
    for language in ("zh-hans", "en"):
        answer = as_user(work.worker.user, language).post(f"{V1}assignments/{work.pk}/check-in/", body)
        told[language] = problem(answer, 400, "too_early")
        assert told[language]["params"] == {"minutes": 90}
        assert answer["Content-Language"] == language
    assert "90" in told["zh-hans"]["detail"]
    assert "签到" in told["zh-hans"]["detail"]


def test_our_own_fault_tells_no_secrets(speaker, monkeypatch):
    def broken(view, user):
        raise RuntimeError("secret")

    monkeypatch.setattr(OrderViewSet, "visible", broken)
    answer = speaker.get(f"{V1}orders/")
    problem(answer, 500, "error")
    assert "secret" not in json.dumps(answer.json())


def test_a_lost_database_is_not_our_fault(speaker, monkeypatch):
    def lost(view, user):
        raise OperationalError("gone")

    monkeypatch.setattr(OrderViewSet, "visible", lost)
    answer = speaker.get(f"{V1}orders/")
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (503, PROBLEM, "5")
