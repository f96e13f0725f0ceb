"""Input that nobody means: an answer in the 400s, never one of ours."""

import json

import pytest
from rest_framework.test import APIClient

from tests.api.line import V1, as_user, world

ODD = [
    "",
    "99999999999999999999999",
    "-1",
    "1.5",
    "1e400",
    "NaN",
    "x\x00y",
    "\ud83d\ude00",
    "%",
    "2026-13-01",
    "0001-01-01",
]
PARAMETERS = {
    "orders": ["status", "service_type", "client", "city", "remote", "from", "to", "ordering", "page", "page_size"],
    "workers": ["status", "level", "city", "skill", "min_stars", "name"],
    "assignments": ["status", "order", "client", "worker", "city", "from"],
    "offers": ["status", "order", "worker", "to"],
    "timesheets": ["status", "order", "client", "worker", "from"],
    "reviews": ["client", "order", "city", "overall_max", "from"],
    "cases": ["status", "client", "order", "owner", "city", "to"],
    "complaints": ["category", "client", "order", "from", "ordering"],
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_odd_parameters(agency, name):
    speaker = as_user(agency.manager())
    for parameter in PARAMETERS[name]:
        for value in ODD:
            text = value.encode("utf-16", "surrogatepass").decode("utf-16")
            answer = speaker.get(f"{V1}{name}/", {parameter: text})
            assert answer.status_code in (200, 400, 404), (parameter, value, answer.content)


@pytest.mark.parametrize(
    "value", [None, True, [], {}, "", 10**30, -1, 1.5, "\ud800", "x" * 5000, "0001-01-01T00:00:00Z"]
)
def test_odd_bodies(agency, value):
    here = world(agency)
    posts = [
        (
            "client",
            "orders/",
            ["client", "title", "city", "site", "shifts", "skills", "min_stars", "clearance", "notes"],
        ),
        ("worker", f"offers/{here.objects['offer']}/decline/", ["reason"]),
        ("worker", f"assignments/{here.objects['assignment']}/check-in/", ["latitude", "longitude", "accuracy_m"]),
        ("client", f"timesheets/{here.objects['timesheet']}/dispute/", ["reason"]),
        ("manager", f"cases/{here.objects['case']}/find-cause/", ["cause", "note", "fix", "fix_by"]),
        ("client", f"cases/{here.objects['case']}/not-solved/", ["note", "round"]),
        ("client", "complaints/", ["order", "category", "severity", "text"]),
    ]
    for role, path, fields in posts:
        body = json.dumps(dict.fromkeys(fields, value))
        answer = as_user(here[role]).generic("POST", V1 + path, body, "application/json", HTTP_IDEMPOTENCY_KEY=path)
        assert answer.status_code in (200, 400, 409), (path, answer.content)


def test_odd_shifts(agency):
    company = agency.client()
    edges = ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00", "2026-11-24T24:00:00Z", 5, None]
    for edge in edges:
        body = {"shifts": [{"start_at": edge, "end_at": edge, "headcount": 1}], "title": "单", "remote": True}
        body |= {"service_type": "vip", "city": "shanghai"}
        answer = as_user(agency.member(company)).post(f"{V1}orders/", body, HTTP_IDEMPOTENCY_KEY="edge")
        assert answer.status_code == 400, (edge, answer.content)


def test_a_browser_session_writes_only_with_its_csrf_token(agency):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(agency.dispatcher())
    order = agency.submitted()
    assert browser.get(f"{V1}orders/{order.pk}/").status_code == 200
    answer = browser.post(f"{V1}orders/{order.pk}/cancel/", {"reason": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
