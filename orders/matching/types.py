"""What goes into the matching engine and what comes out: plain frozen values, no database, no clock.

Units: distances in km, WGS-84 coordinates, aware datetimes with half-open intervals ``[start, end)``,
wall-clock minutes only in :class:`Window`. Reasons and parts carry minutes as integers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

Params = Mapping[str, str | int]
# before every day: a level with this last day never counts
UNVERIFIED: Final = date.min


def _check_interval(start: datetime, end: datetime) -> None:
    if start.utcoffset() is None or end.utcoffset() is None:
        raise ValueError("times must be aware")
    if not start < end:
        raise ValueError("an interval must end after its start")


@dataclass(frozen=True, slots=True)
class LatLng:
    """A point in WGS-84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Window:
    """Weekly availability in local wall-clock minutes of a day; ``weekday`` 0 is Monday.

    ``end_minute`` may pass 1440 (crosses midnight), by at most 24 hours after the start.
    """

    weekday: int
    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 0 <= self.start_minute < 1440):
            raise ValueError("a window starts on weekday 0..6 at minute 0..1439")
        if not 0 < self.end_minute - self.start_minute <= 1440:
            raise ValueError("a window lasts more than 0 and at most 1440 minutes")


@dataclass(frozen=True, slots=True)
class AvailabilityException:
    """A dated change of the weekly windows. ``off`` wins over ``extra``."""

    kind: Literal["off", "extra"]
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        _check_interval(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Booking:
    """Time that a worker has already given away; ``order_id`` is None for work outside any order.

    ``place`` is where the work is done on site; None for remote work, or where it is not known.
    """

    start: datetime
    end: datetime
    order_id: int | None = None
    place: LatLng | None = None

    def __post_init__(self) -> None:
        _check_interval(self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A worker as the engine sees one.

    ``certificates`` and ``courses`` map a code to its last valid local day (None: never expires). ``skills_until``,
    ``languages_until`` and ``clearance_until`` are the last valid local days of those that end; `UNVERIFIED` of what
    is there by the worker's own word alone, where that does not count.
    ``stars`` is None until the first rating; ``clearance`` is 0 none, 1 standard, 2 high;
    ``reliability`` is 0..100; ``recent_minutes`` is the work of the recent past, for fairness;
    ``rate`` is the price of an hour, compared with ``Need.max_rate`` only.
    """

    id: int
    city: str
    name: str = ""
    location: LatLng | None = None
    max_km: float = 0.0
    remote_ok: bool = False
    skills: Mapping[str, int] = field(default_factory=dict)
    certificates: Mapping[str, date | None] = field(default_factory=dict)
    courses: Mapping[str, date | None] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    skills_until: Mapping[str, date] = field(default_factory=dict)
    languages_until: Mapping[str, date] = field(default_factory=dict)
    stars: Decimal | None = None
    clearance: int = 0
    clearance_until: date | None = None
    min_rest: timedelta = timedelta(0)
    weekly_cap: timedelta | None = None
    windows: tuple[Window, ...] = ()
    exceptions: tuple[AvailabilityException, ...] = ()
    bookings: tuple[Booking, ...] = ()
    reliability: int = 100
    recent_minutes: int = 0
    services_done: int = 0
    rate: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One shift of an order, with ``headcount`` places. Starts and ends on a whole minute.

    ``blocked`` are workers never to be sent to this client, ``conflicts`` those of them for a
    conflict of interest, ``team`` the client's fixed team;
    ``courses`` must have been passed and still count on the shift's last day; ``priority`` is the
    client's value 0..2; ``max_rate`` is the highest price of an hour (None: any); ``novice_places``
    of the places are held for novices as far as any suit.
    """

    shift_id: int
    order_id: int
    client_id: int
    start: datetime
    end: datetime
    headcount: int
    city: str
    remote: bool = False
    site: LatLng | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    certificates: frozenset[str] = frozenset()
    courses: frozenset[str] = frozenset()
    languages: Mapping[str, int] = field(default_factory=dict)
    min_stars: Decimal | None = None
    clearance: int = 0
    priority: int = 0
    max_rate: int | None = None
    novice_places: int = 0
    blocked: frozenset[int] = frozenset()
    conflicts: frozenset[int] = frozenset()
    team: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        _check_interval(self.start, self.end)
        if any(moment.second or moment.microsecond for moment in (self.start, self.end)):
            raise ValueError("a shift starts and ends on a whole minute")
        if self.headcount < 0 or self.novice_places < 0:
            raise ValueError("headcount and novice_places must not be negative")


@dataclass(frozen=True, slots=True)
class Held:
    """A place of a shift that already belongs to a worker (offered or accepted) and is not moved."""

    shift_id: int
    worker_id: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a worker may not take a shift; codes and their params are listed in ``codes.REASONS``."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScorePart:
    """``points`` of at most ``max_points`` for one aspect; codes are listed in ``codes.PARTS``."""

    code: str
    points: int
    max_points: int
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Named whole numbers that decide who is best; a version of them is never changed.

    Points of a pair, shown to people; each is the most that its aspect can give, and the defaults add up
    to 100 (on site or remote): ``closeness`` at the site itself, ``remote`` for remote work, ``stars`` at
    five stars, ``reliability`` at 100 %, ``skill`` two levels above every requirement (of which a
    requirement just met gives ``skill_met`` of ``skill_met + 2`` parts), ``team`` for the client's fixed
    team, ``fairness`` without recent work (none at ``fairness_minutes`` minutes), ``continuity`` for
    another shift of the same order; ``base`` for anybody, ``priority`` for each step of the client's value,
    ``economy`` for an hour that costs nothing of the order's ``max_rate``.
    ``novice_stars_tenths``: tenths of a star that an unrated worker counts with.

    The plan's own, in value units, not shown as points: ``fill`` for a filled place, ``priority_step`` on
    top for each step of the client's value, ``point`` for each point of the score, ``team_first`` on top for
    the client's fixed team, ``novice_first`` on top for a novice on a place held for one, ``stay`` what
    moving an unconfirmed proposal must gain at least. ``value_first_percent``: per cent of the points for
    stars and reliability that are given once more, as a part of their own, for each step of the client's
    value. ``novice_percent``: per cent of places held for novices, who have done fewer than
    ``novice_services`` services.

    Travel: between two sites ``travel_fixed_minutes`` and ``travel_minutes_per_km`` minutes a kilometre.
    """

    version: str = "default-1"
    base: int = 0
    priority: int = 0
    closeness: int = 25
    remote: int = 25
    stars: int = 20
    reliability: int = 15
    skill: int = 15
    skill_met: int = 1
    team: int = 10
    economy: int = 0
    fairness: int = 10
    continuity: int = 5
    novice_stars_tenths: int = 38
    fairness_minutes: int = 9600
    fill: int = 10_000
    priority_step: int = 400
    point: int = 10
    team_first: int = 1000
    value_first_percent: int = 50
    novice_first: int = 800
    novice_percent: int = 10
    novice_services: int = 3
    stay: int = 60
    travel_minutes_per_km: int = 3
    travel_fixed_minutes: int = 15


@dataclass(frozen=True, slots=True)
class Ranked:
    """An eligible worker with points. ``taken_by`` is the shift of the same proposal that rules the worker out."""

    worker_id: int
    score: int
    parts: tuple[ScorePart, ...]
    taken_by: int | None = None


@dataclass(frozen=True, slots=True)
class GateCount:
    """How many workers a gate removes, and how many of them nothing else would stop."""

    gate: str
    removed: int
    only: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Everybody for one need: who suits, best first, and whom the gates remove.

    ``ranked`` holds the first of ``ranked_total`` suitable ones (the client's fixed team first, then by score, then by
    id) and everybody who was chosen; ``rejected`` the nearest of ``rejected_total`` others with all their reasons;
    ``masks`` the codes of everybody else's reasons, packed (`masks.pack`); ``gates`` count everybody.
    """

    need: Need
    ranked: tuple[Ranked, ...]
    ranked_total: int
    rejected: Mapping[int, tuple[Reason, ...]]
    rejected_total: int
    gates: tuple[GateCount, ...]
    masks: bytes

    @property
    def best(self) -> Ranked | None:
        """The first that no other shift of the proposal takes."""
        return next((r for r in self.ranked if r.taken_by is None), None)


@dataclass(frozen=True, slots=True)
class PositionProposal:
    """One place of a shift: first worker and backup (ids), and the first worker's points.

    ``novice``: the place was held for a novice, and one has it.
    """

    worker: int | None
    backup: int | None
    score: int | None
    held: bool = False
    novice: bool = False


@dataclass(frozen=True, slots=True)
class ShiftProposal:
    """The proposal for one need; ``shortage`` counts the places that nobody fills. ``verdict`` is None where a batch
    was so large that only the chosen were explained; ``ranked`` then holds them alone."""

    need: Need
    positions: tuple[PositionProposal, ...]
    ranked: tuple[Ranked, ...]
    verdict: Verdict | None
    shortage: int

    @property
    def rejected(self) -> Mapping[int, tuple[Reason, ...]]:
        """The nearest of those who do not suit, with all reasons."""
        return self.verdict.rejected if self.verdict else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """All shifts by start and id; ``digest`` is the SHA-256 of what the plan was made from.

    ``value``, ``bound``, ``gap``, ``method`` and ``stopped`` as in `problem.Solution`, in value units.
    """

    shifts: tuple[ShiftProposal, ...]
    weights_version: str
    digest: str
    pool_size: int
    value: int
    bound: float | None
    gap: float | None
    method: str
    stopped: bool
