"""Outbox subscribers of the core: delivery of notices."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from staffing.core import channels, notices, outbox
from staffing.core.models import Notification, WebhookRobot


@outbox.on("notice.email", queue="notify")
def deliver_email(payload: Mapping[str, Any], now: datetime) -> None:
    """Send one notice by e-mail, or drop it if its state has passed. Marked after sending, not before."""
    row = Notification.objects.select_related("user").filter(pk=payload["id"]).first()
    if row is None or row.emailed_at or row.dropped_at or not (row.user.email and row.user.is_active):
        return
    if not notices.still_true(row.subject_type, row.subject_id, row.announced_state):
        Notification.objects.filter(pk=row.pk).update(dropped_at=now)
        return
    channels.email(row.user, notices.words_in(row.user.language, row.kind, row.data, row.url))
    Notification.objects.filter(pk=row.pk).update(emailed_at=now)


@outbox.on("notice.robot", queue="notify")
def fan_out_to_robots(payload: Mapping[str, Any], now: datetime) -> None:
    """One row per robot, so that one that is down does not hold or repeat the others."""
    for robot in WebhookRobot.objects.filter(is_active=True):
        if not robot.kinds or payload["kind"] in robot.kinds:
            key = f"{robot.pk}:{payload['kind']}:{payload['key']}"
            outbox.publish("notice.robot_post", {**payload, "robot": robot.pk}, key=key, now=now)


@outbox.on("notice.robot_post", queue="notify")
def post_by_robot(payload: Mapping[str, Any], now: datetime) -> None:
    """Post one notice by one robot, unless its state has passed."""
    robot = WebhookRobot.objects.filter(pk=payload["robot"], is_active=True).first()
    if robot and notices.still_true(payload["subject_type"], payload["subject_id"], payload["state"]):
        channels.post(robot, notices.words_in(robot.language, payload["kind"], payload["data"], payload["url"]))
