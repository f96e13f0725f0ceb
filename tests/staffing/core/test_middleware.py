"""A database that is away, a service that said no, and pages that travel packed."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import RequestFactory

from orders.services import ordering
from staffing.core.errors import Conflict, DomainError, Forbidden, Invalid
from staffing.core.middleware import Compressed, _DomainErrors
from tests.fixtures.agency import NOW, Agency

# Nothing listens on the discard port.
NOBODY_THERE = "9"


@contextmanager
def database_away() -> Iterator[None]:
    """New connections are refused, the present one is gone."""
    kept = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = NOBODY_THERE
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["PORT"] = kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html"),
        ("/desk/", "text/html"),
        ("/login/", "text/html"),
        ("/api/v1/orders/", "application/problem+json"),
    ],
)
def test_a_lost_database_is_503_and_comes_back(path: str, kind: str) -> None:
    browser = Browser(raise_request_exception=False)
    browser.force_login(Agency().dispatcher())
    before = browser.get(path).status_code
    with database_away():
        answer = browser.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"].startswith(kind)
    assert browser.get(path).status_code == before != 503


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_keeps_the_health_of_the_process() -> None:
    with database_away():
        assert Browser().get("/health/live/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_was_sent_while_the_database_was_away_is_not_done_twice() -> None:
    """503 means nothing happened: the same form may be sent again."""
    agency = Agency()
    order = agency.submitted()
    browser = Browser(raise_request_exception=False)
    browser.force_login(agency.member(order.client))
    url = f"/client/orders/{order.pk}/cancel/"
    with database_away():
        assert browser.post(url, {"reason": "改期"}).status_code == 503
    order.refresh_from_db()
    assert order.status == "submitted"
    ordering.cancel(order.pk, by=agency.acting_client(order.client), now=NOW, reason="改期")


def refuse(
    error: Exception, *, htmx: bool = False, referer: str = "http://testserver/desk/"
) -> tuple[HttpRequest, HttpResponse]:
    """A form was sent and the service answered with `error`."""
    request = RequestFactory().post("/x/", headers={"referer": referer})
    request.user = AnonymousUser()
    request.htmx = htmx  # type: ignore[attr-defined]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    answer = _DomainErrors(lambda _request: HttpResponse()).process_exception(request, error)
    assert answer is not None
    return request, answer


@pytest.mark.parametrize(("error", "status"), [(Invalid, 400), (Forbidden, 403), (Conflict, 409)])
def test_a_refusal_keeps_its_status(error: type[DomainError], status: int) -> None:
    _request, answer = refuse(error("code", "%(n)s 人不够", n=3), htmx=True)
    assert (answer.status_code, answer.content.decode()) == (status, "3 人不够")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_refusal_leads_back_to_the_page_with_a_message() -> None:
    request, answer = refuse(Conflict("code", "太晚了"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://testserver/desk/")
    assert [str(message) for message in get_messages(request)] == ["太晚了"]


@pytest.mark.django_db
@pytest.mark.parametrize("referer", ["", "https://evil.example/"])
def test_a_refusal_never_leads_to_a_foreign_page(referer: str) -> None:
    _request, answer = refuse(Conflict("code", "太晚了"), referer=referer)
    assert answer.status_code == 409
    assert "太晚了" in answer.content.decode()


def test_other_errors_are_left_alone() -> None:
    guard = _DomainErrors(lambda _request: HttpResponse())
    assert guard.process_exception(RequestFactory().post("/x/"), ValueError("x")) is None


def test_pages_travel_packed_and_files_as_they_are(client: Browser) -> None:
    plain = client.get("/login/").content
    packed = client.get("/login/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip" and gzip.decompress(packed.content)[:15] == plain[:15]
    assert len(packed.content) < len(plain) / 2
    photo = HttpResponse(b"0" * 5000, content_type="image/jpeg")
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in Compressed(lambda _request: photo).process_response(request, photo).headers
