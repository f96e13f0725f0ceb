"""Everybody who could, or could not, take a shift: for the explanation and for the exchange of a worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q

from orders.models import MatchShift, Position, Shift
from orders.selectors.desk import explaining
from orders.selectors.desk.explaining import Choice, Gate, Refusal
from orders.selectors.desk.proposal import positions
from workers.models import Worker
from workers.people import by_name_or_phone

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a verdict: points, or the reasons against; neither if they were not in the matching."""

    worker: Worker
    choice: Choice | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The newest answer for a shift: who leads, who is out and by which gate. Words are made for one page only."""

    ranked: Page[Any]
    gates: Sequence[Gate]
    rejected: Page[Any]
    total_ranked: int
    total_rejected: int


def explanation(shift: Shift, text: str, pages: tuple[str | None, str | None]) -> Explanation | None:
    """Everybody of the newest matching of the shift, narrowed by a name or phone; None before the first matching.

    `pages`: which page of the ranked and which of the rejected is wanted.
    """
    match = newest_match(shift)
    if match is None:
        return None
    ranked = explaining.ranked_of(match)
    out = sorted(match.rejected, key=lambda pk: (len(match.rejected[pk]), int(pk)))
    if text:
        everybody = Worker.objects.filter(pk__in=[row.worker_id for row in ranked] + [int(pk) for pk in out])
        wanted = set(by_name_or_phone(everybody, text).values_list("pk", flat=True))
        shown, refused = [r for r in ranked if r.worker_id in wanted], [pk for pk in out if int(pk) in wanted]
    else:
        shown, refused = ranked, out
    first = Paginator(shown, SHOWN).get_page(pages[0])
    second = Paginator(refused, SHOWN).get_page(pages[1])
    _put_words(match, first, second)
    return Explanation(first, explaining.gates(match), second, len(ranked), len(out))


def _put_words(match: MatchShift, ranked: Page[Any], rejected: Page[Any]) -> None:
    """Replace the entries of both pages by people with words."""
    named = explaining.names()
    chosen = explaining.choices(list(ranked.object_list), named)
    refused = explaining.refusals(match, named, only=[int(pk) for pk in rejected.object_list])
    people = explaining.people([*(c.worker_id for c in chosen), *(r.worker_id for r in refused)])
    ranked.object_list = [Person(people[c.worker_id], c, None) for c in chosen]
    rejected.object_list = [Person(people[r.worker_id], None, r) for r in refused]


def newest_match(shift: Shift) -> MatchShift | None:
    """The newest stored answer for a shift, with the rejected people."""
    return MatchShift.objects.filter(shift=shift).select_related("run").order_by("-id").first()


def place(pk: int) -> Position | None:
    """A position as the exchange page shows it."""
    return positions().select_related("shift__order__client", "match").filter(pk=pk).first()


def options(position: Position, text: str, *, always: int | None = None) -> list[Person]:
    """People to put on the place: the best of the ranking, or who matches the text; `always` stays in the list."""
    match = position.match or newest_match(position.shift)
    ranked = explaining.ranked_of(match) if match else []
    free = [row.worker_id for row in ranked if row.taken_by is None and row.worker_id != position.proposed_worker_id]
    ids = _found(text) if text else free[:SHOWN]
    if always is not None and always not in ids:
        ids = [always, *ids]
    people = explaining.people(ids)
    named = explaining.names()
    chosen = {c.worker_id: c for c in explaining.choices([r for r in ranked if r.worker_id in people], named)}
    refused = _refused(match, named, ids)
    return [Person(people[pk], chosen.get(pk), refused.get(pk)) for pk in ids if pk in people]


def _found(text: str) -> list[int]:
    found = by_name_or_phone(Worker.objects.filter(~Q(status=Worker.Status.LEFT)), text).order_by("id")
    return list(found.values_list("pk", flat=True)[:SHOWN])


def _refused(match: MatchShift | None, named: Mapping[str, str], ids: Sequence[int]) -> dict[int, Refusal]:
    return {r.worker_id: r for r in explaining.refusals(match, named, only=ids)} if match else {}
