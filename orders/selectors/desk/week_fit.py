"""Who could take one place as things are now: asked once before a drop, answered from the engine's columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from orders import matching_text as text
from orders import snapshot
from orders.matching import Candidate, Held, Need, Weights, reasons_against, score_of
from orders.models import Position
from orders.pool import gone_from, needs_of, on_shift, weights_in_force
from orders.selectors.desk import explaining, live
from orders.selectors.desk.live import Now
from orders.services.bookings import NEVER_OVERRIDDEN
from workers.models import Worker
from workers.selectors.people import by_name_or_phone

if TYPE_CHECKING:
    from orders.matching.columns import Pool

# People whom the chooser offers at once.
SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Question:
    """A place as the engine reads it: what it needs, who said no to it, who has another place of its shift."""

    need: Need
    gone: frozenset[int]
    here: frozenset[int]


@dataclass(frozen=True, slots=True)
class Fit:
    """`scores` of those who may come, by id; `out`: codes of all that stands against the others."""

    scores: Mapping[int, int]
    out: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to choose, with how they stand."""

    worker: Worker
    now: Now | None


def question(place: Position, now: datetime, weights: Weights) -> Question:
    """What to ask about a place."""
    shift = place.shift
    (need,) = needs_of(shift.order, [shift], not_before=now, weights=weights)
    gone = gone_from([shift.pk]).get(shift.pk, frozenset())
    here = on_shift(shift.pk, but=place.pk)
    return Question(need, gone - here, here)


def fit(place: Position, ids: Sequence[int], now: datetime) -> Fit:
    """How these people stand to a place. Whoever is on the place itself is in neither list."""
    weights = weights_in_force()
    asked, known = question(place, now, weights), snapshot.available(now)
    others = [pk for pk in ids if pk != place.proposed_worker_id]
    if known is None:
        return _by_objects(asked, others, now, weights)
    return _by_columns(asked, others, known.pool, weights)


def _by_columns(asked: Question, ids: Sequence[int], pool: Pool, weights: Weights) -> Fit:
    # Compiled code is loaded when it is first asked, not when Django starts.
    from orders.matching.explain import codes_of
    from orders.matching.scan import scan

    scores = _scores(asked, pool, weights)
    masks = scan(pool, _demand(asked, pool), 0, weights)
    rows = pool.rows_of(ids).tolist()
    known = [(pk, row) for pk, row in zip(ids, rows, strict=True) if row >= 0]
    out = {pk: codes_of(int(masks[row])) for pk, row in known if masks[row]}
    unknown = {pk: ("inactive",) for pk, row in zip(ids, rows, strict=True) if row < 0}
    return Fit({pk: scores[row] for pk, row in known if row in scores and pk not in out}, out | unknown)


def _demand(asked: Question, pool: Pool) -> Any:
    from orders.matching.demand import Demand

    shift = asked.need.shift_id
    held = [Held(shift, worker) for worker in sorted(asked.here)]
    return Demand.of([asked.need], pool.catalogue, excluded={shift: asked.gone}, held=held)


def _scores(asked: Question, pool: Pool, weights: Weights) -> Mapping[int, int]:
    """Points of everybody who may come, by row of the pool."""
    from orders.matching.pairs import find_pairs

    pairs = find_pairs(pool, _demand(asked, pool), weights)
    return dict(zip(pairs.who.tolist(), pairs.score.tolist(), strict=True))


def _by_objects(asked: Question, ids: Sequence[int], now: datetime, weights: Weights) -> Fit:
    from orders import reach_sql

    scores: dict[int, int] = {}
    out: dict[int, tuple[str, ...]] = {}
    for who in reach_sql.candidates(list(ids), now):
        if who.id in asked.here:
            out[who.id] = ("already_on_shift",)
            continue
        against = [reason.code for reason in reasons_against(asked.need, who, weights=weights)]
        against += ["declined_before"] if who.id in asked.gone else []
        if against:
            out[who.id] = tuple(dict.fromkeys(against))
        else:
            scores[who.id] = score_of(asked.need, who, weights)
    return Fit(scores, out)


def told(found: Fit) -> dict[str, Any]:
    """The answer for the browser: points by id, and people with the same reasons together, in words."""
    by_codes: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, codes in found.out.items():
        by_codes[codes].append(pk)
    out = [
        {"ids": ids, "why": "\n".join(text.brief_texts(codes)), "never": not NEVER_OVERRIDDEN.isdisjoint(codes)}
        for codes, ids in by_codes.items()
    ]
    return {"scores": {str(pk): score for pk, score in found.scores.items()}, "out": out}


def choices(place: Position, name: str, picked: int | None, now: datetime) -> list[Person]:
    """People for the chooser: whoever is found by name or phone, else the best who may come; `picked` first."""
    weights, known = weights_in_force(), snapshot.available(now)
    asked = question(place, now, weights)
    ids = _named(name) if name else _best(asked, known, weights, now)
    ids = [*([picked] if picked else []), *(pk for pk in ids if pk not in (picked, place.proposed_worker_id))]
    standing = (
        _standing(place, asked, snapshot.candidates(ids, now, known), weights) if place.shift.end_at > now else {}
    )
    workers = explaining.people(ids)
    return [Person(workers[pk], standing.get(pk)) for pk in ids if pk in workers]


def _standing(place: Position, asked: Question, people: Mapping[int, Candidate], weights: Weights) -> Mapping[int, Now]:
    """How these people stand to the place; the catalogue's names are read only where reasons are told."""
    placed = asked.here | {place.proposed_worker_id or 0}
    judged = {pk: live.judge(asked.need, who, weights, placed=placed, gone=asked.gone) for pk, who in people.items()}
    return live.in_words(judged, explaining.names() if any(one.reasons for one in judged.values()) else {})


def _named(name: str) -> list[int]:
    found = by_name_or_phone(Worker.objects.order_by("user__name", "id"), name)
    return list(found.values_list("pk", flat=True)[:SHOWN])


def _best(asked: Question, known: snapshot.Snapshot | None, weights: Weights, now: datetime) -> list[int]:
    """Ids of the first who may come: the client's team, then by points."""
    if known is None:
        from orders import reach_sql

        people = reach_sql.eligible(asked.need, now, weights)
        scores = {who.id: score_of(asked.need, who, weights) for who in people}
    else:
        pool = known.pool
        scores = {int(pool.ids[row]): points for row, points in _scores(asked, pool, weights).items()}
    aside = asked.here | asked.gone
    free = [pk for pk in scores if pk not in aside]
    return sorted(free, key=lambda pk: (pk not in asked.need.team, -scores[pk], pk))[:SHOWN]
