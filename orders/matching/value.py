"""What a plan is worth: the value of one person on one place, and which places wait for novices.

The plan maximises the sum of these values over all its places. They are in units of their own
(``Weights.point`` of them make one point of the score), so that filling a place comes before points,
high-value clients before others and the client's fixed team before strangers.
"""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from .scoring import MOST_VALUE, total
from .types import Candidate, Need, ScorePart, Weights


def novice_places(shift_id: int, headcount: int, percent: int) -> int:
    """How many of the places are held for novices: ``percent`` of them over many shifts.

    The whole part for sure; of the rest, each shift by its own fixed draw (CRC-32 of the id's decimal
    text, modulo 100), so that the same shift always holds as many and small shifts take their share too.
    """
    whole, rest = divmod(headcount * percent, 100)
    return whole + (crc32(str(shift_id).encode()) % 100 < rest)


def held_for_novices(need: Need, percent: int) -> int:
    """The same for a need: none for the clients of highest value, and none where stars are asked for."""
    if need.priority >= MOST_VALUE or need.min_stars is not None:
        return 0
    return novice_places(need.shift_id, need.headcount, percent)


def is_novice(who: Candidate, weights: Weights) -> bool:
    """Whether the worker has done few services so far."""
    return who.services_done < weights.novice_services


def plan_value(
    need: Need,
    who: Candidate,
    parts: Sequence[ScorePart],
    weights: Weights,
    *,
    novice_place: bool = False,
    present: bool = False,
) -> int:
    """Value of one eligible person on one place of the need, in value units.

    ``parts`` are the pair's score parts, continuity with them if it is earned; ``novice_place`` says that
    the place is held for a novice, ``present`` that the person is its unconfirmed choice so far.
    """
    return (
        weights.fill
        + weights.priority_step * need.priority
        + weights.point * total(tuple(parts))
        + weights.team_first * (who.id in need.team)
        + weights.novice_first * (novice_place and is_novice(who, weights))
        + weights.stay * present
    )
