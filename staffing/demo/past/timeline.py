"""What happens when: a queue of moments."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

Action = Callable[..., None]


class Timeline:
    """Runs actions in the order of their moments; those at the same moment in the order they were planned."""

    def __init__(self) -> None:
        self._queue: list[tuple[datetime, int, Action, tuple[Any, ...]]] = []
        self._numbers = itertools.count()

    def plan(self, at: datetime, action: Action, *arguments: Any) -> None:
        """Have `action(*arguments, at)` happen at a moment."""
        heapq.heappush(self._queue, (at, next(self._numbers), action, arguments))

    def run(self, until: datetime) -> None:
        """Let everything happen that is planned up to `until`; the rest stays undone."""
        while self._queue and self._queue[0][0] <= until:
            at, _number, action, arguments = heapq.heappop(self._queue)
            action(*arguments, at)
