"""Core tables."""

from .catalogue import City, PublicHoliday
from .messages import Notification, WebhookRobot
from .operations import DemoClock, Heartbeat, IdempotencyRecord
from .records import AuditEvent, OutboxMessage
from .users import Role, User

__all__ = [
    "AuditEvent",
    "City",
    "DemoClock",
    "Heartbeat",
    "IdempotencyRecord",
    "Notification",
    "OutboxMessage",
    "PublicHoliday",
    "Role",
    "User",
    "WebhookRobot",
]
