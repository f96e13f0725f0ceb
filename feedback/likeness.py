"""How alike two short texts are: pure, for Chinese and for languages written with spaces.

Sørensen–Dice over the sets of two-character pieces (Dice 1945, doi:10.2307/1932409). Pieces of three, as
PostgreSQL's trigrams, are too long for Chinese, whose words have two characters.
"""

import unicodedata
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def pieces(text: str) -> frozenset[str]:
    """The two-character pieces of a text, without regard to case, width, spaces and punctuation."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())
    return frozenset(plain[i : i + 2] for i in range(max(1, len(plain) - 1))) if plain else frozenset()


def likeness(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (the same but for case, width, spaces and punctuation)."""
    left, right = pieces(one), pieces(other)
    whole = len(left) + len(right)
    return 2 * len(left & right) / whole if whole else 0.0


def closest(text: str, known: Iterable[tuple[T, str]], percent: int) -> T | None:
    """The key of the known text most like `text`, the first among equals; None if none is alike enough."""
    found, best = None, percent / 100
    for key, other in known:
        alike = likeness(text, other)
        if alike > best or (found is None and alike == best > 0):
            found, best = key, alike
    return found
