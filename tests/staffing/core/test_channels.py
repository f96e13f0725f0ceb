"""Ways out of the house, against a real HTTP server: formats and signatures as the platforms' documents say."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core import mail
from pytest_django import Settings

from staffing.core import channels
from staffing.core.channels import RobotRefused, Text
from staffing.core.models import User, WebhookRobot

SAID = Text("订单已满员", "大促在线客服", "/desk/orders/1/")
PLAIN = "订单已满员\n大促在线客服\nhttps://agency.example/desk/orders/1/"
SECRET = "SEC000"


@dataclass
class Platform:
    """A group-chat platform: what it heard, and what it answers."""

    url: str = ""
    status: int = 200
    answer: Any = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def platform() -> Iterator[Platform]:
    """A server on a free port."""
    told = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.heard.append((self.path, json.loads(body)))
            answer = json.dumps(told.answer).encode() if not isinstance(told.answer, bytes) else told.answer
            self.send_response(told.status)
            for name, value in {"Content-Length": str(len(answer)), **told.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}/hook?key=abc"
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://agency.example"


def robot(kind: str, platform: Platform, secret: str = "") -> WebhookRobot:
    return WebhookRobot(name="群", kind=kind, url=platform.url, secret=secret)


def signature(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def test_wecom(platform: Platform) -> None:
    channels.post(robot("wecom", platform), SAID)
    assert platform.heard == [("/hook?key=abc", {"msgtype": "text", "text": {"content": PLAIN}})]


def test_dingtalk_signs_in_the_address_in_milliseconds(platform: Platform) -> None:
    before = time.time()
    channels.post(robot("dingtalk", platform, SECRET), SAID)
    (path, body), query = platform.heard[0], parse_qs(urlsplit(platform.heard[0][0]).query)
    stamp = query["timestamp"][0]
    assert body == {"msgtype": "text", "text": {"content": PLAIN}}
    assert path.startswith("/hook?key=abc&timestamp=")
    assert int(before) * 1000 <= int(stamp) <= (time.time() + 1) * 1000
    assert query["sign"] == [signature(SECRET, f"{stamp}\n{SECRET}")]


def test_feishu_signs_in_the_body_in_seconds(platform: Platform) -> None:
    platform.answer = {"code": 0, "msg": "success"}
    channels.post(robot("feishu", platform, SECRET), SAID)
    path, body = platform.heard[0]
    assert path == "/hook?key=abc"
    assert (body["msg_type"], body["content"]) == ("text", {"text": PLAIN})
    assert body["sign"] == signature(f"{body['timestamp']}\n{SECRET}", "")


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
def test_without_a_secret_nothing_is_signed(platform: Platform, kind: str) -> None:
    channels.post(robot(kind, platform), SAID)
    path, body = platform.heard[0]
    assert "sign" not in path
    assert "sign" not in body


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}),
        ("feishu", {"code": 19021, "msg": "sign match fail"}),
    ],
)
def test_a_refusal_in_the_answer_is_a_failure(platform: Platform, kind: str, answer: dict[str, Any]) -> None:
    platform.answer = answer
    with pytest.raises(RobotRefused, match=str(next(iter(answer.values())))):
        channels.post(robot(kind, platform), SAID)


def test_an_error_a_redirection_or_nonsense_is_a_failure(platform: Platform) -> None:
    platform.status = 500
    with pytest.raises(requests.HTTPError):
        channels.post(robot("wecom", platform), SAID)
    platform.status, platform.answer, platform.headers = 302, b"", {"Location": "http://127.0.0.1:1/elsewhere"}
    with pytest.raises(requests.RequestException):
        channels.post(robot("wecom", platform), SAID)
    platform.status, platform.answer, platform.headers = 200, b"<html>", {}
    with pytest.raises(requests.RequestException):
        channels.post(robot("wecom", platform), SAID)
    platform.answer = [1]
    with pytest.raises(RobotRefused):
        channels.post(robot("wecom", platform), SAID)


def test_a_platform_that_is_away_is_a_failure(settings: Settings) -> None:
    settings.WEBHOOK_TIMEOUT_SECONDS = 1
    away = WebhookRobot(name="群", kind="wecom", url="http://127.0.0.1:9/")
    with pytest.raises(requests.ConnectionError):
        channels.post(away, SAID)


def test_the_console_robot_writes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "staffing.core.channels"):
        channels.post(WebhookRobot(name="群", kind="console"), SAID)
    assert caplog.messages == [f"[群] {PLAIN}"]


def test_a_mail_has_one_line_of_subject_and_says_everything(settings: Settings) -> None:
    channels.email(User(email="a@agency.example"), Text("第一行\r\n第二行", "正文"))
    (message,) = mail.outbox
    assert (message.subject, message.body, message.to) == (
        "第一行 第二行",
        "第一行\r\n第二行\n正文",
        ["a@agency.example"],
    )
    assert message.from_email == settings.DEFAULT_FROM_EMAIL
