"""Tables of the order line."""

from .bookings import Assignment, Offer, Position, Punch, Replacement, Timesheet
from .clients import Client, ClientMember, DoNotSend, Industry, Site, TeamMember
from .matching import MatchRun, MatchShift, MatchWeights
from .orders import BatchLook, Order, OrderCertificate, OrderCourse, OrderLanguage, OrderPolicy, OrderSkill, Shift

__all__ = [
    "Assignment",
    "BatchLook",
    "Client",
    "ClientMember",
    "DoNotSend",
    "Industry",
    "MatchRun",
    "MatchShift",
    "MatchWeights",
    "Offer",
    "Order",
    "OrderCertificate",
    "OrderCourse",
    "OrderLanguage",
    "OrderPolicy",
    "OrderSkill",
    "Position",
    "Punch",
    "Replacement",
    "Shift",
    "Site",
    "TeamMember",
    "Timesheet",
]
