"""The rules once more, as plainly and slowly as possible. Instances for it keep to whole quarters of an hour."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from orders.matching import SHANGHAI, Candidate, LatLng, Need

STEP = timedelta(minutes=15)


def km(a: LatLng, b: LatLng) -> float:
    """Spherical law of cosines: another formula than the engine's, good above a few metres."""
    p, q = math.radians(a.lat), math.radians(b.lat)
    c = math.sin(p) * math.sin(q) + math.cos(p) * math.cos(q) * math.cos(math.radians(a.lng - b.lng))
    return 6371.0 * math.acos(max(-1.0, min(1.0, c)))


def haversine(a: LatLng, b: LatLng) -> float:
    """As the trade benchmark writes it: points must equal to the last bit."""
    p = math.pi / 180
    x = (
        math.sin((b.lat - a.lat) * p / 2) ** 2
        + math.cos(a.lat * p) * math.cos(b.lat * p) * math.sin((b.lng - a.lng) * p / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(x))


def way(a: LatLng, b: LatLng) -> timedelta:
    """How long it takes from one site to another: 15 minutes and 3 a kilometre, in whole minutes, a day at most."""
    return timedelta(minutes=min(1440, math.ceil(15 + 3 * km(a, b)))) if km(a, b) > 0.3 else timedelta(0)


def quarters(start: datetime, end: datetime) -> Iterator[datetime]:
    """Each quarter of an hour of [start, end)."""
    while start < end:
        yield start
        start += STEP


def next_midnight(day: date) -> datetime:
    """When the day is over."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=day != date.max)


def in_hours(moment: datetime, who: Candidate) -> bool:
    """Whether a weekly window or an extra covers the moment."""
    local = moment.astimezone(SHANGHAI)
    minute = local.hour * 60 + local.minute
    today = any(w.weekday == local.weekday() and w.start_minute <= minute < w.end_minute for w in who.windows)
    yesterday = any(
        w.weekday == (local.weekday() - 1) % 7 and w.start_minute <= minute + 1440 < w.end_minute for w in who.windows
    )
    return today or yesterday or any(e.kind == "extra" and e.start <= moment < e.end for e in who.exceptions)


def week_of(moment: datetime) -> tuple[int, int]:
    """ISO year and week of the local day."""
    return moment.astimezone(SHANGHAI).isocalendar()[:2]


def over_hours(shifts: Sequence[tuple[datetime, datetime]], who: Candidate, week: tuple[int, int]) -> bool:
    """Whether all these shifts and the bookings together pass the cap in the week."""
    if who.weekly_cap is None:
        return False
    spans = [*shifts, *((b.start, b.end) for b in who.bookings)]
    return STEP * sum(week_of(q) == week for s, e in spans for q in quarters(s, e)) > who.weekly_cap


def skill_reasons(need: Need, who: Candidate) -> Iterator[tuple[str, str]]:
    """(code, skill or language or certificate) of everything the worker does not know or hold."""
    days = {q.astimezone(SHANGHAI).date() for q in quarters(need.start, need.end)}
    graded = (
        ("skill", need.skills, who.skills, who.skills_until),
        ("language", need.languages, who.languages, who.languages_until),
    )
    for kind, wanted, have, until in graded:
        for key, level in wanted.items():
            if level == 0:
                continue
            if key in have and key in until and any(day > until[key] for day in days):
                yield f"{kind}_not_valid", key
            elif have.get(key, 0) == 0:
                yield f"{kind}_missing", key
            elif have[key] < level:
                yield f"{kind}_level", key
    lasting = (
        ("certificate", need.certificates, who.certificates),
        ("course", need.courses, who.courses),
    )
    for kind, codes, held in lasting:
        for code in codes:
            if code not in held:
                yield f"{kind}_missing", code
            elif (last := held[code]) is not None and any(day > last for day in days):
                yield f"{kind}_expired", code


def person_reasons(need: Need, who: Candidate) -> Iterator[tuple[str, str]]:
    """What stands against the person, whatever the time."""
    if not who.active:
        yield "inactive", ""
    if need.min_stars is not None and who.stars is None:
        yield "unrated", ""
    if need.min_stars is not None and who.stars is not None and who.stars < need.min_stars:
        yield "stars_low", ""
    last = who.clearance_until or datetime.max.date()
    if need.clearance and who.clearance and need.end - timedelta(minutes=1) >= next_midnight(last):
        yield "clearance_expired", ""
    elif who.clearance < need.clearance:
        yield "clearance", ""
    if need.max_rate is not None and who.rate > need.max_rate:
        yield "rate_high", ""
    if who.id in need.blocked:
        yield "do_not_send", ""
    if need.remote and not who.remote_ok:
        yield "remote_not_accepted", ""
    if not need.remote and need.site is None and who.city != need.city:
        yield "other_city", ""
    if not need.remote and need.site is not None and who.location is None:
        yield "no_location", ""
    if not need.remote and need.site and who.location and km(need.site, who.location) > who.max_km + 0.001:
        yield "too_far", ""


def time_reasons(need: Need, who: Candidate) -> Iterator[tuple[str, str]]:
    """What stands against the time."""
    if not all(in_hours(q, who) for q in quarters(need.start, need.end)):
        yield "outside_hours", ""
    for e in who.exceptions:
        if e.kind == "off" and any(e.start <= q < e.end for q in quarters(need.start, need.end)):
            yield "time_off", e.start.astimezone(SHANGHAI).isoformat(timespec="minutes")
    for b in who.bookings:
        if b.start < need.end and need.start < b.end:
            yield "overlap", b.start.astimezone(SHANGHAI).isoformat(timespec="minutes")
        elif need.start >= b.end and need.start - b.end < who.min_rest:
            yield "rest_before", ""
        elif b.start >= need.end and b.start - need.end < who.min_rest:
            yield "rest_after", ""
    if need.site and not need.remote:
        for b in who.bookings:
            if b.place and b.end <= need.start and need.start - b.end < way(b.place, need.site):
                yield "travel_before", ""
            if b.place and need.end <= b.start and b.start - need.end < way(b.place, need.site):
                yield "travel_after", ""
    for week in {week_of(q) for q in quarters(need.start, need.end)}:
        if over_hours([(need.start, need.end)], who, week):
            yield "weekly_hours", datetime.fromisocalendar(*week, 1).date().isoformat()


def why_not(need: Need, who: Candidate) -> set[tuple[str, str]]:
    """Every (code, subject) against the worker."""
    return {*skill_reasons(need, who), *person_reasons(need, who), *time_reasons(need, who)}


def together(needs: Sequence[Need], who: Candidate) -> bool:
    """Whether one worker, eligible for each, can do all these shifts."""
    for a, b in itertools.combinations(sorted(needs, key=lambda n: n.start), 2):
        if b.start < a.end or b.start - a.end < who.min_rest:
            return False
    spans = [(n.start, n.end) for n in needs]
    return not any(over_hours(spans, who, week) for week in {week_of(q) for s, e in spans for q in quarters(s, e)})


def most_filled(needs: Sequence[Need], people: Sequence[Candidate]) -> int:
    """The largest number of places that can be filled, by trying every worker's every set of shifts."""
    bundles: dict[int, list[tuple[int, ...]]] = {}
    for who in people:
        able = [i for i, n in enumerate(needs) if not why_not(n, who)]
        sets = (c for size in range(len(able) + 1) for c in itertools.combinations(able, size))
        bundles[who.id] = [c for c in sets if together([needs[i] for i in c], who)]
    reached = {tuple(0 for _ in needs)}
    for options in bundles.values():
        reached = {_add(counts, option, needs) for counts in reached for option in options}
    return max(sum(counts) for counts in reached)


def _add(counts: tuple[int, ...], option: tuple[int, ...], needs: Sequence[Need]) -> tuple[int, ...]:
    """The counts with one more worker, never above the headcount."""
    return tuple(min(n.headcount, c + (i in option)) for i, (c, n) in enumerate(zip(counts, needs, strict=True)))


def score(need: Need, who: Candidate, weights: Mapping[str, int]) -> int:
    """The points without continuity, from the formulas as written."""
    points = weights["remote"]
    if not need.remote:
        points = 0
        if need.site and who.location and who.max_km:
            points = max(0, int(weights["closeness"] * (1 - haversine(who.location, need.site) / who.max_km)))
    stars = weights["novice_stars_tenths"] / 10 if who.stars is None else float(who.stars)
    quality = math.floor(weights["stars"] * (stars - 1) / 4 + 1e-9)
    quality += math.floor(weights["reliability"] * who.reliability / 100 + 1e-9)
    points += quality + quality * weights["value_first_percent"] * need.priority // 100
    points += weights["base"] + weights["priority"] * need.priority
    if need.max_rate:
        points += weights["economy"] * (need.max_rate - who.rate) // need.max_rate
    points += weights["team"] if who.id in need.team else 0
    met = weights["skill_met"]
    earned = [met + min(2, who.skills[k] - level) for k, level in need.skills.items()]
    whole = (met + 2) * len(earned)
    points += math.floor(weights["skill"] * sum(earned) / whole + 1e-9) if earned else weights["skill"]
    full = weights["fairness_minutes"]
    return points + math.floor(weights["fairness"] * (full - min(full, who.recent_minutes)) / full + 1e-9)
