"""What could be changed in a shift so that more people suit: every single loosening that makes sense, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from .types import Need, Params

# change code -> (the gate that it loosens, its params); minutes are whole, levels 1..6, clearance 0..2
CHANGES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "skill_lower": ("skill", ("skill", "from", "to")),
    "skill_drop": ("skill", ("skill", "from")),
    "certificate_drop": ("certificate", ("certificate",)),
    "course_drop": ("training", ("course",)),
    "language_lower": ("language", ("language", "from", "to")),
    "language_drop": ("language", ("language", "from")),
    "stars_lower": ("stars", ("from", "to")),
    "stars_drop": ("stars", ("from",)),
    "clearance_lower": ("clearance", ("from", "to")),
    "rate_drop": ("rate", ("from",)),
    "remote": ("place", ()),
    "start_later": ("availability", ("minutes", "start")),
    "end_earlier": ("availability", ("minutes", "end")),
    "move_later": ("availability", ("minutes", "start", "end")),
    "move_earlier": ("availability", ("minutes", "start", "end")),
}
STEPS_MINUTES: Final = (30, 60)
STAR_STEP: Final = Decimal("0.5")
# nobody who has been rated has fewer
FEWEST_STARS: Final = Decimal(1)
# a shift cut to less is no shift
SHORTEST: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed in a need, and the need as it would then be; codes and params are listed in `CHANGES`."""

    code: str
    need: Need
    params: Params = field(default_factory=dict)


def changes(need: Need, *, not_before: datetime | None = None) -> list[Change]:
    """Every single loosening of the need, requirements first, then the place, then the times.

    ``not_before``: no shift is moved to begin before then.
    """
    return [*_levels(need), *_papers(need), *_numbers(need), *_place(need), *_times(need, not_before)]


def _levels(need: Need) -> Iterator[Change]:
    for kind, asked in (("skill", need.skills), ("language", need.languages)):
        for code, level in sorted(asked.items()):
            others = {other: at for other, at in asked.items() if other != code}
            if level > 1:
                lower = _with_levels(need, kind, others | {code: level - 1})
                yield Change(f"{kind}_lower", lower, {kind: code, "from": level, "to": level - 1})
            if level > 0:
                yield Change(f"{kind}_drop", _with_levels(need, kind, others), {kind: code, "from": level})


def _with_levels(need: Need, kind: str, asked: Mapping[str, int]) -> Need:
    return replace(need, skills=asked) if kind == "skill" else replace(need, languages=asked)


def _papers(need: Need) -> Iterator[Change]:
    for code in sorted(need.certificates):
        yield Change("certificate_drop", replace(need, certificates=need.certificates - {code}), {"certificate": code})
    for code in sorted(need.courses):
        yield Change("course_drop", replace(need, courses=need.courses - {code}), {"course": code})


def _numbers(need: Need) -> Iterator[Change]:
    """Stars, background check, price."""
    least = need.min_stars
    if least is not None:
        if least - STAR_STEP >= FEWEST_STARS:
            lower = least - STAR_STEP
            yield Change("stars_lower", replace(need, min_stars=lower), {"from": str(least), "to": str(lower)})
        yield Change("stars_drop", replace(need, min_stars=None), {"from": str(least)})
    if need.clearance > 0:
        lower_check = replace(need, clearance=need.clearance - 1)
        yield Change("clearance_lower", lower_check, {"from": need.clearance, "to": need.clearance - 1})
    if need.max_rate is not None:
        yield Change("rate_drop", replace(need, max_rate=None), {"from": need.max_rate})


def _place(need: Need) -> Iterator[Change]:
    if not need.remote:
        yield Change("remote", replace(need, remote=True))


def _times(need: Need, not_before: datetime | None) -> Iterator[Change]:
    """The shift cut at either end, and moved as a whole."""
    for minutes in STEPS_MINUTES:
        step = timedelta(minutes=minutes)
        if need.end - need.start - step >= SHORTEST:
            yield _timed("start_later", replace(need, start=need.start + step), minutes)
            yield _timed("end_earlier", replace(need, end=need.end - step), minutes)
    for minutes in STEPS_MINUTES:
        step = timedelta(minutes=minutes)
        yield _timed("move_later", replace(need, start=need.start + step, end=need.end + step), minutes)
        if not_before is None or need.start - step >= not_before:
            yield _timed("move_earlier", replace(need, start=need.start - step, end=need.end - step), minutes)


def _timed(code: str, need: Need, minutes: int) -> Change:
    moments = {"start": need.start.isoformat(timespec="minutes"), "end": need.end.isoformat(timespec="minutes")}
    told = {name: moments[name] for name in CHANGES[code][1] if name in moments}
    return Change(code, need, {"minutes": minutes, **told})
