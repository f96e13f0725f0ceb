"""Ways out of the house: e-mail and group-chat robots. Each sends one text or raises."""

import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.core.mail import send_mail

from staffing.core.models import User, WebhookRobot

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Text:
    """What is said: a title, a body, a link on our own site ("" for none), and what only a letter has room for."""

    title: str
    body: str
    url: str = ""
    details: str = ""

    def plain(self) -> str:
        """All of it as plain text."""
        link = f"\n{settings.PUBLIC_URL}{self.url}" if self.url else ""
        details = f"\n\n{self.details}\n" if self.details else ""
        return f"{self.title}\n{self.body}{details}{link}"


class RobotRefused(RuntimeError):
    """The platform answered, but would not take the message."""


def email(user: User, text: Text) -> None:
    """Send by e-mail to a login; raises what `letter` raises."""
    letter(user.email, text)


def letter(address: str, text: Text) -> None:
    """Send by e-mail; raises `OSError`/`SMTPException` if the server will not have it."""
    # People write titles of several lines; a subject has one.
    send_mail(" ".join(text.title.split()), text.plain(), settings.DEFAULT_FROM_EMAIL, [address])


def _hmac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def wecom(robot: WebhookRobot, text: Text, at: int) -> tuple[str, dict[str, Any]]:
    """WeCom group robot: the key is in the address."""
    return robot.url, {"msgtype": "text", "text": {"content": text.plain()}}


def dingtalk(robot: WebhookRobot, text: Text, at: int) -> tuple[str, dict[str, Any]]:
    """DingTalk robot; signed as `timestamp\\nsecret` in milliseconds with HMAC-SHA256 (its "加签" rule)."""
    url = robot.url
    if robot.secret:
        stamp = str(at * 1000)
        sign = _hmac(robot.secret, f"{stamp}\n{robot.secret}")
        url += ("&" if "?" in url else "?") + urlencode({"timestamp": stamp, "sign": sign})
    return url, {"msgtype": "text", "text": {"content": text.plain()}}


def feishu(robot: WebhookRobot, text: Text, at: int) -> tuple[str, dict[str, Any]]:
    """Feishu robot; its signature uses `timestamp\\nsecret` as the key of an empty message, in seconds."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text.plain()}}
    if robot.secret:
        body |= {"timestamp": str(at), "sign": _hmac(f"{at}\n{robot.secret}", "")}
    return robot.url, body


_BUILDERS: dict[str, Callable[[WebhookRobot, Text, int], tuple[str, dict[str, Any]]]] = {
    WebhookRobot.Kind.WECOM: wecom,
    WebhookRobot.Kind.DINGTALK: dingtalk,
    WebhookRobot.Kind.FEISHU: feishu,
}


def post(robot: WebhookRobot, text: Text) -> None:
    """Send by a robot. Raises `requests.RequestException` or `RobotRefused`."""
    if robot.kind == WebhookRobot.Kind.CONSOLE:
        log.info("[%s] %s", robot.name, text.plain())
        return
    # Platforms refuse signatures older than an hour by their clock, so this is the real time, not the demo's.
    url, body = _BUILDERS[robot.kind](robot, text, int(time.time()))
    answer = requests.post(url, json=body, timeout=settings.WEBHOOK_TIMEOUT_SECONDS, allow_redirects=False)
    answer.raise_for_status()
    result = answer.json()
    if not isinstance(result, dict) or result.get("errcode", result.get("code", 0)) != 0:
        raise RobotRefused(str(result)[:500])
