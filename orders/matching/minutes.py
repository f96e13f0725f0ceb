"""Moments as whole minutes of one scale: since Monday 1970-01-05 00:00 local, so that weeks are multiples of 10080."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from .prepared import SHANGHAI

DAY: Final = 1440
WEEK: Final = 7 * DAY
UNLIMITED: Final = 1 << 30
# a day after every other: what never expires is valid until then
FOREVER: Final = (1 << 31) - 1
_MONDAY: Final = datetime(1970, 1, 5, tzinfo=UTC)
_FIRST_DAY: Final = date(1970, 1, 5).toordinal()
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of a zone while its clocks show ``offset`` minutes ahead of UTC."""

    tz: ZoneInfo
    offset: int

    @classmethod
    def at(cls, tz: ZoneInfo, moment: datetime) -> Scale:
        """The scale that holds around the moment."""
        return cls(tz, _offset(tz, moment))

    def floor(self, moment: datetime) -> int:
        """The minute in which an aware moment lies. Raises ValueError if the zone's offset is another then."""
        if _offset(self.tz, moment) != self.offset:
            raise ValueError(f"the clocks of {self.tz.key} change within the horizon")
        return (moment - _MONDAY) // _MINUTE + self.offset

    def ceil(self, moment: datetime) -> int:
        """The first minute that does not begin before the moment. Raises as `floor` does."""
        whole = self.floor(moment)
        return whole + (self.moment(whole) < moment)

    def moment(self, minute: int) -> datetime:
        """The minute's beginning, in the zone."""
        return (_MONDAY + (minute - self.offset) * _MINUTE).astimezone(self.tz)


HOUSE: Final = Scale(SHANGHAI, 480)


Minutes = TypeVar("Minutes", int, NDArray[np.int32])


def day_of(minute: Minutes) -> Minutes:
    """Proleptic ordinal of the local day in which the minute (or each of a column) lies."""
    return minute // DAY + _FIRST_DAY


def _offset(tz: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(tz).utcoffset()
    assert offset is not None
    return offset // _MINUTE
