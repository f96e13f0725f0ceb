"""Every operation of the description, asked what its schema allows and forbids, by every role and by a partner's key:
it never breaks, answers as described, and lets nobody in without a name.

A few examples an operation; `API_EXAMPLES=200 pytest tests/api/test_as_described.py` asks more, at random.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from staffing.core.api import tokens
from staffing.core.api.docs import described
from staffing.core.idempotency import Answer
from tests.api.line import World, world
from tests.api.test_access import ROUTES
from tests.fixtures.agency import Agency
from tests.fixtures.partners import Machine, machine, person
from workers.models import Application

EXAMPLES = os.environ.get("API_EXAMPLES")
KEPT = settings(
    max_examples=int(EXAMPLES or 3),
    derandomize=EXAMPLES is None,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
CHECKS: list[Any] = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.ignored_auth,
]
ROLES = ("client", "dispatcher", "manager", "worker")
# Which object an `{id}` means, by the beginning of its path.
OBJECTS = {route.split("{}")[0]: kind for _method, route, kind, _roles in ROUTES if kind}
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def product(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The product in the test's own transaction: the plain WSGI application would close its connection."""
    plain = {name: value for name, value in environ.items() if name != "HTTP_ACCEPT_ENCODING"}
    answer = Client(raise_request_exception=False).request(**plain)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.content]


def signing(inner: WSGI, by: Machine) -> WSGI:
    """The product behind a machine that signs whatever says that it wants that."""

    def signed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_AUTHORIZATION") == "sign":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            query = environ.get("QUERY_STRING", "")
            target = environ["PATH_INFO"].encode("latin-1").decode() + (f"?{query}" if query else "")
            environ["HTTP_AUTHORIZATION"] = by.header(environ["REQUEST_METHOD"], target, body)
        return inner(environ, start_response)

    return signed


@pytest.fixture
def here(agency: Agency) -> World:
    return world(agency)


@pytest.fixture
def partner(agency: Agency) -> Machine:
    sender = machine(per_minute=30_000)
    assert sender.post(person()).status_code == 201
    return sender


def operations(by: Machine) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(described("zh-hans"))
    schema.app = signing(product, by)
    for found in schema.get_all_operations():
        operation: Any = found
        yield operation.ok()


def aimed(case: Any, here: World) -> Any:
    """The case at an object that is there: a random number would only ever find nothing."""
    if case.path_parameters and "id" in case.path_parameters:
        route = case.path.removeprefix("/api/v1/").split("{")[0]
        kinds = {start: kind for start, kind in OBJECTS.items() if start == route}
        known = here.objects[kinds[route]] if kinds else Application.objects.latest("pk").pk
        case.path_parameters["id"] = known
    return case


def problem(case: Any, who: str, header: str) -> str:
    """What is wrong with the answer; "" for one that is as described. Nothing of it stays."""
    try:
        with transaction.atomic():
            try:
                case.call_and_validate(headers={"Authorization": header}, checks=CHECKS)
            finally:
                transaction.set_rollback(True)
    except FailureGroup as group:
        # All of them are told at the end.
        return f"{who}: {case.method} {case.formatted_path}\n" + "\n".join(map(str, group.exceptions))
    return ""


def examples_of(operation: Any, callers: dict[str, str], here: World, found: list[str]) -> None:
    """Ask one operation as each caller; what is wrong is added to `found`."""

    @KEPT
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        for who, header in callers.items():
            if told := problem(aimed(case, here), who, header):
                found.append(told)

    ask()


def test_every_operation_keeps_its_word_for_everybody(here: World, partner: Machine) -> None:
    people = {role: f"Token {tokens.issue(here[role]).key}" for role in ROLES}
    machines = {"partner": "sign", "dispatcher": people["dispatcher"]}
    found: list[str] = []
    for operation in operations(partner):
        examples_of(operation, machines if "/applications/" in operation.path else people, here, found)
    assert not found, "\n\n".join(dict.fromkeys(found))


def test_the_signing_machine_reaches_what_it_asks_for(here: World, partner: Machine) -> None:
    """Else the test above would only ever see 401."""
    for operation in operations(partner):
        if operation.label == "GET /api/v1/applications/":
            answer = operation.Case().call(headers={"Authorization": "sign"})
            assert (answer.status_code, answer.json()["count"]) == (200, 1)
            return
    raise AssertionError


def test_a_broken_operation_would_be_found(here: World, partner: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The net holds: an answer of another shape, and an error, are told."""
    from workers.api.applications import ApplicationsView

    monkeypatch.setattr(ApplicationsView, "_one", lambda *_: Answer(201, {"id": "x"}))
    operation = next(each for each in operations(partner) if each.label == "POST /api/v1/applications/")
    case = operation.Case(body=person(), media_type="application/json", headers={"Idempotency-Key": "k"})
    assert "x" in problem(case, "partner", "sign")
    monkeypatch.setattr(ApplicationsView, "_one", lambda *_: 1 / 0)
    assert "Server error" in problem(case, "partner", "sign")
