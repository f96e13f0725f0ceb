"""Every code the engine can give, with the names of its params: one register for storage, texts and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# reason code -> (gate, params). A gate is what a dispatcher would loosen to reach more people.
# A code's place is its bit in stored masks: new codes go to the end, none is moved or dropped.
REASONS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "inactive": ("active", ()),
    "skill_missing": ("skill", ("skill", "need")),
    "skill_level": ("skill", ("skill", "have", "need")),
    "certificate_missing": ("certificate", ("certificate",)),
    "certificate_expired": ("certificate", ("certificate", "valid_until", "day")),
    "course_missing": ("training", ("course",)),
    "course_expired": ("training", ("course", "valid_until", "day")),
    "language_missing": ("language", ("language", "need")),
    "language_level": ("language", ("language", "have", "need")),
    "stars_low": ("stars", ("have", "need")),
    "unrated": ("stars", ("need",)),
    "clearance": ("clearance", ("have", "need")),
    "rate_high": ("rate", ("have", "need")),
    "do_not_send": ("do_not_send", ("why",)),
    "remote_not_accepted": ("place", ()),
    "no_location": ("place", ()),
    "other_city": ("place", ("have", "need")),
    "too_far": ("place", ("distance_km", "max_km")),
    "outside_hours": ("availability", ("missing", "length")),
    "time_off": ("availability", ("start", "end")),
    "overlap": ("booking", ("start", "end")),
    "rest_before": ("booking", ("have", "need")),
    "rest_after": ("booking", ("have", "need")),
    "travel_before": ("travel", ("have", "need", "distance_km")),
    "travel_after": ("travel", ("have", "need", "distance_km")),
    "weekly_hours": ("weekly_hours", ("week", "booked", "would_be", "cap")),
    "declined_before": ("declined", ()),
    "already_on_shift": ("on_shift", ()),
    # valid_until is "" for a level by the worker's own word, where that does not count
    "skill_not_valid": ("skill", ("skill", "have", "need", "valid_until", "day")),
    "language_not_valid": ("language", ("language", "have", "need", "valid_until", "day")),
    "clearance_expired": ("clearance", ("have", "need", "valid_until", "day")),
}

# part code -> (group of the score bar, params)
PARTS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "base": ("rating", ()),
    "priority": ("rating", ("priority",)),
    "closeness": ("distance", ("distance_km", "max_km")),
    "closeness_unknown": ("distance", ()),
    "remote": ("distance", ()),
    "stars": ("rating", ("stars", "services")),
    "stars_novice": ("rating", ("prior",)),
    "reliability": ("rating", ("percent",)),
    "team": ("rating", ("member",)),
    "skill": ("skill", ("above", "required")),
    "quality_first": ("rating", ("percent",)),
    "economy": ("rating", ("rate", "max_rate")),
    "fairness": ("time", ("recent",)),
    "continuity": ("time", ("same_order",)),
}

# reason code -> the bit that stands for it in a mask of 32
BITS: Final[Mapping[str, int]] = {code: bit for bit, code in enumerate(REASONS)}
GATES: Final[tuple[str, ...]] = tuple(dict.fromkeys(gate for gate, _ in REASONS.values()))
GROUPS: Final[tuple[str, ...]] = ("skill", "time", "distance", "rating")
# gate -> the bits of the codes that belong to it
GATE_BITS: Final[Mapping[str, int]] = {
    gate: sum(1 << BITS[code] for code, (of, _) in REASONS.items() if of == gate) for gate in GATES
}
# every bit
ALL: Final = (1 << len(REASONS)) - 1
