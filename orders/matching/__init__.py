"""The matching engine: pure, typed and explained. Same inputs, same result.

Here are the objects; `engine` (compiled code, slow to load) is imported by whoever matches.
"""

from .codes import GATES, GROUPS, PARTS, REASONS
from .explain import (
    Lead,
    gate_counts,
    gate_of,
    group_points,
    lead,
    lead_over_next,
    part_from_dict,
    part_to_dict,
    reason_from_dict,
    reason_to_dict,
)
from .prepared import SHANGHAI, distance_km
from .rules import reasons_against
from .scoring import score_of
from .types import (
    AvailabilityException,
    Booking,
    Candidate,
    GateCount,
    Held,
    LatLng,
    Need,
    PositionProposal,
    Proposal,
    Ranked,
    Reason,
    ScorePart,
    ShiftProposal,
    Verdict,
    Weights,
    Window,
)

__all__ = [
    "GATES",
    "GROUPS",
    "PARTS",
    "REASONS",
    "SHANGHAI",
    "AvailabilityException",
    "Booking",
    "Candidate",
    "GateCount",
    "Held",
    "LatLng",
    "Lead",
    "Need",
    "PositionProposal",
    "Proposal",
    "Ranked",
    "Reason",
    "ScorePart",
    "ShiftProposal",
    "Verdict",
    "Weights",
    "Window",
    "distance_km",
    "gate_counts",
    "gate_of",
    "group_points",
    "lead",
    "lead_over_next",
    "part_from_dict",
    "part_to_dict",
    "reason_from_dict",
    "reason_to_dict",
    "reasons_against",
    "score_of",
]
