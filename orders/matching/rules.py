"""The hard rules. Each checker yields every reason it finds; eligibility asks them all and never stops early."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from .codes import ALL, GATE_BITS
from .prepared import DEFAULT_WEIGHTS, MINUTE, SHANGHAI, CandidateView, Index, NeedView
from .types import UNVERIFIED, Candidate, Need, Params, Reason, Weights

Checker = Callable[[NeedView, CandidateView], Iterator[Reason]]
# one metre, so that a site exactly at the limit is not lost to rounding
TOLERANCE_KM: Final = 0.001


def active(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """The worker is in the active pool."""
    if not who.person.active:
        yield Reason("inactive")


def skills(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """Every required skill at its level or above, valid through the last local day that the shift touches."""
    return _levels("skill", need.skills, who.person.skills, who.person.skills_until, need.last_day)


def certificates(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """Every certificate, verified, and valid through the last local day that the shift touches."""
    return _lasting("certificate", need.need.certificates, who.person.certificates, need.last_day)


def courses(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """Every course passed, and its pass valid through the last local day that the shift touches."""
    return _lasting("course", need.need.courses, who.person.courses, need.last_day)


def _lasting(kind: str, wanted: Iterable[str], have: Mapping[str, date | None], last_day: date) -> Iterator[Reason]:
    for code in sorted(wanted):
        if code not in have:
            yield Reason(f"{kind}_missing", {kind: code})
            continue
        until = have[code]
        if until is not None and until < last_day:
            told = "" if until == UNVERIFIED else until.isoformat()
            params = {kind: code, "valid_until": told, "day": last_day.isoformat()}
            yield Reason(f"{kind}_expired", params)


def languages(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """Every required language at its level or above, valid through the last local day that the shift touches."""
    asked, person = sorted(need.need.languages.items()), who.person
    return _levels("language", asked, person.languages, person.languages_until, need.last_day)


def _levels(
    kind: str,
    asked: Iterable[tuple[str, int]],
    have: Mapping[str, int],
    until: Mapping[str, date],
    last_day: date,
) -> Iterator[Reason]:
    for code, level in asked:
        mine, lasts = have.get(code, 0), until.get(code)
        if level > 0 and mine and lasts is not None and lasts < last_day:
            told = "" if lasts == UNVERIFIED else lasts.isoformat()
            levels: Params = {kind: code, "have": mine, "need": level}
            yield Reason(f"{kind}_not_valid", {**levels, "valid_until": told, "day": last_day.isoformat()})
        elif not mine and mine < level:
            yield Reason(f"{kind}_missing", {kind: code, "need": level})
        elif mine < level:
            yield Reason(f"{kind}_level", {kind: code, "have": mine, "need": level})


def stars(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """The rating reaches the minimum; an unrated novice does not meet any minimum."""
    least = need.need.min_stars
    if least is None:
        return
    if who.person.stars is None:
        yield Reason("unrated", {"need": str(least)})
    elif who.person.stars < least:
        yield Reason("stars_low", {"have": str(who.person.stars), "need": str(least)})


def clearance(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """The background check is at least as strict as asked, and valid through the last local day of the shift."""
    have, least, until = who.person.clearance, need.need.clearance, who.person.clearance_until
    if least > 0 and have and until is not None and until < need.last_day:
        days = {"valid_until": until.isoformat(), "day": need.last_day.isoformat()}
        yield Reason("clearance_expired", {"have": have, "need": least, **days})
    elif have < least:
        yield Reason("clearance", {"have": have, "need": least})


def rate(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """An hour costs no more than the order pays at most."""
    most = need.need.max_rate
    if most is not None and who.person.rate > most:
        yield Reason("rate_high", {"have": who.person.rate, "need": most})


def do_not_send(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """The client has not barred the worker, and no conflict of interest does."""
    if who.id in need.need.blocked:
        yield Reason("do_not_send", {"why": "conflict" if who.id in need.need.conflicts else "wish"})


def place(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """Remote: the worker accepts it. On site: within reach; without site coordinates the city decides."""
    if need.need.remote:
        if not who.person.remote_ok:
            yield Reason("remote_not_accepted")
    elif need.need.site is None:
        if who.person.city != need.need.city:
            yield Reason("other_city", {"have": who.person.city, "need": need.need.city})
    elif (km := need.km_to(who)) is None:
        yield Reason("no_location")
    elif km > who.person.max_km + TOLERANCE_KM:
        # rounded up: "10.0 km, at most 10 km" would explain nothing
        shown = f"{math.ceil(km * 10) / 10:.1f}"
        yield Reason("too_far", {"distance_km": shown, "max_km": f"{who.person.max_km:g}"})


def availability(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """The whole shift lies in (weekly windows + extra) minus off."""
    at = bisect_right(who.opens, need.start) - 1
    if at < 0 or who.open[at][1] < need.end:
        covered = sum(max(0, min(end, need.end) - max(start, need.start)) for start, end in who.open)
        length = need.end - need.start
        yield Reason("outside_hours", {"missing": -(-(length - covered) // MINUTE), "length": length // MINUTE})
    for start, end in who.off:
        if start < need.end and need.start < end:
            yield Reason("time_off", {"start": need.calendar.text(start), "end": need.calendar.text(end)})


def bookings(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """No booked time overlaps, and the worker's rest lies between; back to back passes with no rest asked."""
    before = after = who.rest
    for start, end, _ in who.busy:
        if end <= need.start:
            before = min(before, need.start - end)
        elif start >= need.end:
            after = min(after, start - need.end)
        else:
            yield Reason("overlap", {"start": need.calendar.text(start), "end": need.calendar.text(end)})
    if before < who.rest:
        yield Reason("rest_before", {"have": before // MINUTE, "need": who.rest // MINUTE})
    if after < who.rest:
        yield Reason("rest_after", {"have": after // MINUTE, "need": who.rest // MINUTE})


def travel(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """Between the site and where other work is done lies the way, whatever rest the worker asks for."""
    before: list[tuple[int, int, int, float]] = []
    after: list[tuple[int, int, int, float]] = []
    for start, end, booking in who.busy:
        if start < need.end and need.start < end:
            continue
        side, gap = (before, need.start - end) if end <= need.start else (after, start - need.end)
        minutes, km = need.way_to(booking)
        if gap < minutes * MINUTE:
            side.append((minutes * MINUTE - gap, gap // MINUTE, minutes, km))
    for code, late in (("travel_before", before), ("travel_after", after)):
        if late:
            # the way that lacks most tells it
            _, have, minutes, km = max(late)
            yield Reason(code, {"have": have, "need": minutes, "distance_km": f"{km:.1f}"})


def weekly_hours(need: NeedView, who: CandidateView) -> Iterator[Reason]:
    """Booked time plus the shift's share stays within the cap in each ISO week (local Monday 00:00)."""
    if who.cap is None:
        return
    for monday, elapsed in need.weeks:
        booked = who.booked.get(monday, 0)
        if booked + elapsed > who.cap:
            week = date.fromordinal(monday).isoformat()
            would_be, cap = -(-(booked + elapsed) // MINUTE), who.cap // MINUTE
            yield Reason("weekly_hours", {"week": week, "booked": booked // MINUTE, "would_be": would_be, "cap": cap})


# by the gate that they judge, in the order in which reasons are told
CHECKERS: Final[Mapping[str, Checker]] = {
    "active": active,
    "skill": skills,
    "certificate": certificates,
    "training": courses,
    "language": languages,
    "stars": stars,
    "clearance": clearance,
    "rate": rate,
    "do_not_send": do_not_send,
    "place": place,
    "availability": availability,
    "booking": bookings,
    "travel": travel,
    "weekly_hours": weekly_hours,
}


@lru_cache(maxsize=4096)
def _checkers(mask: int) -> tuple[Checker, ...]:
    return tuple(checker for gate, checker in CHECKERS.items() if mask & GATE_BITS[gate])


def reasons(need: NeedView, who: CandidateView, mask: int = ALL) -> tuple[Reason, ...]:
    """Every reason against this worker on this shift; empty means eligible. ``mask``: the bits of the codes that are
    known to be among them; gates that have none of these are not asked."""
    return tuple(reason for checker in _checkers(mask) for reason in checker(need, who))


def reasons_against(
    need: Need, candidate: Candidate, *, tz: ZoneInfo = SHANGHAI, weights: Weights = DEFAULT_WEIGHTS
) -> tuple[Reason, ...]:
    """The same for one plain pair: what a booking is re-checked with under lock."""
    index = Index([need], [candidate], tz, weights)
    return reasons(index.needs[0], index.people[candidate.id])
