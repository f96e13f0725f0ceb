"""Tables of the order line."""

from .bench import BenchPlace, BenchShift
from .bookings import Assignment, Offer, Position, Punch, Replacement, Timesheet
from .calendar import CalendarEntry, CalendarFeed
from .circle import ConflictOfInterest, DoNotSend, TeamMember
from .clients import Client, ClientMember, Industry, Site
from .desk import OrderMessage, SavedView
from .exchange import Appeal, ShiftClaim, SwapRequest
from .lessons import ClientGate
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
    SwapRule,
)
from .planning import FormDraft, OrderTemplate, RecurringOrder
from .profiles import GateProfile, ProfileLanguage, ProfileSkill
from .service import (
    CodeAttempt,
    Heartbeat,
    PunchRequest,
    ServicePhoto,
    ServicePolicy,
    SiteCode,
    TimesheetCorrection,
)
from .turning_up import CallNote

__all__ = [
    "Appeal",
    "Assignment",
    "BatchLook",
    "BenchPlace",
    "BenchShift",
    "CalendarEntry",
    "CalendarFeed",
    "CallNote",
    "Client",
    "ClientGate",
    "ClientMember",
    "CodeAttempt",
    "ConflictOfInterest",
    "DoNotSend",
    "FormDraft",
    "GateProfile",
    "Heartbeat",
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
    "PunchRequest",
    "RecurringOrder",
    "Replacement",
    "SavedView",
    "ServicePhoto",
    "ServicePolicy",
    "Shift",
    "ShiftClaim",
    "Site",
    "SiteCode",
    "SwapRequest",
    "SwapRule",
    "TeamMember",
    "Timesheet",
    "TimesheetCorrection",
]
