"""The weekly pattern as a grid of hours that is painted: seven days of 24 cells, and back to windows. Pure.

A painted grid says only what was changed: cells that look as they did keep what they stand for to the minute, so a
window from 9:15 survives a grid of whole hours.
"""

from collections.abc import Iterable, Sequence
from typing import Final

DAYS: Final = 7
HOURS: Final = 24
CELLS: Final = DAYS * HOURS
DAY: Final = 1440
WEEK: Final = DAYS * DAY
# A cell of which nothing, all, or a part is free.
BUSY, FREE, PART = "0", "1", "p"

Window = tuple[int, int, int]


def cells_of(windows: Iterable[Window]) -> str:
    """One sign an hour from Monday 0:00."""
    free = _minutes(windows)
    return "".join(_sign(sum(free[cell * 60 : cell * 60 + 60])) for cell in range(CELLS))


def _sign(minutes: int) -> str:
    return FREE if minutes == 60 else PART if minutes else BUSY


def painted(windows: Iterable[Window], seen: str, wanted: str) -> list[Window]:
    """The windows with the cells that differ between what was `seen` and what is `wanted` made free or busy whole.

    Raises ValueError if one of the two is no grid.
    """
    if not (_is_grid(seen) and _is_grid(wanted)):
        raise ValueError("a grid has 168 cells of 0, 1 and p")
    free = _minutes(windows)
    for cell, (was, now) in enumerate(zip(seen, wanted, strict=True)):
        if was != now and now != PART:
            free[cell * 60 : cell * 60 + 60] = bytes([now == FREE]) * 60
    return _windows(free)


def _is_grid(text: str) -> bool:
    return len(text) == CELLS and set(text) <= {BUSY, FREE, PART}


def _minutes(windows: Iterable[Window]) -> bytearray:
    """Every minute of the week: 1 where somebody is free. What passes Sunday's midnight goes on on Monday."""
    free = bytearray(WEEK)
    for day, start, end in windows:
        for minute in range(day * DAY + start, day * DAY + end):
            free[minute % WEEK] = 1
    return free


def _windows(free: Sequence[int]) -> list[Window]:
    """Spans of at most a day as one window each, even past midnight; longer ones cut at each midnight."""
    if all(free):
        return [(day, 0, DAY) for day in range(DAYS)]
    found: list[Window] = []
    for minute in range(WEEK):
        if free[minute] and not free[minute - 1]:
            end = minute + 1
            while free[end % WEEK]:
                end += 1
            found += _cut(minute, end)
    return sorted(found)


def _cut(start: int, end: int) -> Iterable[Window]:
    if end - start <= DAY:
        yield start // DAY, start % DAY, start % DAY + end - start
        return
    while start < end:
        until = min(end, (start // DAY + 1) * DAY)
        yield start // DAY % DAYS, start % DAY, until - start // DAY * DAY
        start = until
