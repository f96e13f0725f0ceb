"""Whether a repair helped: the same trouble before and after it, over equally many days. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Effect:
    """Cases of the same kind in the days before and after; `watched`: days that have passed of `days`."""

    before: int
    after: int
    days: int
    watched: int

    @property
    def running(self) -> bool:
        """Whether the time to watch is not over."""
        return self.watched < self.days

    @property
    def verdict(self) -> str:
        """better, same, worse; watching while nothing can be said."""
        if self.after > self.before:
            return "worse"
        if self.running:
            return "watching"
        return "better" if self.after < self.before else "same"


def effect(applied_at: datetime, now: datetime, cases: Iterable[datetime], days: int) -> Effect:
    """Count openings in `[applied − days, applied]` and `(applied, applied + days)`; nothing after `now`.

    The case that was repaired opened before, so it counts there. ValueError for days that are not positive.
    """
    if days <= 0:
        raise ValueError("days must be positive")
    span, moments = timedelta(days=days), [moment for moment in cases if moment <= now]
    before = sum(applied_at - span <= moment <= applied_at for moment in moments)
    after = sum(applied_at < moment < applied_at + span for moment in moments)
    return Effect(before, after, days, max(0, min(days, (now - applied_at).days)))
