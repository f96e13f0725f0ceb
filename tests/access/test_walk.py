"""Every address × method × role, from the resolver, against a committed table: who is let in, and who is not.

The table is `matrix.txt`. A new address or a changed rule fails here until its line says so:
`UPDATE_ACCESS=1 pytest tests/access` writes it anew, and the difference is read before it is committed.

Words of the table: `yes` let in, `login` sent to log in (401 for the API; leaving ends there too), `no` 403, `404`,
`405`. A method that no line names lets nobody in.
"""

import os
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client as Browser

from staffing.core.actors import actor_of
from staffing.core.checks import OURS, patterns
from staffing.core.models import Role, User
from tests.access.meanings import meaning
from tests.access.scene import Side, build
from tests.fixtures.agency import NOW, Agency

TABLE = Path(__file__).with_name("matrix.txt")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = (*Role.values, "nobody")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
# Format suffixes of the API's router name the same view again.
SKIPPED = re.compile(r"format|^\^?admin|drf_format_suffix")


def addresses() -> Iterator[str]:
    """Every route of ours, as the resolver writes it."""
    for route, pattern in patterns():
        if (pattern.callback.__module__ or "").startswith(OURS) and not SKIPPED.search(route):
            yield route


def url_of(route: str, side: Side, role: str) -> str:
    """The address with the side's object in it."""
    if not PARAMETER.search(route):
        return "/" + re.sub(r"[\^$\\]|\.\Z", "", route)
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    value: Any = side.ids[meaning(plain)]
    value = value.get(role, 0) if isinstance(value, dict) else value
    return "/" + re.sub(r"[\^$\\]", "", PARAMETER.sub(str(value), route))


def word(status: int, location: str) -> str:
    """What an answer means for the question "may I come in"."""
    if status == 401 or (status == 302 and location.startswith("/login/")):
        return "login"
    return {403: "no", 404: "404", 405: "405"}.get(status, "yes" if status < 500 else str(status))


def enter(user: User | None) -> Browser:
    """A browser that is logged in, or not."""
    browser = Browser(raise_request_exception=False)
    if user is not None:
        browser.force_login(user)
    return browser


def ask(browser: Browser, method: str, url: str) -> str:
    """One request whose effects are taken back."""
    kept = browser.cookies
    browser.cookies = SimpleCookie({name: cookie.value for name, cookie in kept.items()})
    with transaction.atomic():
        answer = browser.generic(method, url, data="{}" if url.startswith("/api/") else "", content_type=kind(url))
        transaction.set_rollback(True)
    browser.cookies = kept
    return word(answer.status_code, answer.headers.get("Location", ""))


def kind(url: str) -> str:
    return "application/json" if url.startswith("/api/") else "application/x-www-form-urlencoded"


def line(route: str, sides: tuple[Side, Side], people: dict[str, Browser]) -> Iterator[str]:
    """The lines of one address, own/another's where it names an object; a method that lets nobody in has none."""
    names_object = bool(PARAMETER.search(route))
    for method in METHODS:
        words = []
        for role in ROLES:
            own = other = ask(people[role], method, url_of(route, sides[0], role))
            if names_object and own != "405":
                other = ask(people[role], method, url_of(route, sides[1], role))
            words.append(f"{role}:{own}" if own == other else f"{role}:{own}/{other}")
        if any("yes" in w or "404" in w for w in words):
            yield f"{method:6} {route:70} {' '.join(words)}"


@pytest.mark.django_db
def test_who_is_let_in_where() -> None:
    with time_machine.travel(NOW, tick=False):
        agency = Agency()
        desk, manager = agency.dispatcher(), agency.manager()
        sides = (build(agency, actor_of(desk)), build(agency, actor_of(desk)))
        users = {**sides[0].users, Role.DISPATCHER.value: desk, Role.MANAGER.value: manager, "nobody": None}
        people = {role: enter(user) for role, user in users.items()}
        found = [row.rstrip() for route in addresses() for row in line(route, sides, people)]
    if os.environ.get("UPDATE_ACCESS"):
        TABLE.write_text("\n".join(found) + "\n", encoding="utf-8")
    assert found == TABLE.read_text(encoding="utf-8").splitlines()


def test_the_table_lets_no_stranger_at_anothers_things() -> None:
    """Read from the table itself: for clients and workers, another's object is never more than refused.

    A link is for whoever has it; what is taught is nobody's own.
    """
    linked, taught = (
        r"(s|apply|calendar|kiosk)/<str:token>|verify/<",
        r"my/training/(courses|lessons|sessions|quizzes)/<",
    )
    shared = re.compile(f"{linked}|{taught}")
    for row in TABLE.read_text(encoding="utf-8").splitlines():
        for role in (Role.CLIENT.value, Role.WORKER.value):
            own, _, other = re.search(rf" {role}:(\S+)", row)[1].partition("/")  # type: ignore[index]
            if "<" in row and not shared.search(row):
                assert (other or own) in {"404", "no", "405", "login"}, row


def test_nobody_gets_further_than_the_public_pages() -> None:
    public = re.compile(
        r"^\S+ +(login/|language/|health/|apply/|(s|calendar|kiosk|verify)/<|manifest\.|sw\.js|offline/|dev/components"
        r"|api/(docs|schema|v1/token))"
    )
    rows = [r for r in TABLE.read_text(encoding="utf-8").splitlines() if "nobody:yes" in r]
    assert [r for r in rows if not public.search(r)] == []
