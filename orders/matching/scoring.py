"""Points of an eligible worker for a shift. Integers only, every division rounds down.

One formula, the trade benchmark's pair score (base, priority, closeness, stars, reliability, client's team,
skill margin, economy, fairness) with named weights; the default ones add up to 100. What is the same for
everybody on a shift (base, priority), and economy, are parts only where their weight is not 0.
"""

from __future__ import annotations

from typing import Final

from .prepared import CandidateView, Index, NeedView
from .types import Candidate, Need, Params, ScorePart, Weights

# levels above the requirement that still count, per skill
MARGIN_LEVELS: Final = 2
# the highest value of a client
MOST_VALUE: Final = 2


def closeness(need: NeedView, who: CandidateView, weights: Weights) -> ScorePart:
    """Linear from all points at the site to none at the worker's limit; remote work gets a constant."""
    if need.need.remote:
        return ScorePart("remote", weights.remote, weights.remote)
    km = need.km_to(who)
    if km is None:
        return ScorePart("closeness_unknown", 0, weights.closeness)
    limit = who.person.max_km
    points = max(0, int(weights.closeness * (1 - km / limit))) if limit > 0 else 0
    params = {"distance_km": f"{km:.1f}", "max_km": f"{who.person.max_km:g}"}
    return ScorePart("closeness", points, weights.closeness, params)


def stars(need: NeedView, who: CandidateView, weights: Weights) -> ScorePart:
    """One star gives nothing, five give all; an unrated novice gets the prior."""
    rating = who.person.stars
    hundredths = weights.novice_stars_tenths * 10 if rating is None else int(rating * 100)
    points = weights.stars * min(400, max(0, hundredths - 100)) // 400
    if rating is None:
        prior = f"{weights.novice_stars_tenths / 10:.1f}"
        return ScorePart("stars_novice", points, weights.stars, {"prior": prior})
    params: Params = {"stars": str(rating), "services": who.person.services_done}
    return ScorePart("stars", points, weights.stars, params)


def reliability(need: NeedView, who: CandidateView, weights: Weights) -> ScorePart:
    """In proportion to the worker's reliability, 0..100."""
    percent = min(100, max(0, who.person.reliability))
    return ScorePart("reliability", weights.reliability * percent // 100, weights.reliability, {"percent": percent})


def skill(need: NeedView, who: CandidateView, weights: Weights) -> ScorePart:
    """``skill_met`` parts for each requirement just met, and one for each of up to two levels above it."""
    required = len(need.skills)
    have = who.person.skills
    above = sum(max(0, min(MARGIN_LEVELS, have.get(code, 0) - level)) for code, level in need.skills)
    share, whole = required * weights.skill_met + above, required * (weights.skill_met + MARGIN_LEVELS)
    points = weights.skill * share // whole if required else weights.skill
    return ScorePart("skill", points, weights.skill, {"above": above, "required": required})


def team(need: NeedView, who: CandidateView, weights: Weights) -> ScorePart:
    """All points for a member of the client's fixed team."""
    member = int(who.id in need.need.team)
    return ScorePart("team", weights.team * member, weights.team, {"member": member})


def base(weights: Weights) -> ScorePart:
    """The same points for everybody."""
    return ScorePart("base", weights.base, weights.base)


def priority(need: NeedView, weights: Weights) -> ScorePart:
    """In proportion to the client's value."""
    value = need.need.priority
    return ScorePart("priority", weights.priority * value, weights.priority * MOST_VALUE, {"priority": value})


def economy(need: NeedView, who: CandidateView, weights: Weights) -> ScorePart:
    """In proportion to what the worker's hour stays below the highest price; none without such a price."""
    most, price = need.need.max_rate, who.person.rate
    points = weights.economy * max(0, most - price) // most if most else 0
    return ScorePart("economy", points, weights.economy, {"rate": price, "max_rate": most or 0})


def fairness(need: NeedView, who: CandidateView, weights: Weights) -> ScorePart:
    """More points for whoever has worked less of late."""
    full, recent = weights.fairness_minutes, max(0, who.person.recent_minutes)
    points = weights.fairness * (full - min(recent, full)) // full if full > 0 else 0
    return ScorePart("fairness", points, weights.fairness, {"recent": recent})


def continuity(on_order: bool, weights: Weights) -> ScorePart:
    """All points for a worker on another shift of the same order."""
    points = weights.continuity if on_order else 0
    return ScorePart("continuity", points, weights.continuity, {"same_order": int(on_order)})


def quality_first(need: NeedView, found: tuple[ScorePart, ScorePart], weights: Weights) -> ScorePart:
    """Stars and reliability once more in part, by each step of the client's value: the best to the best clients."""
    share = weights.value_first_percent * need.need.priority
    points, most = sum(part.points for part in found), sum(part.max_points for part in found)
    params: Params = {"percent": share}
    return ScorePart("quality_first", points * share // 100, most * share // 100, params)


def base_parts(need: NeedView, who: CandidateView, weights: Weights) -> tuple[ScorePart, ...]:
    """All parts but continuity, which depends on the rest of the plan."""
    quality = (stars(need, who, weights), reliability(need, who, weights))
    first = weights.value_first_percent and need.need.priority
    return (
        *((base(weights),) if weights.base else ()),
        *((priority(need, weights),) if weights.priority else ()),
        *((economy(need, who, weights),) if weights.economy else ()),
        skill(need, who, weights),
        fairness(need, who, weights),
        closeness(need, who, weights),
        *quality,
        *((quality_first(need, quality, weights),) if first else ()),
        team(need, who, weights),
    )


def total(parts: tuple[ScorePart, ...]) -> int:
    """The sum of the points."""
    return sum(part.points for part in parts)


def score_of(need: Need, who: Candidate, weights: Weights) -> int:
    """Points of one eligible pair, continuity with what is booked among them."""
    index = Index([need], [who], weights=weights)
    view, person = index.needs[0], index.people[who.id]
    return total(base_parts(view, person, weights)) + continuity(person.on_other_shift(view), weights).points
