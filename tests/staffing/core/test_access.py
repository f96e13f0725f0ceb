"""Who may open a view: said by a decorator, checked before anything else happens."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory

from staffing.core.access import access, public
from staffing.core.models import Role, User

View = Callable[[HttpRequest], HttpResponseBase]


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


DESK: View = access(Role.DISPATCHER, Role.MANAGER, methods="GET POST")(hello)
ANYBODY_LOGGED_IN: View = access()(hello)
OPEN: View = public(methods="GET POST")(hello)


def ask(view: View, role: str = "", method: str = "GET", *, htmx: bool = False) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/desk/?page=2")
    request.user = User(role=role, name="x") if role else AnonymousUser()
    request.htmx = htmx  # type: ignore[attr-defined]
    return view(request)


@pytest.mark.parametrize("role", Role.values)
def test_only_the_named_roles_come_in(role: str) -> None:
    if role in (Role.DISPATCHER, Role.MANAGER):
        assert ask(DESK, role).status_code == 200
    else:
        with pytest.raises(PermissionDenied):
            ask(DESK, role)
    assert ask(ANYBODY_LOGGED_IN, role).status_code == 200
    assert ask(OPEN, role).status_code == 200


def test_nobody_is_led_to_the_login_and_back() -> None:
    answer = ask(DESK)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/?next=/desk/%3Fpage%3D2")
    assert ask(DESK, method="POST").headers["Location"] == "/login/?next=/"
    assert ask(OPEN).status_code == 200


def test_a_live_part_leads_the_whole_page_to_the_login() -> None:
    answer = ask(DESK, htmx=True)
    assert answer.headers["HX-Redirect"].startswith("/login/")


@pytest.mark.parametrize(
    ("view", "method", "status"),
    [(DESK, "HEAD", 200), (DESK, "PUT", 405), (ANYBODY_LOGGED_IN, "POST", 405), (OPEN, "DELETE", 405)],
)
def test_other_methods_are_refused(view: View, method: str, status: int) -> None:
    assert ask(view, Role.MANAGER, method).status_code == status


def test_a_refused_method_says_nothing_about_roles() -> None:
    assert ask(DESK, "", "DELETE").status_code == 405


def test_the_rule_can_be_read_from_the_view() -> None:
    assert DESK.access_roles == {Role.DISPATCHER, Role.MANAGER}  # type: ignore[attr-defined]
    assert OPEN.access_roles == {"public"}  # type: ignore[attr-defined]
