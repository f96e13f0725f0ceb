"""Lines for the person who waits: what happens now and how long it took."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Console:
    """Prints with the seconds since the start. A closed terminal never stops the work."""

    started: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        """Print one line with the elapsed time before it."""
        self.plain(f"[{time.monotonic() - self.started:6.1f} s] {text}")

    def plain(self, text: str = "") -> None:
        """Print one line as it is."""
        with contextlib.suppress(OSError, ValueError):
            print(text, flush=True)

    @contextlib.contextmanager
    def stage(self, text: str) -> Iterator[None]:
        """Announce a stage, and say how long it took once it is done."""
        begun = time.monotonic()
        self.say(f"{text} …")
        yield
        self.say(f"{text}: done in {time.monotonic() - begun:.1f} s")


class Silent(Console):
    """A console for runs whose output belongs to somebody else."""

    def plain(self, text: str = "") -> None:
        """Print nothing."""
