"""Every address of the API × method × role: who is let in, who is refused, whose objects do not exist for others."""

import pytest
from django.urls import get_resolver
from rest_framework.test import APIClient

from staffing.core.checks import patterns
from tests.api.line import V1, as_user, world

CLIENT, DISPATCHER, MANAGER, WORKER = "client", "dispatcher", "manager", "worker"
ROLES = (CLIENT, DISPATCHER, MANAGER, WORKER)
AGENCY = {DISPATCHER, MANAGER}
EVERYONE = set(ROLES)
# (method, route, object, roles that are let in)
ROUTES = [
    ("get", "orders/", None, AGENCY | {CLIENT}),
    ("post", "orders/", None, AGENCY | {CLIENT}),
    ("get", "orders/{}/", "order", AGENCY | {CLIENT}),
    ("post", "orders/{}/submit/", "draft", {CLIENT, DISPATCHER}),
    ("post", "orders/{}/confirm/", "order", AGENCY),
    ("post", "orders/{}/cancel/", "order", AGENCY | {CLIENT}),
    ("post", "orders/{}/approve-hours/", "order", {CLIENT}),
    ("get", "orders/{}/matches/", "order", AGENCY),
    ("get", "orders/{}/what-if/", "order", AGENCY),
    ("get", "workers/", None, AGENCY | {WORKER}),
    ("get", "workers/{}/", "worker", AGENCY | {WORKER}),
    ("get", "assignments/", None, EVERYONE),
    ("get", "assignments/{}/", "assignment", EVERYONE),
    ("post", "assignments/{}/check-in/", "assignment", AGENCY | {WORKER}),
    ("post", "assignments/{}/check-out/", "assignment", AGENCY | {WORKER}),
    ("post", "assignments/{}/cancel/", "assignment", {WORKER}),
    ("post", "assignments/{}/release/", "assignment", AGENCY),
    ("post", "assignments/{}/no-show/", "assignment", AGENCY),
    ("get", "offers/", None, AGENCY | {WORKER}),
    ("get", "offers/{}/", "offer", AGENCY | {WORKER}),
    ("post", "offers/{}/accept/", "offer", {WORKER}),
    ("post", "offers/{}/decline/", "offer", {WORKER}),
    ("get", "timesheets/", None, EVERYONE),
    ("get", "timesheets/{}/", "timesheet", EVERYONE),
    ("post", "timesheets/{}/approve/", "timesheet", {CLIENT}),
    ("post", "timesheets/{}/dispute/", "timesheet", {CLIENT}),
    ("get", "reviews/", None, AGENCY | {CLIENT}),
    ("get", "reviews/{}/", "review", AGENCY | {CLIENT}),
    ("get", "cases/", None, AGENCY | {CLIENT}),
    ("get", "cases/{}/", "case", AGENCY | {CLIENT}),
    ("post", "cases/{}/take/", "case", AGENCY),
    ("post", "cases/{}/find-cause/", "case", AGENCY),
    ("post", "cases/{}/report/", "case", AGENCY),
    ("post", "cases/{}/confirm/", "case", {CLIENT}),
    ("post", "cases/{}/not-solved/", "case", {CLIENT}),
    ("get", "complaints/", None, AGENCY | {CLIENT}),
    ("post", "complaints/", None, {CLIENT}),
    ("get", "complaints/{}/", "complaint", AGENCY | {CLIENT}),
]
IDS = [f"{method} {route}" for method, route, _, _ in ROUTES]


def test_the_table_above_is_complete():
    found = {
        (method, route.removeprefix("api/v1/").replace("^", "").replace("(?P<pk>\\d+)", "{}").replace("\\Z", ""))
        for route, pattern in patterns(get_resolver())
        for method in getattr(pattern.callback, "actions", {})
        if route.startswith("api/v1/") and method != "head"
    }
    assert {(method, route.rstrip("$")) for method, route in found} == {
        (method, route) for method, route, _, _ in ROUTES
    }


@pytest.mark.parametrize(("method", "route", "kind", "roles"), ROUTES, ids=IDS)
def test_each_role_is_let_in_or_refused(agency, method, route, kind, roles):
    here = world(agency)
    path = V1 + route.format(here.objects.get(kind))

    anonymous = APIClient().generic(method.upper(), path)
    assert anonymous.status_code == 401
    assert anonymous["WWW-Authenticate"] == "Token"
    for role in sorted(EVERYONE - roles):
        refused = as_user(here[role]).generic(method.upper(), path)
        assert (role, refused.status_code, refused.json()["code"]) == (role, 403, "permission_denied")
    if kind is not None:
        for role in sorted(roles & {CLIENT, WORKER}):
            foreign = as_user(here[f"other_{role}"]).generic(method.upper(), path)
            assert (role, foreign.status_code) == (role, 404)
        gone = as_user(here[sorted(roles)[0]]).generic(method.upper(), V1 + route.format(10**12))
        assert gone.status_code == 404
    for role in sorted(roles):
        answer = as_user(here[role]).generic(method.upper(), path, "{}", "application/json")
        assert (role, answer.status_code) == (role, 200) if method == "get" else answer.status_code in (200, 400, 409)


@pytest.mark.parametrize(("method", "route", "kind", "roles"), ROUTES, ids=IDS)
def test_other_methods_are_problems_too(agency, method, route, kind, roles):
    here = world(agency)
    path = V1 + route.format(here.objects.get(kind))
    answer = as_user(here[sorted(roles)[0]]).put(path, {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert method.upper() in answer["Allow"]


@pytest.mark.parametrize("kind", ["order", "assignment", "offer", "timesheet", "review", "case", "complaint"])
def test_lists_hold_only_what_is_ones_own(agency, kind):
    here = world(agency)
    path = f"{V1}{kind}s/"
    pk = here.objects[kind]
    for role in (CLIENT, WORKER):
        own, foreign = as_user(here[role]).get(path), as_user(here[f"other_{role}"]).get(path)
        if own.status_code == 200:
            assert pk in [row["id"] for row in own.json()["results"]]
            assert foreign.json()["count"] == 0
    assert pk in [row["id"] for row in as_user(here.dispatcher).get(path).json()["results"]]


def test_a_person_who_was_shut_out_is_shut_out_here_too(agency):
    here = world(agency)
    speaker = as_user(here.dispatcher)
    here.dispatcher.is_active = False
    here.dispatcher.save()
    assert speaker.get(f"{V1}orders/").status_code == 401
