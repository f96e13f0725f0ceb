"""What stands between a shift and more people, as pages draw it: bars of what removes whom, steps that bring more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """What removes somebody, in words: people it removes and people it alone removes, and both as parts of 100."""

    words: str
    removed: int
    only: int
    width: float
    alone: float


@dataclass(frozen=True, slots=True)
class Step:
    """A change in words, how many people it would bring, and how many it would lose.

    `field`, `value`: what an order form would have to hold for it, or "".
    """

    words: str
    more: int
    fewer: int = 0
    field: str = ""
    value: str = ""


def bar(words: str, removed: int, only: int, whole: int) -> Bar:
    """The bar of one thing among so many people."""
    of = max(1, whole)
    return Bar(words, removed, only, 100 * removed / of, 100 * only / of)
