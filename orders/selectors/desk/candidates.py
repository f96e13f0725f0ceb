"""Everybody who could, or could not, take a shift: for the explanation and for the exchange of a worker."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Q, Subquery

from orders.matching import Ranked
from orders.models import MatchShift, Position, Shift
from orders.selectors.desk import explaining, live, unlisted
from orders.selectors.desk.explaining import Choice, Gate, Refusal
from orders.selectors.desk.live import Now
from orders.selectors.desk.proposal import positions
from orders.selectors.desk.unlisted import Then
from staffing.core.models import AuditEvent
from workers.models import Worker
from workers.selectors.people import by_name_or_phone

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a verdict: points, or the reasons against; for whoever the stored answer does not list, what it
    kept of them (`then`) and how they stand now (`now`). `cost`: points more or less than whoever is there now."""

    worker: Worker
    choice: Choice | None = None
    refusal: Refusal | None = None
    then: Then | None = None
    now: Now | None = None
    cost: int | None = None

    @property
    def less(self) -> int | None:
        """Points that choosing them would cost."""
        return None if self.cost is None else -self.cost

    @property
    def score(self) -> int | None:
        """The points, as far as somebody may come."""
        return self.choice.score if self.choice else self.now.score if self.now else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The newest answer for a shift: who leads, who is out and by which gate. Words are made for one page only.

    `others`: people found by name or phone whom the answer does not list, the first of `total_others`.
    `listed_ranked`, `listed_rejected`: how many of each the answer lists; `brief`: nobody but the chosen.
    """

    match: MatchShift
    ranked: Page[Any]
    gates: Sequence[Gate]
    rejected: Page[Any]
    total_ranked: int
    total_rejected: int
    listed_ranked: int
    listed_rejected: int
    others: Sequence[Person]
    total_others: int
    brief: bool


def explanation(shift: Shift, text: str, pages: tuple[str | None, str | None], now: datetime) -> Explanation | None:
    """Everybody of the newest matching of the shift, narrowed by a name or phone; None before the first matching.

    `pages`: which page of the ranked and which of the rejected is wanted.
    """
    match = newest_match(shift)
    if match is None:
        return None
    ranked = explaining.ranked_of(match)
    out = sorted(match.rejected, key=lambda pk: (len(match.rejected[pk]), int(pk)))
    listed = {row.worker_id for row in ranked} | {int(pk) for pk in out}
    wanted = _wanted(listed, text)
    first = Paginator([row for row in ranked if row.worker_id in wanted], SHOWN).get_page(pages[0])
    second = Paginator([pk for pk in out if int(pk) in wanted], SHOWN).get_page(pages[1])
    named = explaining.names()
    _put_words(match, first, second, named)
    others, total = _others(shift, match, listed, text, named, now) if text else ([], 0)
    return Explanation(
        match=match,
        ranked=first,
        gates=explaining.gates(match),
        rejected=second,
        total_ranked=match.eligible_count(),
        total_rejected=match.rejected_count(),
        listed_ranked=len(ranked),
        listed_rejected=len(out),
        others=others,
        total_others=total,
        brief=explaining.is_brief(match),
    )


def _wanted(listed: set[int], text: str) -> set[int]:
    if not text:
        return listed
    return set(by_name_or_phone(Worker.objects.filter(pk__in=listed), text).values_list("pk", flat=True))


def _others(
    shift: Shift, match: MatchShift, listed: set[int], text: str, named: Mapping[str, str], now: datetime
) -> tuple[list[Person], int]:
    """People found by the text whom the answer does not list, with what it kept of them and how they stand now."""
    found = by_name_or_phone(Worker.objects.exclude(pk__in=listed), text).order_by("id")
    ids = list(found.values_list("pk", flat=True)[:SHOWN])
    people = list(explaining.people(ids).values())
    return _told(shift, match, people, named, now), found.count()


def _told(
    shift: Shift, match: MatchShift | None, people: Iterable[Worker], named: Mapping[str, str], now: datetime
) -> list[Person]:
    people = sorted(people, key=lambda who: who.pk)
    then = unlisted.then_of(match, people) if match else {}
    standing = live.standing(shift, [who.pk for who in people], named, now)
    return [Person(who, then=then.get(who.pk), now=standing.get(who.pk)) for who in people]


def _put_words(match: MatchShift, ranked: Page[Any], rejected: Page[Any], named: Mapping[str, str]) -> None:
    """Replace the entries of both pages by people with words."""
    chosen = explaining.choices(list(ranked.object_list), named)
    refused = explaining.refusals(match, named, only=[int(pk) for pk in rejected.object_list])
    people = explaining.people([*(c.worker_id for c in chosen), *(r.worker_id for r in refused)])
    ranked.object_list = [Person(people[c.worker_id], c) for c in chosen]
    rejected.object_list = [Person(people[r.worker_id], refusal=r) for r in refused]


def newest_match(shift: Shift) -> MatchShift | None:
    """The newest stored answer for a shift, with the rejected people."""
    return MatchShift.objects.filter(shift=shift).select_related("run").order_by("-id").first()


def place(pk: int) -> Position | None:
    """A position as the exchange page shows it; `seen` is the newest audit event of its order."""
    seen = AuditEvent.objects.filter(order_id=OuterRef("shift__order")).order_by("-id").values("pk")[:1]
    return (
        positions()
        .select_related("shift__order__client", "shift__order__city", "shift__order__site", "match__run")
        .annotate(seen=Subquery(seen))
        .filter(pk=pk)
        .first()
    )


def options(position: Position, text: str, now: datetime, *, always: int | None = None) -> list[Person]:
    """People to put on the place: the best of the ranking, or who matches the text; `always` stays in the list."""
    match = position.match or newest_match(position.shift)
    ranked = explaining.ranked_of(match) if match else []
    free = [row.worker_id for row in ranked if row.taken_by is None and row.worker_id != position.proposed_worker_id]
    ids = _found(text) if text else free[:SHOWN]
    if always is not None and always not in ids:
        ids = [always, *ids]
    people, named = explaining.people(ids), explaining.names()
    chosen = explaining.choices([row for row in ranked if row.worker_id in people], named)
    refused = explaining.refusals(match, named, only=ids) if match else []
    told = {c.worker_id: Person(people[c.worker_id], c) for c in chosen}
    told |= {r.worker_id: Person(people[r.worker_id], refusal=r) for r in refused if r.worker_id in people}
    unknown = _told(position.shift, match, [who for pk, who in people.items() if pk not in told], named, now)
    told |= {one.worker.pk: one for one in unknown}
    present = _score_of(position, ranked)
    return [_costed(told[pk], present) for pk in ids if pk in told]


def _score_of(position: Position, ranked: Sequence[Ranked]) -> int | None:
    """Points of whoever has the place, by the same ranking if they are in it."""
    listed = (row.score for row in ranked if row.worker_id == position.proposed_worker_id)
    return next(listed, position.score) if position.proposed_worker_id else None


def _costed(one: Person, present: int | None) -> Person:
    return one if one.score is None or present is None else replace(one, cost=one.score - present)


def _found(text: str) -> list[int]:
    found = by_name_or_phone(Worker.objects.filter(~Q(status=Worker.Status.LEFT)), text).order_by("id")
    return list(found.values_list("pk", flat=True)[:SHOWN])
