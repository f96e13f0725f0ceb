"""Posts to clients' own machines, against a real HTTP server: signed, never inwards, never further."""

import hashlib
import hmac
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from staffing.core import webhooks
from staffing.core.errors import Invalid
from staffing.core.webhooks import WebhookRefused

BODY = b'{"event": "survey.sent"}'


class Machine(HTTPServer):
    """Somebody's machine: what it was sent, and how it answers."""

    status = 204

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.heard: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_address[1]}/in?from=us"


class Receiver(BaseHTTPRequestHandler):
    server: Machine

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def machine() -> Iterator[Machine]:
    with Machine() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def test_while_a_secret_is_changed_either_one_fits() -> None:
    new, old = webhooks.signature("new", BODY, 7), webhooks.signature("old", BODY, 7)
    assert webhooks.signature("new", BODY, 7, "old") == f"{new},{old.removeprefix('t=7,')}"


def test_the_body_arrives_as_it_was_signed(machine: Machine) -> None:
    webhooks.post(machine.url, "secret", BODY)
    [(path, headers, body)] = machine.heard
    stamp, given = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers[webhooks.HEADER]).groups()  # type: ignore[union-attr]
    assert (path, body) == ("/in?from=us", BODY)
    assert given == hmac.new(b"secret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Host"] == machine.url.split("/")[2]


@pytest.mark.parametrize("status", [301, 307, 400, 500])
def test_only_success_is_success_and_no_redirect_is_followed(machine: Machine, status: int) -> None:
    machine.status = status
    with pytest.raises(WebhookRefused, match=str(status)):
        webhooks.post(machine.url, "secret", BODY)
    assert len(machine.heard) == 1


def test_a_machine_that_is_away_is_a_refusal() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(WebhookRefused):
            webhooks.post(f"http://127.0.0.1:{taken.getsockname()[1]}/", "secret", BODY)


@pytest.mark.parametrize("url", ["http://a.example/", "https://u:p@a.example/", "https:///x", "ftp://a.example/", "x"])
def test_other_addresses_are_no_addresses(settings: Settings, url: str) -> None:
    settings.WEBHOOK_PRIVATE_ALLOWED = False
    with pytest.raises(Invalid):
        webhooks.checked(url)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.1", "169.254.169.254", "[::1]", "[fd00::1]", "[::ffff:10.0.0.1]"],
)
def test_nobody_sends_us_into_our_own_net(settings: Settings, host: str) -> None:
    settings.WEBHOOK_PRIVATE_ALLOWED = False
    with pytest.raises(WebhookRefused):
        webhooks.post(f"https://{host}/", "secret", BODY)


def test_one_private_number_among_public_ones_is_enough(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_PRIVATE_ALLOWED = False
    numbers = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: numbers)
    with pytest.raises(WebhookRefused):
        webhooks.resolved("both.example", 443)
    numbers.pop()
    assert webhooks.resolved("both.example", 443) == "93.184.216.34"
