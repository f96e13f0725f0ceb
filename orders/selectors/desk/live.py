"""How people stand to a shift as things are now, whatever a matching said earlier."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from orders import matching_text as text
from orders.matching import Candidate, Need, Reason, ScorePart, Weights, reasons_against
from orders.matching.codes import REASONS
from orders.matching.prepared import Index
from orders.matching.scoring import base_parts, continuity
from orders.models import Shift
from orders.pool import gone_from, needs_of, weights_in_force
from orders.selectors.desk import explaining
from orders.whatif import placed_on

# gates that a place of one's own closes for its own hours
OF_A_PLACE = ("booking", "travel", "weekly_hours")


@dataclass(frozen=True, slots=True)
class Now:
    """Points of somebody who may come now (None if not), or everything that stands against them, in words.

    `parts`: of the points; they are there for whoever cannot come, too.
    """

    score: int | None
    reasons: Sequence[str]
    parts: Sequence[ScorePart] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything that stands against somebody, if anything does, and the parts of their points."""

    reasons: Sequence[Reason]
    parts: Sequence[ScorePart]


def standing(
    shift: Shift, worker_ids: Sequence[int], named: Mapping[str, str], now: datetime, holder: int | None = None
) -> dict[int, Now]:
    """These people for a shift that is not over, by id, in a fixed number of queries; nobody otherwise.

    `holder` has a place of it: that very place does not stand against them.
    """
    if not worker_ids or shift.end_at <= now:
        return {}
    from orders import reach_sql

    weights = weights_in_force()
    (need,) = needs_of(shift.order, [shift], not_before=now, weights=weights)
    placed, gone = placed_on([shift.pk]).get(shift.pk, set()), gone_from([shift.pk]).get(shift.pk, frozenset())
    people = reach_sql.candidates(list(worker_ids), now)
    judged = {who.id: judge(need, who, weights, placed=placed - {holder}, gone=gone) for who in people}
    if holder in judged:
        judged[holder] = _but_for_their_place(judged[holder])
    return in_words(judged, named)


def _but_for_their_place(one: Judged) -> Judged:
    return replace(one, reasons=[reason for reason in one.reasons if REASONS[reason.code][0] not in OF_A_PLACE])


def judge(need: Need, who: Candidate, weights: Weights, *, placed: Set[int], gone: Set[int]) -> Judged:
    """One person for a shift on which `placed` have a place already and to which `gone` said no."""
    parts = parts_of(need, who, weights)
    if who.id in placed:
        return Judged((Reason("already_on_shift"),), parts)
    declined = [Reason("declined_before")] if who.id in gone else []
    reasons = (*reasons_against(need, who, weights=weights), *declined)
    if any(REASONS[reason.code][0] == "skill" for reason in reasons):
        # its points and words are for those who have all that is required
        parts = tuple(part for part in parts if part.code != "skill")
    return Judged(reasons, parts)


def in_words(judged: Mapping[int, Judged], named: Mapping[str, str]) -> dict[int, Now]:
    """The same for a page; `named` is looked at for reasons only."""
    return {pk: _told(one, named) for pk, one in judged.items()}


def parts_of(need: Need, who: Candidate, weights: Weights) -> tuple[ScorePart, ...]:
    """The parts of one pair's points; continuity counts what is booked."""
    index = Index([need], [who], weights=weights)
    view, person = index.needs[0], index.people[who.id]
    return (*base_parts(view, person, weights), continuity(person.on_other_shift(view), weights))


def _told(one: Judged, named: Mapping[str, str]) -> Now:
    if not one.reasons:
        return Now(sum(part.points for part in one.parts), (), one.parts)
    words = [text.reason_text(explaining.with_cities(reason, named), named) for reason in one.reasons]
    return Now(None, words, one.parts)
