"""Seconds and memory of each step, told on the way."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

# how far the engine may search, see `solve.solve`
EFFORTS: Final = ("greedy", "quick", "best")


class Steps:
    """Measures named steps and writes one line for each; ``note`` adds words to the line of the step under way."""

    def __init__(self, log: TextIO) -> None:
        self.log = log
        self.seconds: dict[str, float] = {}
        self._notes: list[str] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done inside; a step that fails leaves no line, seconds of the same name add up."""
        begun = time.perf_counter()
        self._notes = []
        yield
        took = time.perf_counter() - begun
        self.seconds[name] = self.seconds.get(name, 0.0) + took
        print(f"{name:<8}{took:8.3f} s  {', '.join(self._notes)}".rstrip(), file=self.log, flush=True)

    def note(self, words: str) -> None:
        """Words for the line of this step."""
        self._notes.append(words)


def peak_mb() -> float:
    """The most memory that the process has held so far, in MB of 1024² bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kilobytes on Linux, bytes on macOS
    return float(most) / (1024 if sys.platform != "darwin" else 1024 * 1024)
