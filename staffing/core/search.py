"""One search over everything: what was typed, how names match it, and the groups that the apps put in.

An app names its groups in `<app>/search.py` with `register`; the core knows none of them.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import Case, Count, Q, QuerySet, Value, When, Window

from staffing.core import phones
from staffing.core.fields import SearchWords, search_words

LONGEST: Final = 80
# Fewer letters or digits than this would find nearly everybody.
FEWEST_LETTERS, FEWEST_DIGITS = 2, 4
EXACT, PREFIX, CONTAINS, RELATED = map(Value, range(4))
_NUMBER: Final = re.compile(r"[dD]?0*([0-9]{1,9})")
_LETTERS: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Asked:
    """What was typed, read in every way it can be meant."""

    text: str

    @cached_property
    def words(self) -> Sequence[str]:
        """The words between spaces."""
        return self.text.split()

    @cached_property
    def letters(self) -> str:
        """How a name is typed in pinyin, `wangxiaomei` or `wxm`; "" if there is anything but letters and digits."""
        joined = re.sub(r"[\s'’]+", "", self.text.lower()).replace("ü", "v")
        joined = joined.replace("lyu", "lv").replace("nyu", "nv")
        return joined if _LETTERS.fullmatch(joined) and len(joined) >= FEWEST_LETTERS else ""

    @cached_property
    def digits(self) -> str:
        """A phone number or four digits of one at least; "" if there is anything but digits and what parts them."""
        plain = re.sub(r"[\s\-()]+", "", self.text)
        plain = phones.normalise(self.text) if phones.is_valid(self.text) else plain
        return plain if plain.isascii() and plain.isdigit() and len(plain) >= FEWEST_DIGITS else ""

    @cached_property
    def number(self) -> int | None:
        """The number of an order, typed as D001162, d1162 or 1162."""
        found = _NUMBER.fullmatch("".join(self.words))
        return int(found[1]) if found else None

    def __bool__(self) -> bool:
        """Whether enough was typed to search for: one 汉字, or two letters."""
        return len(self.text) >= FEWEST_LETTERS or any(not char.isascii() for char in self.text)


def asked(typed: str) -> Asked:
    """What was typed without what cannot be meant: full-width letters, invisible marks, spaces around."""
    plain = unicodedata.normalize("NFKC", typed)
    visible = "".join(" " if unicodedata.category(char).startswith("Z") else char for char in plain)
    return Asked("".join(char for char in visible if unicodedata.category(char)[0] != "C").strip()[:LONGEST])


@dataclass(frozen=True)
class Match:
    """How rows match: what to compute first, the condition, and the ranks of better ways within it."""

    aliases: Mapping[str, Any]
    condition: Q
    better: Sequence[When] = ()

    def of(self, rows: "QuerySet[Any]", *others: Q) -> "QuerySet[Any]":
        """The rows that match, or that one of the other conditions takes in; `rank` says how well."""
        found = self.condition
        for other in others:
            found |= other
        best = Case(*self.better, When(self.condition, then=CONTAINS), default=RELATED)
        return rows.alias(**self.aliases).filter(found).annotate(rank=best)


def text(field: str, words: Sequence[str]) -> Match:
    """The field holds every word, in any order; capitals count as small letters."""
    alias = f"{field}_words"
    condition = Q(*(Q(**{f"{alias}__contains": search_words(word)}) for word in words))
    whole = " ".join(words)
    better = [When(**{f"{field}__iexact": whole}, then=EXACT), When(**{f"{field}__istartswith": whole}, then=PREFIX)]
    return Match({alias: SearchWords(field)}, condition, better)


def names(meant: Asked, path: str = "", *, phone: bool = False) -> Match:
    """Name, pinyin or phone number holds what was typed; `path`: where these fields are, as `user__`.

    Only what the index answers stands in the condition: it holds whatever matches better, and the better ways are
    told apart among the few rows that it leaves.
    """
    name = text(f"{path}name", [meant.text])
    condition, exact, begun = name.condition, [name.better[0]], [name.better[1]]
    if letters := meant.letters:
        within = letters if len(letters) > FEWEST_LETTERS else f" {letters}"
        condition |= Q(**{f"{path}pinyin__contains": within})
        exact.append(When(**{f"{path}pinyin__contains": f" {letters} "}, then=EXACT))
        begun.append(When(**{f"{path}pinyin__contains": f" {letters}"}, then=PREFIX))
    if phone and (digits := meant.digits):
        condition |= Q(**{f"{path}phone__contains": digits})
        exact.append(When(**{f"{path}phone": digits}, then=EXACT))
        begun.append(When(**{f"{path}phone__endswith": digits}, then=PREFIX))
    return Match(name.aliases, condition, [*exact, *begun])


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the answer; `state`: kind and words of a pill."""

    title: str
    note: str
    url: str
    state: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A kind of thing that is searched: `rows` gives the matching rows best first with their `rank`, `hit` one of
    them in words.

    Many rows take no more queries than one.
    """

    key: str
    title: Any
    icon: str
    rows: "Callable[[Asked], QuerySet[Any]]"
    hit: Callable[[Any], Hit]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of one group: its best hits, how many there are in all, and how well the first matches (0 best)."""

    group: Group
    hits: Sequence[Hit]
    count: int
    best: int

    @property
    def more(self) -> int:
        """How many are not among the hits."""
        return self.count - len(self.hits)


_groups: dict[str, tuple[int, Group]] = {}


def register(group: Group, *, place: int) -> None:
    """Put a group into the search; `place` orders the groups."""
    _groups[group.key] = (place, group)


def groups() -> list[Group]:
    """The groups in their order."""
    return [group for _place, group in sorted(_groups.values(), key=lambda each: each[0])]


def find(meant: Asked, limit: int) -> list[Found]:
    """The best hits of every group that has any, each with the number of all: the query that finds them counts them.

    Letters may be anybody's initials, so then the group that holds the best match stands first.
    """
    if not meant:
        return []
    found = [one for group in groups() if (one := _found(group, meant, limit)).hits]
    return sorted(found, key=lambda one: one.best) if meant.letters else found


def _found(group: Group, meant: Asked, limit: int) -> Found:
    shown = list(group.rows(meant).annotate(matches=Window(Count("pk")))[:limit])
    first = shown[0] if shown else None
    return Found(group, [group.hit(row) for row in shown], first.matches if first else 0, first.rank if first else 0)
