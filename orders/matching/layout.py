"""Which row of a pool's bit table says what: one bit a person, 64 people a word."""

from __future__ import annotations

from typing import Final, NamedTuple

from .jit import compiled
from .tables import Catalogue

# the highest level of a skill or language, and the strictest background check
MOST_LEVEL: Final = 6
MOST_CLEARANCE: Final = 3
# rows of a skill or language: its levels, and whether it ends some day
_LEVEL_ROWS: Final = MOST_LEVEL + 1
# minutes in which availability is screened, and how many of them make a week
SLOT: Final = 30
SLOTS: Final = 336

# said by no row of the table: everybody meets it
ALWAYS: Final = -1
NEVER: Final = 0
ACTIVE: Final = 1
REMOTE: Final = 2
HAS_EXTRA: Final = 3
CLEARANCE: Final = 4
CLEARANCE_ENDS: Final = CLEARANCE + MOST_CLEARANCE
FIRST: Final = CLEARANCE_ENDS + 1


class Layout(NamedTuple):
    """Where each kind begins: ``MOST_LEVEL`` rows a skill or language (level 1 and above, 2 and above, …) and one for
    whoever has it until some day, two a certificate or course (has it; has it for ever)."""

    skills: int
    languages: int
    certificates: int
    courses: int
    rows: int


def layout_of(catalogue: Catalogue) -> Layout:
    """The layout for a catalogue."""
    languages = FIRST + _LEVEL_ROWS * len(catalogue.skills)
    certificates = languages + _LEVEL_ROWS * len(catalogue.languages)
    courses = certificates + 2 * len(catalogue.certificates)
    return Layout(FIRST, languages, certificates, courses, courses + 2 * len(catalogue.courses))


@compiled
def level_tag(base: int, code: int, level: int) -> int:
    """The row for ``level`` or above; `ALWAYS` for level 0, `NEVER` for an unknown code or a level nobody has."""
    if level <= 0:
        return ALWAYS
    if code < 0 or level > MOST_LEVEL:
        return NEVER
    return base + code * _LEVEL_ROWS + level - 1


@compiled
def ends_tag(base: int, code: int) -> int:
    """The row for having a skill or language until some day only; `NEVER` for an unknown code."""
    return NEVER if code < 0 else base + code * _LEVEL_ROWS + MOST_LEVEL


@compiled
def lasting_tag(base: int, code: int, forever: int) -> int:
    """The row for having a certificate or course (``forever`` 1: for ever); `NEVER` for an unknown code."""
    return NEVER if code < 0 else base + 2 * code + forever


@compiled
def clearance_tag(level: int) -> int:
    """The row for a background check at least as strict."""
    if level <= 0:
        return ALWAYS
    return NEVER if level > MOST_CLEARANCE else CLEARANCE + level - 1
