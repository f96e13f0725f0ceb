"""Tables of the order line."""

from .bookings import Assignment, Offer, Position, Punch, Replacement, Timesheet
from .clients import Client, ClientMember, DoNotSend, Industry, Site, TeamMember
from .desk import OrderMessage, SavedView
from .matching import MatchRun, MatchShift, MatchWeights
from .orders import (
    BatchLook,
    Order,
    OrderCertificate,
    OrderCourse,
    OrderLanguage,
    OrderPolicy,
    OrderSkill,
    Package,
    Shift,
)
from .planning import FormDraft, OrderTemplate, RecurringOrder
from .profiles import GateProfile, ProfileLanguage, ProfileSkill

__all__ = [
    "Assignment",
    "BatchLook",
    "Client",
    "ClientMember",
    "DoNotSend",
    "FormDraft",
    "GateProfile",
    "Industry",
    "MatchRun",
    "MatchShift",
    "MatchWeights",
    "Offer",
    "Order",
    "OrderCertificate",
    "OrderCourse",
    "OrderLanguage",
    "OrderMessage",
    "OrderPolicy",
    "OrderSkill",
    "OrderTemplate",
    "Package",
    "Position",
    "ProfileLanguage",
    "ProfileSkill",
    "Punch",
    "RecurringOrder",
    "Replacement",
    "SavedView",
    "Shift",
    "Site",
    "TeamMember",
    "Timesheet",
]
